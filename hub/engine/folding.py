"""One fetch into memory: decode, fold, set aside. The hot loop of the hub; nothing here writes.

Measured (docs/benchmarks/engine.md): decode and fold in one loop, let each event die at once, no call per record that is not the decoder's
or a projection's.
"""

import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hub.contracts.partitioning import partition_of
from hub.engine.bundle import Fetched, Reader
from hub.engine.fit_keys import prepare
from hub.engine.holding import Book, Holding, SetAside
from hub.engine.outbox import Outgoing
from hub.engine.store import Store
from hub.model.errors import Rejected, Unavailable
from hub.model.route import Route

Decode = Callable[[bytes], Any]


class Hole(Exception):
    """A fetch begins beyond what was expected: nothing of it may be used before `expected` has been read."""

    def __init__(self, topic: str, partition: int, expected: int) -> None:
        super().__init__(f"{topic}/{partition} expected {expected}")
        self.topic, self.partition, self.expected = topic, partition, expected


class Culprit(Exception):
    """One record met a bug: where it stands and where the code failed, never what it says."""

    def __init__(self, topic: str, partition: int, offset: int, where: str) -> None:
        super().__init__(f"{topic}/{partition}@{offset}: {where}")
        self.topic, self.partition, self.offset, self.where = topic, partition, offset, where


class Tripped(Exception):
    """Too many records of one partition could not be read."""

    def __init__(self, topic: str, partition: int, offset: int, why: str) -> None:
        super().__init__(why)
        self.topic, self.partition, self.offset, self.why = topic, partition, offset, why


class Refused(Exception):
    """A projection raised Rejected for one record after others may have folded it."""

    def __init__(self, topic: str, partition: int, offset: int, code: str) -> None:
        super().__init__(code)
        self.topic, self.partition, self.offset, self.code = topic, partition, offset, code


class Plan(NamedTuple):
    """What serves one topic: its decoder, who reads it, and which event type concerns whom."""

    decode: Decode
    readers: tuple[Reader, ...]
    projections: tuple[str, ...]
    routes: tuple[tuple[Route, int], ...]
    partitions: int
    may_park: bool


def fold(
    holding: Holding, fetched: Fetched, plan: Plan, store: Store, refused: Mapping[tuple[str, int, int], str], *, holes: bool = True
) -> None:
    """Fold one fetch into the holding; raises Hole, Culprit, Tripped or Refused, after which the holding must be dropped."""
    tallies = {reader: holding.tallies[reader, fetched.topic] for reader in plan.readers if (reader, fetched.topic) in holding.tallies}
    if not tallies:
        return
    expected = min(tally.next for tally in tallies.values())
    if fetched.start > expected and holes:
        raise Hole(fetched.topic, fetched.partition, expected)
    for records, readers in _segments(fetched, {reader: tally.next for reader, tally in tallies.items()}):
        aside = len(holding.dead), len(holding.parked)
        skipped = _fold_records(holding, fetched, records, {r.name for r in readers}, plan, store, refused)
        dead, parked = len(holding.dead) - aside[0], len(holding.parked) - aside[1]
        for reader, tally in tallies.items():
            tally.consumed += len(records)
            if reader not in readers:
                tally.duplicate += len(records)
                continue
            tally.dead += dead
            tally.parked += parked
            tally.skipped += skipped
            tally.applied += len(records) - dead - parked - skipped
    last = fetched.records[-1] if fetched.records else None
    for tally in tallies.values():
        if fetched.next > tally.next:
            tally.next, tally.at_ms = fetched.next, max(tally.at_ms, fetched.at_ms)
            if last is not None:
                tally.last = last[0], last[2] or b""


def _segments(
    fetched: Fetched, nexts: Mapping[Reader, int]
) -> Iterator[tuple[list[tuple[int, bytes | None, bytes | None]], frozenset[Reader]]]:
    """The records cut where another reader begins to need them; one piece when all readers stand at the same position."""
    records = fetched.records
    cuts = sorted({at for at in nexts.values() if fetched.start < at < fetched.next})
    for low, high in zip([fetched.start, *cuts], [*cuts, fetched.next], strict=True):
        piece = records if not cuts else [record for record in records if low <= record[0] < high]
        yield piece, frozenset(reader for reader, at in nexts.items() if at <= low)


