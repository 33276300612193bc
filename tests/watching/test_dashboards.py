"""Every picture shows something that is there."""

import json
import re
from pathlib import Path

import pytest

from hub.clock_policies import load
from hub.reporting.gauges import GAUGED
from hub.shipped import shipped
from tests.watching.dashboards import DASHBOARDS, FOLDER, Dashboard, written
from tests.watching.expressions import unknown
from tests.watching.test_laws import known
from tests.watching.test_rules import promtool

FILES = sorted(FOLDER.glob("*.json"))


def expressions(path: Path) -> list[str]:
    """Every expression of the file."""
    return [target["expr"] for panel in json.loads(path.read_text())["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda each: each.name)
def test_a_dashboard_is_current(dashboard: Dashboard) -> None:
    assert (FOLDER / f"{dashboard.name}.json").read_text() == written(dashboard), "run: python -m tests.watching.dashboards"


def test_there_is_a_file_for_each_and_none_besides() -> None:
    assert {path.stem for path in FILES} == {each.name for each in DASHBOARDS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_picture_names_only_what_is_there(path: Path) -> None:
    assert [fault for expression in expressions(path) for fault in unknown(expression, known())] == []


def test_a_picture_asks_for_figures_and_policies_that_there_are() -> None:
    every = " ".join(expression for path in FILES for expression in expressions(path))
    assert set(re.findall(r'figure="([^"]+)"', every)) <= set(GAUGED)
    wanted = {each for pattern in re.findall(r'policy=~"([^"]+)"', every) for each in pattern.split("|")}
    policies = load(shipped("policies")).packs
    assert [each for each in wanted if not any(re.fullmatch(each, name) for name in policies)] == []


@pytest.mark.needs("promtool")
def test_every_expression_can_be_read_and_one_that_cannot_is_found(tmp_path: Path) -> None:
    every = [expression for path in FILES for expression in expressions(path)]
    assert _checked(tmp_path, every) == 0
    assert _checked(tmp_path, [*every, "max by (topic hub_dlq_records"]) != 0


def _checked(folder: Path, expressions: list[str]) -> int:
    """How Prometheus' tool takes them, each as a rule."""
    path = folder / "rules.yml"
    rules = [{"record": f"picture:{n}", "expr": expression} for n, expression in enumerate(expressions)]
    path.write_text(json.dumps({"groups": [{"name": "pictures", "rules": rules}]}))
    return promtool("check", "rules", str(path))[0]
