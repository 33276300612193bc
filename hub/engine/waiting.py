"""Is what a command said visible in a view yet? A token names an outbox row; where its records came to stand, the view must have applied.

A record reaches a view from its own topic, or from the topic that a route gives it to: then it is looked for among what the route sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from hub.engine.commanding import STREAM, seq_of
from hub.engine.outbox import Outgoing, last_seq, unpack, unpack_offsets
from hub.engine.ownership import stream_of
from hub.engine.rows import time_in, time_out
from hub.engine.store import Store, Transaction
from hub.model.projection import Projection
from hub.model.route import Route

_CLOCKS_APART = timedelta(seconds=60)
"""By how much the clocks of two of our processes may differ when a route's rows are looked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Not visible yet: how many records lie before it; `parked` if it waits behind a dead letter of its key and will not come by itself."""

    records: int
    parked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchToken:
    """Nothing was ever answered with this token, or what it names never reaches this view."""


Standing = Behind | NoSuchToken | None
"""None: it is visible."""


class _Way(NamedTuple):
    """How a record comes into a view: straight from its topic, or by a route."""

    view: Projection[Any]
    route: Route | None


class _Stood(NamedTuple):
    """A record that is in its log."""

    record: Outgoing
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Answers for one store and the routes that run on it."""

    store: Store
    routes: Sequence[Route] = ()

    def standing(self, token: str, projections: Sequence[Projection[Any]]) -> Standing:
        """Whether all that the token names is visible in all of these views; raises Unavailable."""
        seq = seq_of(token)
        with self.store.read() as tx:
            if seq is None or not 0 < seq <= last_seq(tx, STREAM):
                return NoSuchToken()
            rows = tx.rows("SELECT records, sent, created_at FROM outbox WHERE stream = ? AND seq = ?", (STREAM, seq))
            if not rows:
                return None  # sent so long ago that the row is gone
            blob, sent, created_at = rows[0]
            ways = [
                (nth, way) for view in projections for nth, each in enumerate(unpack(bytes(blob))) for way in self._ways(each.topic, view)
            ]
            if not ways:
                return NoSuchToken()
            if sent is None:
                return Behind(records=_unsent(tx, STREAM, seq))
            stood = _stood(blob, sent)
            return _worst([self._on(tx, stood[nth], way, created_at) for nth, way in ways])

    def _ways(self, topic: str, view: Projection[Any]) -> list[_Way]:
        """How records of a topic come into a view: straight, or by routes."""
        straight = [_Way(view, None)] if topic in view.reads else []
        return straight + [_Way(view, route) for route in self.routes if topic in route.reads and route.topic in view.reads]

    def _on(self, tx: Transaction, stood: _Stood, way: _Way, created_at: Any) -> Standing:
        return _applied(tx, stood, way.view) if way.route is None else self._through(tx, stood, way.route, way.view, created_at)

    def _through(self, tx: Transaction, stood: _Stood, route: Route, view: Projection[Any], created_at: Any) -> Standing:
        partition = stood.record.partition
        rows = tx.rows(
            "SELECT bundle, next FROM inbox WHERE reader = ? AND topic = ? AND partition = ?", (route.name, stood.record.topic, partition)
        )
        if not rows or rows[0][1] <= stood.offset:
            return Behind(records=stood.offset + 1 - (rows[0][1] if rows else 0))
        since = time_out(self.store.dialect)(created_at) - _CLOCKS_APART
        sent = tx.rows(
            "SELECT records, sent FROM outbox WHERE stream = ? AND created_at >= ? ORDER BY seq",
            (stream_of(rows[0][0], partition), time_in(self.store.dialect)(since)),
        )
        return _worst([_applied(tx, each, view) for each in _same(sent, route.topic, stood.record.value)] + [_all_sent(sent)])


def _stood(blob: Any, sent: Any) -> list[_Stood]:
    return [_Stood(record, offset) for record, offset in zip(unpack(bytes(blob)), unpack_offsets(bytes(sent)), strict=True)]


def _same(rows: Sequence[Any], topic: str, value: bytes) -> list[_Stood]:
    """What a route made of a record: the same bytes on its topic."""
    stood = (each for blob, sent in rows if sent is not None for each in _stood(blob, sent))
    return [each for each in stood if (each.record.topic, each.record.value) == (topic, value)]


def _all_sent(rows: Sequence[Any]) -> Standing:
    waiting = sum(len(unpack(bytes(blob))) for blob, sent in rows if sent is None)
    return Behind(records=waiting) if waiting else None


def _unsent(tx: Transaction, stream: str, seq: int) -> int:
    return int(tx.rows("SELECT SUM(count) FROM outbox WHERE stream = ? AND seq <= ? AND sent IS NULL", (stream, seq))[0][0])


def _applied(tx: Transaction, stood: _Stood, view: Projection[Any]) -> Standing:
    topic, partition = stood.record.topic, stood.record.partition
    rows = tx.rows(
        "SELECT i.bundle, i.next FROM inbox i"
        " JOIN pointer p ON p.projection = i.reader AND p.version = i.version AND p.partition = i.partition"
        " WHERE i.reader = ? AND i.topic = ? AND i.partition = ?",
        (view.name, topic, partition),
    )
    if not rows or rows[0][1] <= stood.offset:
        return Behind(records=stood.offset + 1 - (rows[0][1] if rows else 0))
    place = (rows[0][0], topic, partition, stood.offset)
    aside = tx.rows("SELECT 1 FROM parked WHERE bundle = ? AND topic = ? AND partition = ? AND position = ?", place)
    return Behind(records=0, parked=True) if aside else None


def _worst(standings: Sequence[Standing]) -> Standing:
    behind = [standing for standing in standings if isinstance(standing, Behind)]
    return max(behind, key=lambda each: (each.parked, each.records), default=None)
