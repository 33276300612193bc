"""Which projection versions there are, which one readers see, and where each reader begins. Rows come from here only.

A version carries a fingerprint of its module, of the pure code it reaches and of the policies it reads; a changed fingerprint under the
same version is refused, because its rows would be two folds in one table.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any

from hub.engine.bundle import Bundle, Reader
from hub.engine.rows import shelf, time_in
from hub.engine.store import Store, Transaction
from hub.model.errors import Misconfigured
from hub.model.projection import Projection

Ends = Mapping[tuple[str, int], int]
BUILDING, LIVE, RETIRED = "building", "live", "retired"
NO_IDS: Mapping[str, str] = MappingProxyType({})


def create(
    store: Store, bundle: Bundle, partitions: int, ends: Ends, fingerprints: Mapping[str, str], topic_ids: Mapping[str, str] = NO_IDS
) -> list[Reader]:
    """Begin every member of the bundle that is not there yet: empty rows, inbox at 0, effects held to the log's present ends.

    A first version of an empty log is live at once; any other becomes live by takeover (hub/engine/takeover.py). `topic_ids` are the
    broker's own, so that a topic made anew under the old name is noticed. Gives the readers begun.
    """
    begun = []
    with store.write() as tx:
        known = {Reader(name, version) for name, version in tx.rows("SELECT DISTINCT reader, version FROM inbox")}
        for partition in range(partitions):
            tx.run(
                "INSERT INTO owner (bundle, partition, epoch, status, beat) VALUES (?, ?, 0, 'running', 0)"
                " ON CONFLICT (bundle, partition) DO NOTHING",
                (bundle.name, partition),
            )
        for reader, topics in bundle.readers.items():
            if reader not in known:
                _begin(tx, bundle.name, reader, topics, partitions, ends, topic_ids)
                begun.append(reader)
        for projection in bundle.projections:
            if Reader(projection.name, projection.version) in begun:
                _begin_rows(tx, store.dialect, projection, partitions, ends, fingerprints.get(projection.name, ""))
    return begun


def _begin(
    tx: Transaction, bundle: str, reader: Reader, topics: tuple[str, ...], partitions: int, ends: Ends, topic_ids: Mapping[str, str]
) -> None:
    tx.run_many(
        "INSERT INTO inbox (reader, version, topic, partition, bundle, topic_id, next, held_until, retired,"
        " consumed, applied, duplicate, dead, parked, skipped, gap) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 0, 0, 0, 0, 0, 0, 0)",
        [
            (reader.name, reader.version, topic, partition, bundle, topic_ids.get(topic), ends.get((topic, partition), 0), False)
            for topic in topics
            for partition in range(partitions)
        ],
    )


def _begin_rows(tx: Transaction, dialect: str, projection: Projection[Any], partitions: int, ends: Ends, fingerprint: str) -> None:
    tx.create(shelf(projection, dialect).table)
    pointed = tx.rows("SELECT 1 FROM pointer WHERE projection = ?", (projection.name,))
    fresh = not pointed and not any(ends.get((topic, partition), 0) for topic in projection.reads for partition in range(partitions))
    tx.run(
        "INSERT INTO projection_version (projection, version, fingerprint, state, created_at) VALUES (?, ?, ?, ?, ?)",
        (projection.name, projection.version, fingerprint, LIVE if fresh else BUILDING, time_in(dialect)(tx.now())),
    )
    if fresh:
        rows = [(projection.name, partition, projection.version) for partition in range(partitions)]
        tx.run_many("INSERT INTO pointer (projection, partition, version) VALUES (?, ?, ?)", rows)


def check(store: Store, bundle: Bundle, partitions: int, fingerprints: Mapping[str, str]) -> None:
    """Refuse to start on rows that this code did not fold, or without a position: raises Misconfigured with what to do."""
    with store.read() as tx:
        known = {
            (name, version): mark for name, version, mark in tx.rows("SELECT projection, version, fingerprint FROM projection_version")
        }
        inboxes = {
            (Reader(name, version), *place) for name, version, *place in tx.rows("SELECT reader, version, topic, partition FROM inbox")
        }
        owned = {partition for (partition,) in tx.rows("SELECT partition FROM owner WHERE bundle = ?", (bundle.name,))}
    for reader, topics in bundle.readers.items():
        places = {(topic, partition) for topic in topics for partition in range(partitions)}
        _check_inboxes(reader, places, inboxes, begun=(reader.name, reader.version) in known)
    for projection in bundle.projections:
        mark = fingerprints.get(projection.name, "")
        if known.get((projection.name, projection.version), mark) != mark:
            raise Misconfigured(
                f"projection {projection.name} version {projection.version}",
                "its code or policies changed since its rows were begun",
                "give it a new version and run: hub projection create",
            )
    if owned < set(range(partitions)):
        raise Misconfigured(f"bundle {bundle.name}", f"lacks {partitions - len(owned)} of its {partitions} partitions", _RESTORE)


_RESTORE = "the store is damaged: restore it from a backup"


def _check_inboxes(reader: Reader, places: AbstractSet[tuple[str, int]], inboxes: AbstractSet[tuple[Any, ...]], *, begun: bool) -> None:
    """Nobody guesses where to read on: a reader has a position in every partition, or none at all because it was never begun."""
    missing = sorted(place for place in places if (reader, *place) not in inboxes)
    what = f"projection {reader.name} version {reader.version}"
    if len(missing) == len(places) and not begun:
        raise Misconfigured(what, "has no inbox", "run: hub projection create")
    if missing:
        raise Misconfigured(what, f"has no inbox for {missing[0][0]}/{missing[0][1]}", _RESTORE)


_POSITION = ("reader", "version", "topic", "partition", "next", "consumed", "applied", "duplicate", "dead", "parked", "skipped", "gap")


def positions(store: Store) -> list[dict[str, Any]]:
    """Every reader's position and what became of the records before it, for people."""
    with store.read() as tx:
        rows = tx.rows(f"SELECT {', '.join(_POSITION)} FROM inbox WHERE NOT retired ORDER BY reader, version, topic, partition")
    return [dict(zip(_POSITION, row, strict=True)) for row in rows]


def listing(store: Store) -> list[dict[str, Any]]:
    """Every projection version with its state and how many partitions it serves, for people."""
    with store.read() as tx:
        rows = tx.rows(
            "SELECT v.projection, v.version, v.state,"
            " (SELECT COUNT(*) FROM pointer p WHERE p.projection = v.projection AND p.version = v.version)"
            " FROM projection_version v ORDER BY v.projection, v.version"
        )
    return [dict(zip(("projection", "version", "state", "partitions"), row, strict=True)) for row in rows]
