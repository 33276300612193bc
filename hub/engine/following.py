"""A follower writes tables that are no projection's: log by log in order, its position in the transaction of what it wrote.

A follower without a position empties its tables and reads from the beginning, so what it writes need not be backed up. Several processes
may run the same one: who finds the position moved on drops what it read and reads on from there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event as Signal
from time import monotonic
from typing import Any, NamedTuple, Protocol

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from hub.contracts import Contracts
from hub.engine.lease import take
from hub.engine.store import Store, Transaction
from hub.engine.watch import consumer_config, place_of
from hub.engine.worker import Place
from hub.model.errors import Rejected, Unavailable
from hub.model.event import Event

AT_ONCE = 2000
WAIT_SECONDS = 0.05
PAUSE_SECONDS = 0.5
LOOK_SECONDS = 2.0
LEASE = timedelta(seconds=20)


class Taken(NamedTuple):
    """One record of a log, decoded."""

    topic: str
    offset: int
    event: Event
    value: bytes


Write = Callable[[Transaction], None]


class Task(Protocol):
    """What a follower does with what it reads."""

    @property
    def name(self) -> str:
        """Under which its position is kept."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """The logs it reads."""
        ...

    def begin(self, tx: Transaction) -> None:
        """Empty the tables: it reads from the beginning."""
        ...

    def take(self, records: Sequence[Taken]) -> Write:
        """What to write of these records; whatever is slow or asks elsewhere is done before the transaction."""
        ...


class Moved(Exception):
    """Another process of the same follower was faster."""


Record = tuple[int, bytes | None]


@dataclass(slots=True, kw_only=True)
class Follower:
    """One task on one store."""

    task: Task
    store: Store
    contracts: Contracts
    holder: str = ""
    """This process, where there may be others: one at a time follows."""
    left_out: int = 0
    """Records that could not be read; who folds the topic has set them aside."""
    _decode: Any = field(init=False)
    _until: float = 0.0

    def __post_init__(self) -> None:
        """Decoders are made once; of a topic that others write, one that takes nothing but what the hub itself would have written."""
        outside = [topic for topic in self.task.topics if self.contracts.topic(topic).outsiders_write]
        self._decode = self.contracts.decoder(None, outside[0]) if outside else self.contracts.decoder()

    def positions(self) -> dict[Place, int]:
        """Where to read on, log by log; a follower without a position begins anew."""
        places = [(topic, partition) for topic in self.task.topics for partition in range(self.contracts.topic(topic).partitions)]
        with self.store.write() as tx:
            rows = tx.rows("SELECT topic, partition, next FROM follower WHERE name = ?", (self.task.name,))
            known = {(topic, partition): at for topic, partition, at in rows}
            if set(known) != set(places):
                tx.run("DELETE FROM follower WHERE name = ?", (self.task.name,))
                self.task.begin(tx)
                anew = [(self.task.name, *place) for place in places]
                tx.run_many("INSERT INTO follower (name, topic, partition, next) VALUES (?, ?, ?, 0)", anew)
                return dict.fromkeys(places, 0)
        return known

    def take(self, place: Place, start: int, records: Iterable[Record], after: int) -> None:
        """Write what these records say, if the position still stands at `start`; raises Moved otherwise, Unavailable where it cannot."""
        taken = [each for offset, value in records if (each := self._taken(place, offset, value)) is not None]
        write = self.task.take(taken)
        with self.store.write() as tx:
            changed = tx.run(
                "UPDATE follower SET next = ? WHERE name = ? AND topic = ? AND partition = ? AND next = ?",
                (after, self.task.name, *place, start),
            )
            if changed != 1:
                raise Moved
            write(tx)

    def _taken(self, place: Place, offset: int, value: bytes | None) -> Taken | None:
        try:
            event = self._decode(value or b"")
        except Rejected:
            self.left_out += 1
            return None
        return None if event is None else Taken(place[0], offset, event, value or b"")

    def run(self, kafka: Mapping[str, Any], stop: Signal) -> None:
        """Follow until told to stop, while no other process does; an outage is waited for."""
        while not stop.is_set():
            try:
                if self._mine():
                    self._follow(kafka, stop)
                else:
                    stop.wait(LEASE.total_seconds() / 4)
            except (Unavailable, KafkaException, Moved):
                stop.wait(PAUSE_SECONDS)

    def _still(self, positions: Mapping[Place, int]) -> float:
        """The instant, if the store has these positions still: somebody may have asked for everything to be read again; raises Moved."""
        if self.positions() != positions:
            raise Moved
        return monotonic()

    def _mine(self) -> bool:
        """Whether this process is the one; looked at every few seconds, which renews its lease."""
        if self._until > monotonic():
            return True
        with self.store.write() as tx:
            mine = (
                not self.holder or take(tx, f"follower/{self.task.name}", self.holder, LEASE, timedelta(), self.store.dialect) is not None
            )
        self._until = monotonic() + LEASE.total_seconds() / 4 if mine else 0.0
        return mine

    def _follow(self, kafka: Mapping[str, Any], stop: Signal) -> None:
        positions = self.positions()
        consumer = Consumer(consumer_config(kafka, f"follow-{self.task.name}"))
        try:
            consumer.assign([TopicPartition(*place, at) for place, at in positions.items()])
            looked = monotonic()
            while not stop.is_set() and self._mine():
                if monotonic() - looked > LOOK_SECONDS:
                    looked = self._still(positions)
                for place, messages in _by_place(consumer.consume(AT_ONCE, WAIT_SECONDS)).items():
                    after = int(messages[-1].offset() or 0) + 1
                    self.take(place, positions[place], [(int(each.offset() or 0), each.value()) for each in messages], after)
                    positions[place] = after
        finally:
            consumer.close()


def _by_place(messages: Sequence[Message]) -> dict[Place, list[Message]]:
    found: dict[Place, list[Message]] = {}
    for message in messages:
        wrong = message.error()
        if wrong is not None:
            raise Unavailable(f"Kafka: {wrong.name()}")
        found.setdefault(place_of(message), []).append(message)
    return found
