"""What connectors there are, what is wished of them and how they fare is in the store, and outlives every process."""

from datetime import timedelta
from typing import Any

import pytest

from hub.connect.repository import LEASED, ConnectorExists, Connectors, NoSuchConnector, NotStopped
from hub.connect.words import ConnectorStatus, Offset, State, Wish
from hub.engine.lease import take
from hub.engine.store import Store
from tests.connect.stores import store
from tests.engine_harness import store_dsn

__all__ = ["store", "store_dsn"]

POTHOLES = {"name": "potholes", "connector.class": "csv_drop", "folder": "drops"}


def connectors(store: Store) -> Connectors:
    """Those of this hub."""
    return Connectors(store=store)


def held(store: Store, name: str, by: str = "worker-1") -> None:
    """A worker takes the connector."""
    with store.write() as tx:
        assert take(tx, LEASED + name, by, timedelta(minutes=5), timedelta(), store.dialect)


def writes(store: Store, name: str, **columns: Any) -> None:
    """The worker writes how the task fares."""
    with store.write() as tx:
        said = ", ".join(f"{column} = ?" for column in columns)
        tx.run(f"UPDATE connector_task SET {said} WHERE connector = ?", (*columns.values(), name))


def made(store: Store) -> Connectors:
    """A hub with one connector."""
    there = connectors(store)
    there.create("potholes", POTHOLES, base="/srv")
    return there


def states(status: ConnectorStatus) -> tuple[State, list[State]]:
    """The connector's and its tasks'."""
    return status.state, [task.state for task in status.tasks]


def test_a_connector_is_what_was_described_and_is_wanted_to_run(store: Store) -> None:
    known = made(store).find("potholes")
    assert (known.config, known.base, known.origin, known.wish, known.kind) == (POTHOLES, "/srv", "store", Wish.RUNNING, "csv_drop")
    assert connectors(store).names() == ["potholes"]


def test_two_of_one_name_are_not_made(store: Store) -> None:
    with pytest.raises(ConnectorExists):
        made(store).create("potholes", POTHOLES, base="/srv")


def test_one_that_is_described_anew_keeps_its_wish_and_is_begun_anew(store: Store) -> None:
    there = made(store)
    there.wish("potholes", Wish.PAUSED)
    assert there.apply("potholes", POTHOLES | {"folder": "new"}, base="/srv") is False
    after = there.find("potholes")
    assert (after.wish, after.generation, after.config["folder"]) == (Wish.PAUSED, 2, "new")
    there.apply("potholes", POTHOLES | {"folder": "new"}, base="/srv")
    assert there.find("potholes").generation == 2


def test_a_file_stands_until_a_person_says_otherwise(store: Store) -> None:
    there = connectors(store)
    there.adopt("potholes", POTHOLES, base="/etc", origin="file")
    there.adopt("potholes", POTHOLES | {"folder": "b"}, base="/etc", origin="file")
    assert there.find("potholes").config["folder"] == "b"
    there.apply("potholes", POTHOLES | {"folder": "by hand"}, base="/srv")
    there.adopt("potholes", POTHOLES | {"folder": "c"}, base="/etc", origin="file")
    assert there.find("potholes").config["folder"] == "by hand"
    there.delete("potholes")
    there.adopt("potholes", POTHOLES, base="/etc", origin="file")
    assert there.names() == []


def test_nobody_holds_what_no_worker_has_taken(store: Store) -> None:
    there = made(store)
    assert states(there.status("potholes")) == (State.UNASSIGNED, [State.UNASSIGNED])
    there.wish("potholes", Wish.PAUSED)
    assert states(there.status("potholes")) == (State.PAUSED, [State.PAUSED])
    there.wish("potholes", Wish.STOPPED)
    assert states(there.status("potholes")) == (State.STOPPED, [])


def test_what_a_worker_holds_does_what_the_worker_says(store: Store) -> None:
    there = made(store)
    held(store, "potholes")
    writes(store, "potholes", state="RUNNING", worker="worker-1", begun=True, cause="outage", what="the CRM is down", records=7)
    (task,) = there.status("potholes").tasks
    assert (there.status("potholes").state, task.state, task.worker, task.progress.records) == (State.RUNNING, State.RUNNING, "worker-1", 7)
    assert task.trouble is not None
    assert task.trouble.trace == "outage: the CRM is down"


def test_a_connector_that_could_not_begin_has_failed_itself(store: Store) -> None:
    there = made(store)
    held(store, "potholes")
    writes(store, "potholes", state="FAILED", begun=False, cause="misconfigured", what="is not there", place="folder")
    status = there.status("potholes")
    assert (*states(status), status.trouble.trace if status.trouble else "") == (State.FAILED, [], "misconfigured: is not there at folder")
    assert there.restart("potholes", only_failed=True) == [0]


def test_only_what_failed_is_begun_anew_where_that_is_asked(store: Store) -> None:
    there = made(store)
    held(store, "potholes")
    writes(store, "potholes", state="RUNNING", begun=True)
    assert there.restart("potholes", only_failed=True) == []
    assert there.restart("potholes") == [0]
    assert states(there.status("potholes")) == (State.RUNNING, [State.RESTARTING])
    with pytest.raises(NoSuchConnector):
        there.restart("potholes", task=3)


def test_where_a_source_stands_is_set_only_while_it_is_stopped(store: Store) -> None:
    there = made(store)
    with pytest.raises(NotStopped):
        there.set_offsets("potholes", "12")
    there.wish("potholes", Wish.STOPPED)
    there.set_offsets("potholes", "12")
    assert there.offsets("potholes") == [Offset(partition={"connector": "potholes"}, offset={"cursor": "12"})]
    held(store, "potholes")
    with pytest.raises(NotStopped):
        there.set_offsets("potholes", None)


def test_where_it_stood_outlives_a_connector(store: Store) -> None:
    there = made(store)
    there.wish("potholes", Wish.STOPPED)
    there.set_offsets("potholes", "12")
    there.delete("potholes")
    with pytest.raises(NoSuchConnector):
        there.find("potholes")
    there.create("potholes", POTHOLES, base="/srv")
    assert len(there.offsets("potholes")) == 1
    assert there.find("potholes").wish is Wish.RUNNING
