"""What one worker reads from the store and writes to it about the connectors: who holds which, how they fare, that it is there at all."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from hub.connect.repository import LEASED, known_in, leases
from hub.connect.running import Charge
from hub.connect.words import Known
from hub.engine.lease import release, take
from hub.engine.rows import time_in
from hub.engine.store import Store

WORKER = "connect-worker/"
SAY_SECONDS = 5.0
"""How often it is written how far a connector has come; what befalls it is written at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What there is to see at one moment: the connectors, who holds which, which workers are there, which restarts were asked for."""

    known: Mapping[str, Known]
    held: Mapping[str, str]
    workers: frozenset[str]
    asked: Mapping[str, int]


@dataclass(slots=True, kw_only=True)
class Desk:
    """One worker's desk. `alone`: it has the store to itself, and what an earlier process held is its own."""

    store: Store
    holder: str
    alone: bool = False
    exclusive: bool = True
    """Off only in a proof: then whoever wants a connector takes it."""
    _said: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _said_at: dict[str, float] = field(default_factory=dict)

    def come(self) -> None:
        """Be there from now on."""
        if self.alone:
            with self.store.write() as tx:
                tx.run("DELETE FROM lease WHERE name LIKE ? OR name LIKE ?", (f"{LEASED}%", f"{WORKER}%"))

    def leave(self) -> None:
        """Be there no more."""
        with self.store.write() as tx:
            release(tx, [WORKER + self.holder], self.holder)

    def look(self) -> Seen:
        """What there is to see."""
        dialect = self.store.dialect
        with self.store.read() as tx:
            rows = tx.rows("SELECT holder FROM lease WHERE name LIKE ? AND until > ?", (f"{WORKER}%", time_in(dialect)(tx.now())))
            return Seen(
                known={known.name: known for known in known_in(tx)},
                held=leases(tx, dialect),
                workers=frozenset(holder for (holder,) in rows),
                asked=dict(tx.rows("SELECT connector, asked FROM connector_task WHERE task = 0")),
            )

    def take(self, name: str, lasts: timedelta) -> bool:
        """Hold a connector, unless somebody else does."""
        with self.store.write() as tx:
            self._be_there(tx, lasts)
            return not self.exclusive or take(tx, LEASED + name, self.holder, lasts, timedelta(), self.store.dialect) is not None

    def renew(self, names: Iterable[str], lasts: timedelta) -> set[str]:
        """Go on holding these; gives those that somebody else holds by now."""
        with self.store.write() as tx:
            self._be_there(tx, lasts)
            if not self.exclusive:
                return set()
            return {name for name in names if take(tx, LEASED + name, self.holder, lasts, timedelta(), self.store.dialect) is None}

    def give(self, names: Collection[str]) -> None:
        """Hold these no more."""
        if names:
            with self.store.write() as tx:
                release(tx, [LEASED + name for name in names], self.holder)

    def say(self, charges: Iterable[Charge]) -> None:
        """Write how these fare, as far as there is news, and only of those that this worker holds."""
        news = [charge for charge in charges if self._new(charge)]
        if not news:
            return
        write = time_in(self.store.dialect)
        with self.store.write() as tx:
            tx.run_many(_SAY, [(*_row(charge, self.holder, write), charge.name, LEASED + charge.name, self.holder) for charge in news])
        for charge in news:
            self._said[charge.name], self._said_at[charge.name] = _befallen(charge), monotonic()

    def _new(self, charge: Charge) -> bool:
        stale = monotonic() - self._said_at.get(charge.name, 0.0) >= SAY_SECONDS
        return stale or self._said.get(charge.name) != _befallen(charge)

    def _be_there(self, tx: Any, lasts: timedelta) -> None:
        take(tx, WORKER + self.holder, self.holder, lasts, timedelta(), self.store.dialect)


_SAY = (
    "UPDATE connector_task SET state = ?, worker = ?, restarts = ?, begun = ?, records = ?, rejected = ?, events = ?, idle = ?, cause = ?,"
    " what = ?, place = ?, since = ?, next_at = ?, succeeded_at = ?, level_at = ? WHERE connector = ? AND task = 0"
    " AND EXISTS (SELECT 1 FROM lease WHERE lease.name = ? AND lease.holder = ?)"
)


def _befallen(charge: Charge) -> tuple[Any, ...]:
    return charge.asked, charge.generation, charge.state, charge.trouble, charge.restarts, charge.next_at is None


def _row(charge: Charge, holder: str, write: Any) -> tuple[Any, ...]:
    done, trouble = charge.progress, charge.trouble
    instants = [write(at) if at is not None else None for at in (charge.since, charge.next_at, done.succeeded_at, done.level_at)]
    wrong = (trouble.cause.value, trouble.what, trouble.where) if trouble is not None else ("", "", "")
    return (
        charge.status().value, holder, charge.restarts, charge.begun is not None or done.records > 0 or done.succeeded_at is not None,
        done.records, done.rejected, done.events, done.idle, *wrong, *instants,
    )  # fmt: skip
