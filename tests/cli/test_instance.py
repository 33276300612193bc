"""A hub is made once, runs once on SQLite, and waits for what is down; what is missing is said before anything begins."""

import sqlite3
from pathlib import Path

import pytest

from hub.engine.migrations import HEAD
from tests.cli.conftest import NOWHERE, Command

UNREACHABLE = f"kafka:\n  bootstrap: {NOWHERE}\n"


@pytest.fixture
def made(hub: Command) -> Command:
    """A hub that was made, whose Kafka cannot be reached."""
    hub.settings(UNREACHABLE)
    assert hub("init").code == 0
    return hub


def test_a_new_hub_says_what_to_back_up(hub: Command) -> None:
    ran = hub("init", "--json")
    assert ran.code == 0
    assert set(ran.value["back_up"]) == {"instance.json", "ids.secret", "operator", "keys.sqlite"}
    assert (hub.folder / "hub-data" / "hub.sqlite").exists()


def test_a_hub_is_not_made_over_another(made: Command) -> None:
    before = (made.folder / "hub-data" / "instance.json").read_bytes()
    ran = made("init")
    assert (ran.code, "hub-data: exists already" in ran.complained) == (2, True)
    assert (made.folder / "hub-data" / "instance.json").read_bytes() == before


@pytest.mark.parametrize("command", [("up",), ("dlq", "list"), ("projection", "list"), ("backup", "store.bak")])
def test_where_there_is_no_hub_every_command_says_so(hub: Command, command: tuple[str, ...]) -> None:
    hub.settings(UNREACHABLE)
    ran = hub(*command)
    assert (ran.code, "hub init" in ran.complained) == (2, True)
    assert "Traceback" not in ran.complained
    assert sorted(path.name for path in hub.folder.iterdir()) == ["hub.yaml"]


@pytest.mark.waiting
def test_a_second_process_on_the_same_sqlite_store_is_refused(made: Command) -> None:
    with made.running(until="waiting for") as first:
        ran = made("up")
        assert (ran.code, "another hub process is using this SQLite store" in ran.complained) == (2, True)
        assert made("upgrade").code == 2
        assert first.poll() is None
    assert first.returncode == 0


@pytest.mark.waiting
def test_a_hub_waits_for_its_kafka_and_other_commands_say_that_it_is_not_there(made: Command) -> None:
    ran = made("provision")
    assert (ran.code, ran.said, ran.complained.startswith("hub: Kafka")) == (3, "", True)
    with made.running(until="waiting for Kafka"):
        pass


def test_a_hub_without_any_kafka_says_how_to_get_one(hub: Command) -> None:
    assert hub("init").code == 0
    for command in ("provision", "up"):
        ran = hub(command)
        assert (ran.code, "hub kafka start" in ran.complained) == (2, True)


@pytest.mark.waiting
def test_a_postgresql_that_does_not_answer_leaves_nothing_half_made(hub: Command) -> None:
    hub.settings(f"store: postgresql://hub@{NOWHERE}/hub\n")
    ran = hub("init")
    assert (ran.code, ran.complained) == (3, "hub: store: OperationalError\n")
    assert not (hub.folder / "hub-data").exists()


@pytest.mark.waiting
def test_a_database_that_belongs_to_another_hub_is_refused(hub: Command, postgresql: str, tmp_path: Path) -> None:
    hub.settings(f"store: {postgresql}\n")
    assert hub("init").code == 0
    hub.settings(f"store: {postgresql}\nfolder: {tmp_path / 'second'}\n")
    ran = hub("init")
    assert (ran.code, "store: belongs to another hub" in ran.complained) == (2, True)
    assert not (tmp_path / "second").exists()


def test_a_store_of_another_release_is_not_touched(made: Command) -> None:
    with sqlite3.connect(made.folder / "hub-data" / "hub.sqlite") as store:
        store.execute("UPDATE alembic_version SET version_num = '0000'")
    store.close()
    ran = made("projection", "list")
    assert (ran.code, "then: hub upgrade" in ran.complained) == (2, True)


def test_the_way_to_this_releases_schema_and_back(made: Command) -> None:
    assert made("upgrade", "--json").value == {"schema": HEAD}
    ran = made("upgrade", "--back-to", "nowhere")
    assert (ran.code, "Traceback" in ran.complained) == (2, False)
    assert made("upgrade", "--back-to", "base").code == 0
    assert "hub init" in made("projection", "list").complained
    assert made("upgrade").code == 0
    assert made("projection", "list").code == 0
