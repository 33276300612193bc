"""Whoever is called at night finds a rule that can be true, a page that helps, and commands that exist."""

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from ruamel.yaml import YAML

from hub.cli import app
from tests.metrics import shown
from tests.watching.expressions import EVERYWHERE, PROMETHEUS, unknown
from tests.watching.objectives import RULES, rules

ROOT = Path(__file__).resolve().parents[2]
WATCHED = ROOT / "deploy/prometheus"
RUNBOOKS = ROOT / "docs/runbooks"
COMMAND = re.compile(r"`(hub [a-z][^`]*)`")


@cache
def all_rules() -> tuple[Mapping[str, Any], ...]:
    """Every rule of every file."""
    files = [YAML(typ="safe").load(path) for path in sorted((WATCHED / "rules").glob("*.yml"))]
    return tuple(rule for file in files for group in file["groups"] for rule in group["rules"])


def alerts() -> dict[str, Mapping[str, Any]]:
    """The alerts by name."""
    return {rule["alert"]: rule for rule in all_rules() if "alert" in rule}


@cache
def known() -> Mapping[str, frozenset[str]]:
    """Every series that a rule or a dashboard may name, with its labels: the hub's, Prometheus' own, and those that rules record."""
    ours = {sample: frozenset(each.labels) for each in shown() for sample in each.samples}
    recorded = {rule["record"]: EVERYWHERE | {"group", "topic", "policy", "stage"} for rule in all_rules() if "record" in rule}
    return {**ours, **PROMETHEUS, **recorded}


def cases() -> dict[str, set[bool]]:
    """Of each alert that is tested, whether a case expects it to fire, and whether a case expects it not to."""
    found: dict[str, set[bool]] = {}
    for case in YAML(typ="safe").load(WATCHED / "tests.yml")["tests"]:
        for asked in case["promql_expr_test"]:
            name = re.search(r'alertname="(\w+)"', asked["expr"])
            assert name is not None, asked["expr"]
            found.setdefault(name[1], set()).add(bool(asked["exp_samples"]))
    return found


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.get("alert") or rule["record"])
def test_a_rule_names_only_what_is_there(rule: Mapping[str, Any]) -> None:
    assert unknown(rule["expr"], known()) == []


@pytest.mark.parametrize(
    ("expression", "missing"),
    [
        ("max(hub_outbox_age) > 2", ["hub_outbox_age"]),
        ('sum by (topic) (rate(hub_dlq_records{reson="x"}[5m])) / 2', ["hub_dlq_records{reson}"]),
        ('up{job="hub"} == 0 and on (job) absent(hub_gone offset 1h)', ["hub_gone"]),
        ("histogram_quantile(0.9, sum by (le) (rate(hub_event_end_to_end_delay_seconds_bucket[5m])))", []),
    ],
)  # fmt: skip
def test_a_name_that_nobody_shows_is_found(expression: str, missing: list[str]) -> None:
    assert unknown(expression, known()) == missing


@pytest.mark.parametrize("name", alerts())
def test_an_alert_says_how_urgent_it_is_what_it_means_and_where_to_read_on(name: str) -> None:
    alert = alerts()[name]
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"].keys() == {"summary", "description", "runbook_url"}
    assert alert["annotations"]["runbook_url"] == f"docs/runbooks/{name}.md"
    assert (RUNBOOKS / f"{name}.md").read_text().startswith(f"# {name}\n")


def test_every_page_belongs_to_an_alert() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == set(alerts())


def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent() -> None:
    assert cases() == {name: {True, False} for name in alerts()}


def test_the_rules_of_objectives_are_current() -> None:
    assert RULES.read_text() == rules(), "run: python -m tests.watching.objectives"


@cache
def commands() -> Mapping[str, frozenset[str]]:
    """Every command of the hub, with its options."""
    return dict(_commands(typer.main.get_command(app), "hub"))


def _commands(command: Any, name: str) -> Iterator[tuple[str, frozenset[str]]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield name, frozenset(option for each in command.params for option in each.opts if option.startswith("--"))
    else:
        for part, each in below.items():
            yield from _commands(each, f"{name} {part}")


def misspelt(said: str) -> list[str]:
    """What of a command line is no command or no option of it."""
    words = shlex.split(said)
    name = next((" ".join(words[:n]) for n in range(len(words), 1, -1) if " ".join(words[:n]) in commands()), None)
    if name is None:
        return [said]
    return [f"{name} {word}" for word in words if word.startswith("--") and word not in commands()[name]]


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_the_commands_of_a_page_exist(path: Path) -> None:
    assert [fault for said in COMMAND.findall(path.read_text()) for fault in misspelt(said)] == []


@pytest.mark.parametrize("said", ["hub outbox list", "hub dlq redrive --everything", "hub projection"])
def test_a_command_that_does_not_exist_is_found(said: str) -> None:
    assert misspelt(said)
