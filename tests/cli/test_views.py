"""Views and how far they have read are looked at, and partitions that stopped are let run again, by commands beside a running hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.engine.questions import BUNDLE
from tests.engine.stories import counts, opened, status
from tests.engine_harness import Engine, running


@pytest.fixture
def asked(tmp_path: Path, store_dsn: str, hub: Command) -> Iterator[Engine]:
    """A hub at work, and the command set up for it."""
    with running(tmp_path, store_dsn, BUNDLE) as engine:
        hub.environment.update({"HUB_FOLDER": str(tmp_path / "hub"), "HUB_STORE": store_dsn})
        engine.log(opened("a"))
        engine.feed()
        yield engine


def test_a_partition_that_stopped_is_shown_with_its_reason_until_it_is_let_run_again(asked: Engine, hub: Command) -> None:
    assert hub("projection", "list").code == 0
    asked.log(status("a", "bug"))
    asked.feed()
    ran = hub("projection", "list", "--json")
    (stopped,) = ran.value["stopped"]
    assert (ran.code, "ZeroDivisionError" in stopped["reason"]) == (1, True)
    assert "ZeroDivisionError" in hub("projection", "list").said
    assert hub("projection", "resume", BUNDLE.name, "--json").value == {"resumed": 1}
    assert hub("projection", "list").code == 0


def test_what_became_of_every_record_is_shown(asked: Engine, hub: Command) -> None:
    rows = hub("inbox", "list", "--json").value
    assert {row["reader"] for row in rows} == {"count", "promise"}
    assert sum(row["consumed"] for row in rows) == sum(row["applied"] for row in rows) == 2
    assert counts(asked) == {"a": 1}


def test_a_version_that_serves_cannot_be_dropped(asked: Engine, hub: Command) -> None:
    ran = hub("projection", "drop", "count", "1")
    assert (ran.code, ran.complained) == (
        2,
        "hub: projection count version 1: is not retired (only a version that another replaced can go)\n",
    )


def test_a_view_without_a_plan_has_nothing_to_release(asked: Engine, hub: Command) -> None:
    assert hub("projection", "plan", "promise", "--json").value == []
    assert hub("projection", "release", "promise", "--json").value == {"released": 0}
