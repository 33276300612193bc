"""Faust's transport, changed so that the engine sees what Kafka gave: one event per poll, whole partitions, positions before and after.

The laws of this configuration:
- `acks=False` on the topic: Faust commits nothing; the engine tells Kafka after the store has it.
- `seek_to_committed` claims and seeks to the store's positions: Faust calls it after every assignment, after `on_partitions_assigned`.
- `consumer_auto_offset_reset="none"`: a position the log does not have is an answer, never a guess.
- `stream_buffer_maxsize=2` polls, `stream_wait_empty=False`: a slow batch neither swallows the log nor freezes the group.
- `broker_session_timeout=8`, heartbeat 2 s: a dead worker's partitions move on within 20 s. `broker_max_poll_interval` is a day: a slow
  batch is no death.

Why it reaches past aiokafka's public face: one generator step and one object per record cost more than decoding and folding it, Faust's
fetch waits (1.5 s) and aiokafka's fetch size (50 MB) cannot be set from outside. Measured in docs/benchmarks/engine.md. Pinned: aiokafka
0.14, faust-streaming 0.15.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import faust
from aiokafka.consumer.fetcher import FetchResult
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import ConsumerStoppedError, KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.serializers import codecs
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from hub.engine.bundle import Fetched

FETCH_WAIT_MS = 50
FETCH_BYTES = 4_000_000
AT_ONCE = 6_000


class Broken(NamedTuple):
    """The broker refuses this partition at this position: it is paused, and the engine stops it."""

    topic: str
    partition: int
    error: KafkaError


class Polled(NamedTuple):
    """All that one poll brought, under one generation of the group."""

    generation: int
    fetched: list[Fetched]
    broken: list[Broken]


class _Untouched(codecs.Codec):
    """Decoding belongs to the engine, where a bad record can be dead-lettered."""

    def _dumps(self, obj: Any) -> Any:
        return obj

    def _loads(self, s: Any) -> Any:
        return s


CODEC = "record_batch"
codecs.register(CODEC, _Untouched())


def _drain(tp: TP, held: Any, most: int) -> Fetched:
    """Take whole Kafka batches until `most` records are reached; `held` is aiokafka's PartitionRecords, whose own generator is not run."""
    held._records_iterator = None  # never run, its frame would keep the fetched bytes alive in a cycle
    wire, start, at_ms = held._records, held.next_fetch_offset, 0
    records: list[tuple[int, bytes | None, bytes | None]] = []
    while len(records) < most and wire.has_next():
        batch = wire.next_batch()
        if not batch.validate_crc():
            held._records = None  # fetched again from here
            break
        if not _hidden(held, batch):
            records += [(r.offset, r.key, r.value) for r in batch]
            at_ms = batch.max_timestamp
        held.next_fetch_offset = batch.next_offset
    if records and records[0][0] < start:
        records = [record for record in records if record[0] >= start]
    return Fetched(tp.topic, tp.partition, start, records, held.next_fetch_offset, at_ms)


def _hidden(held: Any, batch: Any) -> bool:
    """Control batches, and batches of aborted transactions, are not records."""
    if batch.producer_id is not None:
        held._consume_aborted_up_to(batch.base_offset)
        if batch.is_control_batch and held._contains_abort_marker(batch):
            held._aborted_producers.discard(batch.producer_id)
        elif batch.is_transactional and batch.producer_id in held._aborted_producers:
            return True
    return bool(batch.is_control_batch)


