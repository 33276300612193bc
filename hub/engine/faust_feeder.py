"""The Faust feeder: a consumer group shares a bundle's partitions among workers; Faust delivers, the store decides.

assigned ─▶ claim, read positions, seek ─▶ polls ─▶ process ─▶ tell Kafka
   ▲                                          └──fence lost──▶ ask Kafka: mine → claim again; not mine → stand by
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from time import monotonic
from typing import Any

import faust
import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from hub.engine.backlog import Backlog
from hub.engine.bundle import Bundle
from hub.engine.collector import rare_collections
from hub.engine.faust_transport import CODEC, BatchApp, Broken, Polled, batch_app
from hub.engine.outage import Outage
from hub.engine.serving import Serving
from hub.engine.worker import Outcome, Place
from hub.model.errors import Unavailable

AGAIN_SECONDS = 0.2
TELL_SECONDS = 1.0
"""Telling Kafka is a round trip through two loops and the broker: too dear for every poll."""
FULL = 3000
"""A poll of so many records means that more are there; a fetch may bring two partitions' worth only."""
_NOTHING = Polled(0, [], [])


@dataclass(slots=True, kw_only=True)
class FaustFeeder:
    """Feeds one worker whatever partitions the group gives it."""

    serving: Serving
    kafka: Mapping[str, Any]
    bundle: Bundle
    _app: BatchApp = field(init=False)
    _assigned: set[TP] = field(default_factory=set)
    _adrift: set[int] = field(default_factory=set)
    """Partitions that Kafka may think this member has, and the store does not."""
    _told: dict[TP, int] = field(default_factory=dict)
    _asked: float = 0.0
    _news: dict[TP, int] = field(default_factory=dict)
    """What the store has and Kafka has not been told."""
    _told_at: float = 0.0
    _held: int = 0
    _backlog: Backlog = field(default_factory=lambda: Backlog(full=FULL))
    _bug: Exception | None = None
    _outage: Outage = field(default_factory=lambda: Outage("worker"))

    def run(self, stop: Signal) -> None:
        """Feed until told to stop; Faust's own collapse (a broker gone for long, bytes its client cannot unpack) begins it anew."""
        rare_collections()
        while not stop.is_set():
            try:
                asyncio.run(self._run(stop))
            except KafkaError as error:  # aiokafka's: nobody answers, or not any more
                self._outage.began(Unavailable(f"Kafka: {type(error).__name__}"))
                stop.wait(AGAIN_SECONDS)
            except Exception:
                cause = self._app.crash_reason
                if cause is None:
                    raise
                structlog.get_logger().error("Faust collapsed and begins anew", exc_info=cause)
                stop.wait(AGAIN_SECONDS)
        self.serving.watch.close()

    async def _run(self, stop: Signal) -> None:
        app = self._app = batch_app(self.bundle.name, self.kafka["bootstrap.servers"], **faust_security(self.kafka))
        app.offsets_of = self._offsets_of
        channel = app.topic(*self.bundle.topics, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer=CODEC, acks=False)
        app.agent(channel)(self._agent)
        await app.start()
        try:
            while not stop.is_set():
                if (cause := app.crash_reason or self._bug) is not None:
                    raise cause
                await self._between()
                await asyncio.sleep(0.1)
        finally:
            self.serving.worker.forget(set(self.serving.worker.holdings))
            await app.stop()

    async def _offsets_of(self, assignment: set[TP]) -> dict[TP, int]:
        """Claim what was assigned and say where to read on."""
        self._assigned, self._adrift, self._news = set(assignment), set(), {}
        partitions = {tp.partition for tp in assignment}
        worker = self.serving.worker
        worker.forget(set(worker.holdings) - partitions)
        return await self._claim(partitions)

    async def _claim(self, partitions: set[int]) -> dict[TP, int]:
        """Claim these, however long store and broker take, and say where to read on."""
        while True:
            mine = {(tp.topic, tp.partition) for tp in self._assigned if tp.partition in partitions}  # a rebalance may come in between
            try:
                positions = self.serving.claim(sorted({partition for _, partition in mine}), datetime.now(UTC))
                ends = self._silent(mine - set(positions))
            except Unavailable as outage:
                self._outage.began(outage)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self._outage.over()
                found = {TP(*place): at for place, at in (ends | positions).items()}
                self._told |= found
                return found

    def _silent(self, places: set[Place]) -> dict[Place, int]:
        """A stopped partition is read from its end: what comes is not applied, and a resume claims it again."""
        there = self.serving.watch.topic_ids({topic for topic, _ in places}) if places else {}
        return dict.fromkeys(places, 0) | self.serving.watch.ends(place for place in places if place[0] in there)

    async def _agent(self, stream: Any) -> None:
        """The agent's body catches everything: one that raises is handed the next poll, and this one would be lost without a word."""
        async for polled in stream:
            try:
                await self._apply(polled)
            except Exception as error:  # noqa: BLE001 - `_run` raises it where it ends the role
                self._bug = error
                return

    async def _apply(self, polled: Polled) -> None:
        for broken in polled.broken:
            await self._stop(broken)
        if not self.serving.committer.guards.ack_before_commit:
            await self._tell({TP(f.topic, f.partition): f.next for f in polled.fetched})
        while polled.fetched:
            hold = self._backlog.may_hold(sum(len(each.records) for each in polled.fetched), self.serving.worker.holds)
            try:
                outcome = self.serving.worker.process(polled.fetched, datetime.now(UTC), hold=hold)
            except Unavailable as outage:
                self._outage.began(outage)
                await asyncio.sleep(outage.retry_after or AGAIN_SECONDS)
                continue
            self._outage.over()
            await self._settle(polled, outcome)
            return

    async def _stop(self, broken: Broken) -> None:
        while True:
            try:
                if self.serving.not_there((broken.topic, broken.partition)):
                    self._adrift.add(broken.partition)
            except Unavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    async def _settle(self, polled: Polled, outcome: Outcome) -> None:
        if not self.serving.worker.holds:
            self._backlog.committed()
        if outcome.careful:
            self._backlog.beware()
            self._news = {}
        if outcome.seek:
            await self._thread.place({TP(topic, partition): at for (topic, partition), at in outcome.seek.items()})
        self.serving.committer.failpoints.reach("db_committed_offset_uncommitted")
        self._news |= {
            TP(f.topic, f.partition): f.next
            for f in polled.fetched
            if f.partition not in outcome.lost and (f.topic, f.partition) not in outcome.seek
        }
        self._adrift |= outcome.lost
        await self._tell_news()

    async def _tell_news(self) -> None:
        """Tell Kafka, now and then, what the store has; what is only held it does not have."""
        due = monotonic() - self._told_at >= TELL_SECONDS and not self.serving.worker.holds
        if self._news and due and self.serving.committer.guards.ack_before_commit:
            news, self._news, self._told_at = self._news, {}, monotonic()
            await self._tell(news)

    @property
    def _thread(self) -> Any:
        """The thread in which Faust's consumer runs: it does what is asked of it between its own fetches."""
        consumer: Any = self._app.consumer
        return consumer._thread

    async def _tell(self, offsets: dict[TP, int]) -> bool:
        """Tell Kafka, for lag tools; its answer also says whether this member's generation still counts."""
        self._told |= offsets
        return bool(await self._thread.tell(offsets)) if offsets else True

    async def _between(self) -> None:
        """Tend the partitions in hand; claim again those that slipped away, if Kafka says that they are this member's."""
        worker = self.serving.worker
        if worker.holds and worker.holds == self._held:  # the log ended just after a full poll: no other poll will commit it
            await self._settle(_NOTHING, worker.process([], datetime.now(UTC)))
        self._held = worker.holds
        if not worker.holds:
            self._adrift |= self.serving.tick(datetime.now(UTC))
            await self._tell_news()
        mine = {tp: at for tp, at in self._told.items() if tp in self._assigned and tp.partition in self._adrift}
        if mine and monotonic() - self._asked > AGAIN_SECONDS:
            self._asked = monotonic()
            if await self._tell(mine):
                partitions, self._adrift = {tp.partition for tp in mine}, set()
                await self._thread.place(await self._claim(partitions))


def faust_security(kafka: Mapping[str, Any]) -> dict[str, Any]:
    """The security settings of librdkafka in Faust's words."""
    protocol = str(kafka.get("security.protocol", "PLAINTEXT")).upper()
    context = ssl.create_default_context(cafile=kafka.get("ssl.ca.location")) if "SSL" in protocol else None
    if protocol.startswith("SASL"):
        credentials: Any = faust.SASLCredentials(
            username=kafka.get("sasl.username"),
            password=kafka.get("sasl.password"),
            mechanism=kafka.get("sasl.mechanism"),
            ssl_context=context,
        )
        return {"broker_credentials": credentials}
    return {"broker_credentials": faust.SSLCredentials(context)} if context is not None else {}