def _fold_records(  # noqa: C901, PLR0912 - the hot loop stays in one function: no call per record, as measured above
    holding: Holding,
    fetched: Fetched,
    records: list[Any],
    names: set[str],
    plan: Plan,
    store: Store,
    refused: Mapping[tuple[str, int, int], str],
) -> int:
    topic, partition = fetched.topic, fetched.partition
    if not names or not records:
        return 0
    skips = holding.skips.get(topic)
    if skips:
        kept = [record for record in records if record[0] not in skips]
        skipped, records = len(records) - len(kept), kept
    else:
        skipped = 0
    books = [holding.books[name] for name in plan.projections if name in names]
    routes = [pair for pair in plan.routes if pair[0].name in names]
    waiting = prepare(books, records, partition, plan.partitions, store)
    parked_keys = holding.parked_keys
    folds = _folds(books, alone=len(plan.readers) == 1)  # one reader alone: its decoder gives only what it needs
    decode = plan.decode
    refused_here = {offset: code for (t, p, offset), code in refused.items() if t == topic and p == partition}
    offset, decoded = 0, False
    try:
        for offset, key, value in records:
            if (
                (waiting and key in waiting)
                or (parked_keys and key in parked_keys)
                or value is None
                or (refused_here and offset in refused_here)
            ):
                _set_aside(holding, topic, (offset, key, value), waiting, refused_here, plan)
                continue
            decoded = False
            try:
                event = decode(value)
            except Rejected as rejection:
                _bury(holding, topic, (offset, key, value), rejection, parks=plan.may_park)
                continue
            if event is None:
                continue
            decoded = True
            for apply, facts, before, needs in folds:
                if needs is not None and type(event) not in needs:
                    continue
                old = facts[key]
                new = apply(old, event)
                if new is not old:
                    facts[key] = new
                    if key not in before:
                        before[key] = old
            for route, count in routes:
                if type(event) in route.needs:
                    for name in route.keys(event):
                        holding.routed.append(Outgoing(route.topic, partition_of(name, count), name.encode(), value))
    except Rejected as rejection:
        raise Refused(topic, partition, offset, rejection.code) from None
    except (Unavailable, Tripped):
        raise
    except Exception as error:
        raise Culprit(topic, partition, offset, where(error, decoded=decoded)) from error
    return skipped


def _folds(books: list[Book], *, alone: bool) -> list[tuple[Any, dict[bytes, Any], dict[bytes, Any], frozenset[type] | None]]:
    return [
        (
            book.projection.apply,
            book.facts,
            book.before,
            None if book.projection.needs is None or alone else frozenset(book.projection.needs),
        )
        for book in books
    ]


def _set_aside(
    holding: Holding,
    topic: str,
    record: tuple[int, bytes | None, bytes | None],
    waiting: frozenset[bytes | None],
    refused: Mapping[int, str],
    plan: Plan,
) -> None:
    offset, key, value = record
    if key is None or key in waiting:
        _bury(holding, topic, record, Rejected("null-key" if key is None else "misrouted-key"), parks=False)
    elif key in holding.parked_keys:
        holding.parked.append(SetAside(topic, offset, key, "parked", "", value or b""))
    else:
        _bury(holding, topic, record, Rejected("null-value" if value is None else refused[offset]), parks=plan.may_park)


def _bury(holding: Holding, topic: str, record: tuple[int, bytes | None, bytes | None], rejection: Rejected, *, parks: bool) -> None:
    offset, key, value = record
    holding.dead.append(SetAside(topic, offset, key, rejection.code, ",".join(rejection.fields), value or b"", parks))
    if parks and key is not None:
        holding.parked_keys.add(key)
    breaker = holding.breakers.get(topic)
    why = breaker.dead(offset) if breaker is not None else None
    if why is not None:
        raise Tripped(topic, holding.claim.partition, offset, why)


def where(error: Exception, *, decoded: bool) -> str:
    """Where the code failed on a record: the module, the line and the kind of error, never its message."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    step = "folding" if decoded else "decoding"
    return f"{type(error).__name__} while {step} at {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
