"""What commands have decided and the rows may not have yet: kept beside the rows until they do, so that the next command sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hub.contracts import Contracts, partition_of
from hub.engine.rows import Shelf, shelf, time_in
from hub.engine.store import Transaction
from hub.model.command import Aggregate
from hub.model.errors import Unavailable
from hub.model.event import Event


class Own(NamedTuple):
    """An event that a command gave, under its number among those of its key."""

    n: int
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that is known of one key: its row, and the events that the row may lack."""

    aggregate: Aggregate[Any]
    key: str
    row: Any
    own: tuple[Own, ...]

    @property
    def state(self) -> Any:
        """What commands are decided on: folding an event that the row has changes nothing."""
        return self.after([each.event for each in self.own], self.row)

    def after(self, events: Sequence[Event], state: Any) -> Any:
        """A state with these events folded in."""
        for event in events:
            state = self.aggregate.state.apply(state, event)
        return state


class Memory:
    """Reads and writes what is known, in the caller's transaction."""

    def __init__(self, contracts: Contracts, dialect: str) -> None:
        self._contracts, self._time, self._dialect = contracts, time_in(dialect), dialect
        self._decode = contracts.decoder()
        self._shelves: dict[str, Shelf] = {}

    def known(self, tx: Transaction, aggregate: Aggregate[Any], key: str) -> Known:
        """All that is known of a key; raises Unavailable while another version of the state serves, or none."""
        state = aggregate.state
        partition = partition_of(key, self._contracts.topic(state.reads[0]).partitions)
        if tx.rows("SELECT version FROM pointer WHERE projection = ? AND partition = ?", (state.name, partition)) != [(state.version,)]:
            raise Unavailable(f"the state of {state.name} is being built", retry_after=5.0)
        kept = self._shelves.get(state.name) or self._shelves.setdefault(state.name, shelf(state, self._dialect))
        rows = tx.rows(f"SELECT {kept.columns} FROM {kept.table.name} WHERE partition = ? AND key = ?", (partition, key))
        row = kept.read(rows[0]) if rows else state.facts()
        return Known(aggregate=aggregate, key=key, row=row, own=self._own(tx, aggregate, key))

    def _own(self, tx: Transaction, aggregate: Aggregate[Any], key: str) -> tuple[Own, ...]:
        frames = tx.rows("SELECT n, event FROM commanded WHERE aggregate = ? AND key = ? ORDER BY n", (aggregate.name, key))
        decoded = ((n, self._decode(bytes(frame))) for n, frame in frames)
        return tuple(Own(n, event) for n, event in decoded if event is not None)

    def remember(self, tx: Transaction, known: Known, events: Sequence[Event], now: datetime) -> None:
        """Keep what a command gave, and forget what the row has by now."""
        self.forget_absorbed(tx, known)
        first, at = max((each.n for each in known.own), default=0) + 1, self._time(now)
        tx.run_many(
            "INSERT INTO commanded (aggregate, key, n, event, recorded_at) VALUES (?, ?, ?, ?, ?)",
            [(known.aggregate.name, known.key, first + n, self._contracts.encode(event), at) for n, event in enumerate(events)],
        )

    def forget_absorbed(self, tx: Transaction, known: Known) -> int:
        """Forget the events that change nothing when folded into the row: it has them. Gives how many."""
        absorbed = [each.n for each in known.own if known.after([each.event], known.row) == known.row]
        return tx.run_many(
            "DELETE FROM commanded WHERE aggregate = ? AND key = ? AND n = ?", [(known.aggregate.name, known.key, n) for n in absorbed]
        )

    def oldest_keys(self, tx: Transaction, aggregate: Aggregate[Any], at_most: int) -> list[str]:
        """The keys of which something has been remembered longest."""
        sql = "SELECT key FROM commanded WHERE aggregate = ? GROUP BY key ORDER BY MIN(recorded_at) LIMIT ?"
        return [key for (key,) in tx.rows(sql, (aggregate.name, at_most))]