class _Thread(driver.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        consumer._fetch_max_bytes = FETCH_BYTES
        consumer._isolation_level = "read_committed"
        consumer._partition_assignment_strategy = (RangePartitionAssignor,)
        return consumer

    async def _fetch_records(self, consumer: Any, active_partitions: Any, timeout: Any = None, max_records: Any = None) -> Any:
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        if not self.consumer.flow_active:
            return {}
        with fetcher._subscriptions.fetch_context():
            if not (polled := self._take(consumer, fetcher)) and timeout:
                waiter = fetcher._create_fetch_waiter()
                if not (await asyncio.wait([waiter], timeout=timeout))[0]:
                    waiter.cancel()
                    return {}
                polled = self._take(consumer, fetcher)
        return {None: polled} if polled else {}

    async def place(self, offsets: Mapping[TP, int]) -> None:
        """Read on from these positions, paused or not; what a rebalance has taken meanwhile is left to the next assignment."""
        await self.call_thread(self._place, offsets)

    async def _place(self, offsets: Mapping[TP, int]) -> None:
        consumer = self._ensure_consumer()
        for tp, offset in offsets.items():
            place = TopicPartition(*tp)  # Faust's own kind of pair will not do
            if place in consumer.assignment():
                consumer.seek(place, offset)
                if place in consumer.paused():
                    consumer.resume(place)

    async def tell(self, offsets: Mapping[TP, int]) -> bool:
        """Tell Kafka these positions; true if it took them, which it does from members of the present generation alone."""
        accepted: bool = await self.call_thread(self._tell, offsets)
        return accepted

    async def _tell(self, offsets: Mapping[TP, int]) -> bool:
        # Faust's own commit lets its consumer collapse over every refusal and every outage.
        try:
            await self._ensure_consumer().commit({TopicPartition(*tp): OffsetAndMetadata(offset, "") for tp, offset in offsets.items()})
        except KafkaError:
            return False
        return True

    def _take(self, consumer: Any, fetcher: Any) -> Polled | None:
        """Drain what has been fetched; the next fetch leaves while the engine works, because nothing is left behind."""
        if fetcher._subscriptions.reassignment_in_progress:
            return None
        polled = Polled(self.app.consumer_generation_id, [], [])
        left = AT_ONCE
        for tp, result in list(fetcher._records.items()):
            if left <= 0:
                break
            if type(result) is not FetchResult:
                self._complain(consumer, fetcher, tp, result, polled)
            elif result.check_assignment(tp) and result.has_more():
                left -= self._take_one(fetcher, tp, result, left, polled)
            else:
                self._done(fetcher, tp)
        return polled if polled.fetched or polled.broken else None

    def _take_one(self, fetcher: Any, tp: Any, result: Any, most: int, polled: Polled) -> int:
        fetched = _drain(tp, result._partition_records, most)
        result._update_position()
        if fetched.next > fetched.start:
            polled.fetched.append(fetched)
        if result._partition_records._records is None or not result._partition_records._records.has_next():
            self._done(fetcher, tp)
        return len(fetched.records)

    def _complain(self, consumer: Any, fetcher: Any, tp: Any, failed: Any, polled: Polled) -> None:
        self._done(fetcher, tp)
        consumer.pause(tp)
        polled.broken.append(Broken(tp.topic, tp.partition, failed._error))

    def _done(self, fetcher: Any, tp: Any) -> None:
        fetcher._records.pop(tp, None)
        fetcher._notify(fetcher._wait_consume_future)


class BatchConsumer(driver.Consumer):
    """A consumer that hands over whole polls and begins where the store says."""

    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    def on_buffer_full(self, tp: TP) -> None:
        """The stream's queue holds two polls and then waits: hiding partitions besides made getmany sleep its whole second."""

    def on_buffer_drop(self, tp: TP) -> None:
        """As on_buffer_full."""

    async def seek_to_committed(self) -> dict[TP, int]:
        """Called after every assignment: claim, then seek to the store's positions."""
        app: Any = self.app  # the BatchApp that made this consumer
        offsets: dict[TP, int] = await app.offsets_of(self.assignment())
        thread: Any = self._thread
        await thread.place(offsets)
        return offsets

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """One message per poll, whose value is the whole poll."""
        generation = self.app.consumer_generation_id
        found: Any
        found, _ = await self._wait_next_records(timeout)
        if not found or self.should_stop or not self.flow_active:
            return
        polled: Any = found[None]
        if polled.generation != generation or self.app.consumer_generation_id != generation:
            return
        first = (polled.fetched or polled.broken)[0]
        tp = TP(first.topic, first.partition)
        self._read_offset[tp] = None  # the store says what is old, not Faust: after a seek back it would drop the poll without a word
        yield tp, ConsumerMessage(tp.topic, tp.partition, 0, 0.0, 0, [], None, polled, None, 0, 0, tp, generation_id=generation)


class BatchTransport(driver.Transport):
    """Faust's Kafka transport with the consumer above."""

    Consumer = BatchConsumer


class BatchApp(faust.App):
    """A Faust app whose positions come from the store."""

    offsets_of: Callable[[set[TP]], Awaitable[dict[TP, int]]]

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """There are no tables: nothing of Faust's is kept on disk."""


def batch_app(name: str, bootstrap: str, **security: Any) -> BatchApp:
    """An app under the laws above: no tables, no web server, no leader topic, no topics of its own making."""
    return BatchApp(
        name,
        broker=[f"kafka://{address}" for address in bootstrap.split(",")],
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        broker_session_timeout=8,
        broker_heartbeat_interval=2,
        broker_max_poll_interval=86400,
        consumer_auto_offset_reset="none",
        stream_buffer_maxsize=2,
        stream_wait_empty=False,
        **security,
    )
