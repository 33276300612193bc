"""A store brought back from a backup does not know what the hub said after it; it learns that from the log before anybody is told anything.

    older than the log ──hub learn──▶ heard, views held ──read on to the log's end──▶ told is what the log says ──▶ live

Until then no telling is made: the same fold over the same records must not say in other steps what was said already. A number that
stands in the log is never given to another content, neither a telling's nor the version of a fact that a source states again.

What cannot be learned: a telling that no state at the log's end calls for, and whose withdrawal the lost store never sent, stays standing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hub.contracts.meta import Heartbeat
from hub.contracts.registry import Contracts
from hub.contracts.topics import Topic, TopicKind
from hub.engine.effects import content
from hub.engine.heartbeat import STREAM
from hub.engine.log_reading import read
from hub.engine.outbox import last_seq
from hub.engine.store import Store, Transaction
from hub.engine.watch import Watch
from hub.engine.worker import Place
from hub.engine.written import tails
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.projection import Projection

AT_ONCE = 5000
Decode = Callable[[bytes], Event | None]


def older_than_log(store: Store, watch: Watch, contracts: Contracts, tellers: Iterable[Projection[Any]]) -> Place | None:
    """A log whose last record this hub wrote and this store does not know; None if there is none. Raises Unavailable."""
    sources = {f"hub/{projection.name}": projection.name for projection in tellers}
    places = _places(watch, contracts, (TopicKind.DERIVED, TopicKind.INTERNAL))
    first, end = watch.firsts(places), watch.ends(places)
    last = watch.values({place: end[place] - 1 for place in places if first[place] < end[place]})
    decode = _reader(contracts)
    with store.read() as tx:
        for place, value in last.items():
            event = decode(value)
            if event is not None and not _known(tx, event, sources):
                return place
    return None


def _known(tx: Transaction, event: Event, sources: Mapping[str, str]) -> bool:
    if isinstance(event, Heartbeat):
        found = event.beat <= last_seq(tx, STREAM)
    elif event.source in sources:
        told = tx.rows("SELECT 1 FROM told WHERE projection = ? AND event_id = ?", (sources[event.source], event.event_id))
        found = bool(told)
    else:
        return True
    return found or bool(tx.rows("SELECT 1 FROM heard WHERE event_id = ?", (event.event_id,)))


def learn(store: Store, watch: Watch, kafka: Mapping[str, Any], contracts: Contracts) -> int:
    """Learn what was written after this store's memory ends, and hold every view until it has read on to there; gives how much it was.

    No process of the hub may run meanwhile. Raises Unavailable.
    """
    known = tails(store)
    places = _places(watch, contracts, (TopicKind.DERIVED, TopicKind.INTERNAL, TopicKind.SOURCE))
    first, end = watch.firsts(places), watch.ends(places)
    starts = {place: max(first[place], known[place].offset + 1 if place in known else 0) for place in places}
    decode, heard, count = _reader(contracts), dict[str, str](), 0

    def take(_: Place, __: int, value: bytes) -> None:
        nonlocal count
        event = decode(value)
        if event is not None:
            heard[event.event_id] = content(event) if event.source.startswith("hub/") else ""
            count += 1
        if len(heard) >= AT_ONCE:
            _keep(store, heard)

    read(kafka, {place: (starts[place], end[place]) for place in places}, take)
    _keep(store, heard)
    _hold(store, watch)
    return count


def _places(watch: Watch, contracts: Contracts, kinds: Iterable[TopicKind]) -> list[Place]:
    """Every partition of these kinds of topics that the hub alone writes to."""
    topics: dict[str, Topic] = {
        topic.name: topic for topic in contracts.topics.values() if topic.kind in kinds and not topic.outsiders_write
    }
    return [(name, partition) for name in watch.topic_ids(topics) for partition in range(topics[name].partitions)]


def _reader(contracts: Contracts) -> Decode:
    decode = contracts.decoder()

    def of(value: bytes) -> Event | None:
        try:
            event: Event | None = decode(value)
        except Rejected:  # what nobody can read nobody was told
            return None
        return event

    return of


def _keep(store: Store, heard: dict[str, str]) -> None:
    with store.write() as tx:
        tx.run_many("INSERT INTO heard (event_id, mark) VALUES (?, ?) ON CONFLICT (event_id) DO NOTHING", list(heard.items()))
    heard.clear()


def _hold(store: Store, watch: Watch) -> None:
    """Views are served as they are, and said to be incomplete; others are told nothing until the log has been read to its present end."""
    with store.read() as tx:
        places = [(topic, partition) for topic, partition in tx.rows("SELECT DISTINCT topic, partition FROM inbox WHERE NOT retired")]
    ends = watch.ends(places)
    with store.write() as tx:
        tx.run("UPDATE pointer SET held = ?", (True,))
        tx.run_many(
            "UPDATE inbox SET held_until = ? WHERE topic = ? AND partition = ? AND held_until < ?",
            [(end, topic, partition, end) for (topic, partition), end in ends.items()],
        )
        tx.run("UPDATE owner SET epoch = epoch + 1")
