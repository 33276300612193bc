"""The relay: the only producer. It sends each outbox stream in order and remembers where every record came to stand.

    waiting ──lease──▶ sending ──all acknowledged──▶ marked sent
                          └──one failed──▶ a new producer and twice the time, from the first row not marked

Idempotent producer, acks=all, gapless: when one send fails for good, nothing after it of the same partition is written. A row is sent again
whole if any of it failed; its event ids are the same, so nothing downstream happens twice.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Event as Signal
from time import monotonic
from typing import Any
from zlib import crc32

from confluent_kafka import KafkaError, KafkaException, Producer

from hub.engine.failpoints import Failpoints
from hub.engine.lease import release, release_all, take
from hub.engine.outage import Outage
from hub.engine.outbox import Batch, pack_offsets, unsent
from hub.engine.rows import time_in
from hub.engine.store import Store
from hub.engine.worker import Place
from hub.model.errors import Unavailable

LEASE = timedelta(seconds=4)
DELIVERY = timedelta(seconds=8)
LONGEST = timedelta(seconds=64)
"""How long an answer may take at most. A new producer must first find the cluster, which takes long while that changes its leaders; with no
more time than the last one had, none might ever get there."""
ROWS_AT_ONCE, RECORDS_AT_ONCE = 64, 20_000
"""What one round sends, over all its streams: a row may have 2,000 records, and each weighs a kilobyte or two until it is answered."""
REPAIR = "repair"
"""The stream of what is sent again: while it waits no relay sends anything else, so that what is new comes after it."""

Headers = Callable[[bytes, bytes | None], list[tuple[str, bytes]]]
"""The headers of a record, by its value and key."""


def producer_config(kafka: Mapping[str, Any], delivery: timedelta = DELIVERY) -> dict[str, Any]:
    """The only producer configuration of the hub; a record that is not acknowledged within `delivery` has failed."""
    return {
        **kafka,
        "enable.idempotence": True,
        "enable.gapless.guarantee": True,
        "acks": "all",
        "message.timeout.ms": int(delivery.total_seconds() * 1000),
        "linger.ms": 2,
        "batch.num.messages": 20000,
        "queue.buffering.max.messages": 500000,
        "compression.type": "lz4",
    }


@dataclass(slots=True)
class _Sending:
    """One row on its way."""

    batch: Batch
    offsets: list[int]
    left: int
    failed: bool = False


@dataclass(slots=True, kw_only=True)
class Relay:
    """Sends what the outbox holds, stream by stream, while it holds the stream's lease."""

    store: Store
    kafka: Mapping[str, Any]
    headers: Headers
    holder: str
    failpoints: Failpoints
    alone: bool = False
    sent: int = 0
    newest: dict[Place, tuple[int, int]] = field(default_factory=dict)
    """Offset and checksum of the last record written to each place since somebody last cleared this."""
    parted: Signal = field(default_factory=Signal)
    """Set when a record was given an offset that was given before: a log lost its tail."""
    _leased: list[str] = field(default_factory=list)
    _leased_at: float = 0.0
    _producer: Producer | None = None
    _delivery: timedelta = DELIVERY
    """How long the producer at work, or the next one, waits for an answer."""
    _failed_at: float = 0.0
    _stop: Signal = field(default_factory=Signal)
    _outage: Outage = field(default_factory=lambda: Outage("relay"))

    def start(self) -> bool:
        """A store that this process has to itself has no other relay to wait for. Raises Unavailable."""
        if self.alone:
            with self.store.write() as tx:
                release_all(tx)
        return True

    def run(self, stop: Signal) -> None:
        """Send until told to stop; an outage of Kafka or the store only makes it wait."""
        started, self._stop = False, stop
        while not stop.is_set():
            self.store.outbox_filled.clear()
            try:
                started = started or self.start()
                busy = self.send_waiting()
            except Unavailable as outage:
                self._outage.began(outage)
                busy = False
            if not busy:
                self.store.outbox_filled.wait(0.05)
        self.close()

    def send_waiting(self) -> bool:
        """Send one round of waiting rows; true if there was something to send and it went."""
        batches = self._waiting()
        if not batches or not self._may_send():
            return False
        self.failpoints.reach("outbox_read")
        sendings = [self._produce(batch) for batch in batches]
        self.failpoints.reach("produced_unacked")
        self._flush()
        self.failpoints.reach("acked_unmarked")
        whole = _whole_prefixes(sendings)
        self._mark(whole)
        if len(whole) < len(sendings):
            self._outage.began(Unavailable("Kafka: what was sent was not acknowledged"))
            self._failed_at = monotonic()
            self._begin_anew(min(2 * self._delivery, LONGEST))
        else:
            self._outage.over()
            if self._delivery > DELIVERY and monotonic() - self._failed_at > LONGEST.total_seconds():
                self._begin_anew(DELIVERY)
        return bool(whole)

    def _begin_anew(self, delivery: timedelta) -> None:
        """The next round has a producer of its own, which waits so long for an answer."""
        self._discard_producer()
        self._delivery = delivery

    def _waiting(self) -> list[Batch]:
        """The next rows of the streams whose lease this relay holds or can take."""
        with self.store.read() as tx:
            found = tx.rows("SELECT DISTINCT stream FROM outbox WHERE sent IS NULL")
        streams = sorted(stream for (stream,) in found)
        held = self._held(streams)
        batches: list[Batch] = []
        with self.store.read() as tx:
            for stream in held:
                batches += unsent(tx, stream, max(1, ROWS_AT_ONCE // len(held)), RECORDS_AT_ONCE // len(held))
            repairing = tx.rows("SELECT 1 FROM outbox WHERE stream = ? AND sent IS NULL LIMIT 1", (REPAIR,))  # asked after the rows
        return [batch for batch in batches if batch.stream == REPAIR or not repairing]

    def _held(self, streams: list[str]) -> list[str]:
        """The streams this relay may send now: its leases are renewed each round, and a round that outlasts them sends nothing.

        Whoever takes them next waits DELIVERY after their end: a producer that waits longer for its answers needs longer leases.
        """
        if self.alone:
            return streams
        self._leased_at = monotonic()
        lasts, dialect = LEASE + self._delivery - DELIVERY, self.store.dialect
        with self.store.write() as tx:
            self._leased = [stream for stream in streams if take(tx, f"relay/{stream}", self.holder, lasts, DELIVERY, dialect) is not None]
        return self._leased

    def _may_send(self) -> bool:
        return self.alone or monotonic() - self._leased_at < LEASE.total_seconds()

    def _produce(self, batch: Batch) -> _Sending:
        producer = self._producer
        if producer is None:
            producer = self._producer = Producer(producer_config(self.kafka, self._delivery))
        sending = _Sending(batch, [-1] * len(batch.records), len(batch.records))
        for place, (topic, partition, key, value) in enumerate(batch.records):
            while True:
                try:
                    headers: Any = self.headers(value, key)
                    producer.produce(topic, value, key, partition, on_delivery=partial(_note, sending, place), headers=headers)
                    break
                except BufferError:
                    producer.poll(0.1)
                except KafkaException:
                    sending.failed = True
                    return sending
        return sending

    def _flush(self) -> None:
        """Wait for every answer; a producer that gave up for good, as when the log does not know its numbers any more, is replaced."""
        if self._producer is None:
            return
        began, left = monotonic(), 1
        try:
            while left > 0 and monotonic() - began < self._patience():
                left = self._producer.flush(0.5)
        except KafkaException:
            left = 1
        if left > 0:
            self._discard_producer()

    def _patience(self) -> float:
        """Seconds that a round may wait for its answers; one that is told to stop has no more than the first."""
        return (DELIVERY if self._stop.is_set() else self._delivery).total_seconds() + 5

    def _mark(self, sendings: list[_Sending]) -> None:
        with self.store.write() as tx:
            at = time_in(self.store.dialect)(tx.now())
            rows = [(pack_offsets(s.offsets), at, s.batch.stream, s.batch.seq) for s in sendings]
            tx.run_many("UPDATE outbox SET sent = ?, sent_at = ? WHERE stream = ? AND seq = ?", rows)
        self.sent += sum(len(s.offsets) for s in sendings)
        for sending in sendings:
            self._remember(sending)

    def _remember(self, sending: _Sending) -> None:
        records, offsets = sending.batch.records, sending.offsets
        first = {(record.topic, record.partition): offset for record, offset in zip(reversed(records), reversed(offsets), strict=True)}
        last = {(record.topic, record.partition): (offset, record.value) for record, offset in zip(records, offsets, strict=True)}
        for place, (offset, value) in last.items():
            if place in self.newest and first[place] <= self.newest[place][0]:
                self.parted.set()
            self.newest[place] = offset, crc32(value)

    def _discard_producer(self) -> None:
        """After a failure the order of what is still queued is not to be trusted: begin again from the first row not marked."""
        if self._producer is not None:
            self._producer.purge()
            self._producer = None

    def close(self) -> None:
        """Give the streams back, so that the next relay need not wait; without a store it does, until the leases run out."""
        self._discard_producer()
        with suppress(Unavailable), self.store.write() as tx:
            release(tx, [f"relay/{stream}" for stream in self._leased], self.holder)


def _note(sending: _Sending, place: int, error: KafkaError | None, message: Any) -> None:
    """What became of one record."""
    sending.left -= 1
    offset = None if error is not None else message.offset()
    if offset is None or offset < 0:
        sending.failed = True  # without its offset a record could not be found again: the row is sent once more
    else:
        sending.offsets[place] = offset


def _whole_prefixes(sendings: list[_Sending]) -> list[_Sending]:
    """The rows that went whole, up to the first of each stream that did not."""
    broken: set[str] = set()
    whole = []
    for sending in sendings:
        if sending.failed or sending.left > 0:
            broken.add(sending.batch.stream)
        elif sending.batch.stream not in broken:
            whole.append(sending)
    return whole
