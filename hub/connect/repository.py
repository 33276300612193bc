"""What connectors there are and how they fare, as the store has it: shared by all workers, commands and the REST API, and outliving each.

Whoever wishes something writes it here and is done; the worker that holds the connector reads it within `supervising.LOOK_SECONDS`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from hub.connect.status import connector_status
from hub.connect.words import Cause, ConnectorStatus, FlatConfig, Known, Offset, Origin, Progress, State, TaskStatus, Trouble, Wish
from hub.engine.rows import time_in, time_out
from hub.engine.store import Store, Transaction
from hub.model.errors import HubError

LEASED = "connector/"
"""What the lease of a connector is named by, before its name."""


class NoSuchConnector(HubError):
    """There is no connector of this name."""


class ConnectorExists(HubError):
    """There is a connector of this name already."""


class NotStopped(HubError):
    """What was asked for takes a connector that is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectors:
    """The connectors of this store; each method is one transaction. What takes a name raises NoSuchConnector where there is none."""

    store: Store

    def names(self) -> list[str]:
        """Every connector, by name."""
        return [known.name for known in self.all()]

    def all(self) -> list[Known]:
        """Every connector as it was described, by name."""
        with self.store.read() as tx:
            return known_in(tx)

    def find(self, name: str) -> Known:
        """One connector as it was described."""
        with self.store.read() as tx:
            return _one(tx, name)

    def status(self, name: str) -> ConnectorStatus:
        """What one connector is doing."""
        with self.store.read() as tx:
            return _statuses(tx, [_one(tx, name)], self.store.dialect)[0]

    def statuses(self) -> list[ConnectorStatus]:
        """What every connector is doing, by name."""
        with self.store.read() as tx:
            return _statuses(tx, known_in(tx), self.store.dialect)

    def create(self, name: str, config: FlatConfig, *, base: str, wish: Wish = Wish.RUNNING) -> Known:
        """A new connector that somebody described; raises ConnectorExists."""
        with self.store.write() as tx:
            if any(known.name == name for known in known_in(tx)):
                raise ConnectorExists(name)
            return self._written(tx, name, config, base, "store", wish)

    def apply(self, name: str, config: FlatConfig, *, base: str) -> bool:
        """Describe a connector, whether it is there or not; true if it is new. Its wish and its offsets stay as they are."""
        with self.store.write() as tx:
            found = next((known for known in known_in(tx) if known.name == name), None)
            if found is None or (found.config, found.base, found.origin) != (config, base, "store"):
                self._written(tx, name, config, base, "store", found.wish if found else Wish.RUNNING)
            return found is None

    def adopt(self, name: str, config: FlatConfig, *, base: str, origin: Origin) -> None:
        """Take in what a file or the hub itself describes; what a person applied or deleted since stands above it."""
        with self.store.write() as tx:
            rows = tx.rows("SELECT origin, deleted, config, base, wish FROM connector WHERE name = ?", (name,))
            if rows and (rows[0][0] == "store" or rows[0][1] or (orjson.loads(rows[0][2]), rows[0][3]) == (dict(config), base)):
                return
            self._written(tx, name, config, base, origin, Wish(rows[0][4]) if rows else Wish.RUNNING)

    def retire(self, *, base: str, but: Collection[str]) -> None:
        """Forget what files of this folder described and no longer do; where those stood is kept."""
        with self.store.write() as tx:
            rows = tx.rows("SELECT name FROM connector WHERE origin = 'file' AND base = ?", (base,))
            gone = [(name,) for (name,) in rows if name not in but]
            tx.run_many("DELETE FROM connector_task WHERE connector = ?", gone)
            tx.run_many("DELETE FROM connector WHERE name = ?", gone)

    def wish(self, name: str, wish: Wish) -> None:
        """Want it to run, pause or stop from now on."""
        with self.store.write() as tx:
            _one(tx, name)
            at = time_in(self.store.dialect)(tx.now())
            tx.run("UPDATE connector SET wish = ?, changed_at = ? WHERE name = ?", (wish, at, name))

    def restart(self, name: str, *, only_failed: bool = False, task: int | None = None) -> list[int]:
        """Ask for its tasks, or the one, to be begun anew; gives those asked for. A connector that is not to run stays as it is."""
        with self.store.write() as tx:
            (status,) = _statuses(tx, [_one(tx, name)], self.store.dialect)
            if task is not None and task not in {each.id for each in status.tasks}:
                raise NoSuchConnector(f"{name} has no task {task}")
            failed = status.state is State.FAILED
            asked = [each.id for each in status.tasks if not only_failed or failed or each.state is State.FAILED]
            asked = [each for each in (asked or ([0] if failed else [])) if task in (None, each)]
            self._begin_rows(tx, name, asked)
            tx.run_many(
                "UPDATE connector_task SET asked = asked + 1, state = ? WHERE connector = ? AND task = ?",
                [(State.RESTARTING, name, each) for each in asked],
            )
            return asked

    def delete(self, name: str) -> None:
        """Have it no more; where it stood is kept, so that one of the same name goes on from there, as in Kafka Connect."""
        with self.store.write() as tx:
            _one(tx, name)
            at = time_in(self.store.dialect)(tx.now())
            tx.run("UPDATE connector SET deleted = ?, changed_at = ? WHERE name = ?", (True, at, name))

    def offsets(self, name: str) -> list[Offset]:
        """Where its source stands; none before it was first read."""
        with self.store.read() as tx:
            _one(tx, name)
            rows = tx.rows("SELECT cursor FROM cursor WHERE connector = ?", (name,))
        return [Offset(partition={"connector": name}, offset={"cursor": cursor}) for (cursor,) in rows if cursor is not None]

    def set_offsets(self, name: str, cursor: str | None) -> None:
        """Go on from this cursor, or with None from the beginning; what was said before is no event again. Raises NotStopped."""
        with self.store.write() as tx:
            known = _one(tx, name)
            if known.wish is not Wish.STOPPED or leases(tx, self.store.dialect).get(name):
                raise NotStopped(name)
            at = time_in(self.store.dialect)(tx.now())
            tx.run(
                "INSERT INTO cursor (connector, cursor, updated_at) VALUES (?, ?, ?) ON CONFLICT (connector)"
                " DO UPDATE SET cursor = excluded.cursor, updated_at = excluded.updated_at",
                (name, cursor, at),
            )

    def _written(self, tx: Transaction, name: str, config: FlatConfig, base: str, origin: Origin, wish: Wish) -> Known:
        text, at = orjson.dumps(dict(config), option=orjson.OPT_SORT_KEYS).decode(), time_in(self.store.dialect)(tx.now())
        tx.run(
            "INSERT INTO connector (name, config, base, origin, wish, generation, deleted, changed_at) VALUES (?, ?, ?, ?, ?, 1, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET config = excluded.config, base = excluded.base, origin = excluded.origin,"
            " wish = excluded.wish, generation = connector.generation + 1, deleted = excluded.deleted, changed_at = excluded.changed_at",
            (name, text, base, origin, wish, False, at),
        )
        self._begin_rows(tx, name, [0])
        return _one(tx, name)

    @staticmethod
    def _begin_rows(tx: Transaction, name: str, tasks: Iterable[int]) -> None:
        """A row for each task, so that there is one to ask."""
        tx.run_many(
            "INSERT INTO connector_task (connector, task, state, worker, asked, restarts, begun, records, rejected, events, idle, cause,"
            " what, place) VALUES (?, ?, ?, '', 0, 0, ?, 0, 0, 0, ?, '', '', '') ON CONFLICT (connector, task) DO NOTHING",
            [(name, task, State.UNASSIGNED, False, False) for task in tasks],
        )


