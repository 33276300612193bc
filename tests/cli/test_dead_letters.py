"""What could not be taken in is listed, explained, sent again or left out for good, by commands beside a running hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engine.redrive import drain, waiting_keys
from tests.cli.conftest import Command
from tests.engine.questions import BUNDLE
from tests.engine.stories import counts, opened, status
from tests.engine_harness import Engine, running


@pytest.fixture
def asked(tmp_path: Path, store_dsn: str, hub: Command) -> Iterator[Engine]:
    """A hub with a case of which one record is dead and one waits behind it, and beside it a record without a key."""
    with running(tmp_path, store_dsn, BUNDLE) as engine:
        hub.environment.update({"HUB_FOLDER": str(tmp_path / "hub"), "HUB_STORE": store_dsn, "HUB_CONTROLLER": "tameside"})
        engine.log(opened("a"), status("a", "impossible"), status("a", "waits"))
        engine.feed()
        yield engine


def dead(engine: Engine) -> str:
    """Where the dead record stands."""
    return next(f"{topic}/{partition}/1" for (topic, partition), log in engine.logs.items() if len(log) == 3)


def settle(engine: Engine) -> None:
    """The owner's next look at what people decided."""
    for partition, holding in list(engine.serving.worker.holdings.items()):
        with engine.house.store.read() as tx:
            keys = waiting_keys(tx, engine.bundle.name, partition)
        for key in keys:
            drain(engine.serving.committer, holding, key, engine.serving.plans, engine.now)


def test_dead_letters_are_listed_with_how_many_records_wait(asked: Engine, hub: Command) -> None:
    ran = hub("dlq", "list", "--json")
    assert ran.code == 1
    (row,) = ran.value
    assert (row["where"], row["code"], row["waiting_behind"]) == (dead(asked), "wrong-topic", 1)
    assert dead(asked) in hub("dlq", "list").said
    assert hub("dlq", "list", "--code", "truncated", "--json").value == []


def test_a_dead_letter_is_explained_without_its_content(asked: Engine, hub: Command) -> None:
    shown = hub("dlq", "explain", dead(asked), "--json").value
    assert shown["means"] == "The schema is ours, but its events have no place on this topic."
    assert shown["now"] == "its bytes can be read: hub dlq redrive tries it again"
    assert shown["schema"] == "case_status_changed.v1"
    assert "impossible" not in str(shown)


def test_what_is_skipped_lets_the_rest_go_on(asked: Engine, hub: Command) -> None:
    assert hub("dlq", "skip", dead(asked), "--reason", "sent by mistake", "--by", "kay").code == 0
    settle(asked)
    assert counts(asked) == {"a": 2}
    assert hub("dlq", "list").code == 0
    shown = hub("dlq", "show", dead(asked), "--json").value
    assert (shown["state"], shown["reason"], shown["decided_by"]) == ("skipped", "sent by mistake", "kay")


def test_what_is_sent_again_and_fails_again_is_dead_again(asked: Engine, hub: Command) -> None:
    assert hub("dlq", "redrive", "--dry-run", "--json").value == {"found": 1, "marked": 0, "only_to_skip": 0}
    assert hub("dlq", "redrive", "--json").value == {"found": 1, "marked": 1, "only_to_skip": 0}
    assert hub("dlq", "list", "--state", "redrive", "--json").value[0]["where"] == dead(asked)
    settle(asked)
    assert hub("dlq", "list").code == 1


def test_a_record_without_a_key_can_only_be_skipped(asked: Engine, hub: Command) -> None:
    place = next(place for place, log in asked.logs.items() if len(log) == 3)
    asked.logs[place].append(asked.logs[place][0]._replace(key=None))
    asked.feed()
    assert hub("dlq", "redrive", "--code", "null-key", "--json").value == {"found": 1, "marked": 0, "only_to_skip": 1}


@pytest.mark.parametrize("where", ["cases/0/99", "cases", "cases/x/1"])
def test_a_place_where_nothing_stands_is_wrong_usage(asked: Engine, hub: Command, where: str) -> None:
    assert hub("dlq", "skip", where, "--reason", "none").code == 2
    assert hub("dlq", "show", where).code == 2