def known_in(tx: Transaction) -> list[Known]:
    """Every connector as it was described, by name."""
    rows = tx.rows("SELECT name, config, base, origin, wish, generation FROM connector WHERE NOT deleted ORDER BY name")
    return [
        Known(name=name, config=orjson.loads(config), base=base, origin=origin, wish=Wish(wish), generation=generation)
        for name, config, base, origin, wish, generation in rows
    ]


def _one(tx: Transaction, name: str) -> Known:
    found = next((known for known in known_in(tx) if known.name == name), None)
    if found is None:
        raise NoSuchConnector(name)
    return found


def leases(tx: Transaction, dialect: str) -> dict[str, str]:
    """Who holds which connector now."""
    rows = tx.rows("SELECT name, holder FROM lease WHERE name LIKE ? AND until > ?", (f"{LEASED}%", time_in(dialect)(tx.now())))
    return {name.removeprefix(LEASED): holder for name, holder in rows}


_TASK = (
    "SELECT connector, task, state, worker, restarts, begun, records, rejected, events, idle, cause, what, place, since, next_at,"
    " succeeded_at, level_at FROM connector_task ORDER BY connector, task"
)


def _statuses(tx: Transaction, known: Iterable[Known], dialect: str) -> list[ConnectorStatus]:
    tasks: dict[str, list[TaskStatus]] = {}
    unbegun: dict[str, Trouble | None] = {}
    for name, begun, task in (_task(row, dialect) for row in tx.rows(_TASK)):
        tasks.setdefault(name, []).append(task)
        if not begun and task.state is State.FAILED:
            unbegun[name] = task.trouble
    held = leases(tx, dialect)
    return [connector_status(each, tasks.get(each.name, []), held.get(each.name, ""), unbegun=unbegun.get(each.name)) for each in known]


def _task(row: tuple[Any, ...], dialect: str) -> tuple[str, bool, TaskStatus]:
    name, task, state, worker, restarts, begun, records, rejected, events, idle, cause, what, place, *instants = row
    since, next_at, succeeded_at, level_at = (time_out(dialect)(each) if each is not None else None for each in instants)
    return name, bool(begun), TaskStatus(
        id=task, state=State(state), worker=worker, since=since, next_at=next_at, restarts=restarts,
        trouble=Trouble(cause=Cause(cause), what=what, where=place) if cause else None,
        progress=Progress(
            records=records, rejected=rejected, events=events, idle=bool(idle), succeeded_at=succeeded_at, level_at=level_at
        ),
    )  # fmt: skip
