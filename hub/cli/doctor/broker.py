"""Of Kafka: whether it is there, is Kafka, has this hub's topics, and goes by the same time."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.cli.composition import House
from hub.cli.doctor.faults import Finding, found
from hub.engine import topics
from hub.engine.answering import kafka_answers
from hub.model.errors import Misconfigured, Unavailable

PATIENCE = 5.0
MOST_APART = timedelta(seconds=10)
_LAST = 10
"""Heartbeats looked at: one may have waited in the outbox, not all of them."""


def reached(house: House) -> Iterator[Finding]:
    """Whether one of the addresses answers, and as Kafka does."""
    bootstrap = house.settings.kafka.bootstrap
    if not bootstrap:
        yield found("kafka-unset", "kafka.bootstrap", "is not set, and no local Kafka runs")
        return
    refused = [why for address in bootstrap.split(",") if (why := _refused(address.strip()))]
    if len(refused) == len(bootstrap.split(",")):
        yield found("kafka-unreachable", bootstrap, "; ".join(dict.fromkeys(refused)))
        return
    try:
        kafka_answers(house.kafka)()
    except Unavailable as outage:
        yield found("kafka-wrong-port", bootstrap, f"it takes connections, but gives no topics ({outage.what})")


def _refused(address: str) -> str:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()
    except ValueError:
        return f"{address} is not host:port"
    except socket.gaierror:
        return f"{host} is not the name of a machine"
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def logs(house: House) -> Iterator[Finding]:
    """Whether every topic is there, and is the one that was read so far."""
    from hub.kafka.provision import provision

    try:
        provisioned = provision(house.kafka, house.contracts.topics.values(), copies=1, dry_run=True)
    except Misconfigured as error:
        yield found("other-hub", error.key, error.why, error.mend)
        return
    if missing := provisioned.created:
        yield found("topic-missing", missing[0], f"{len(missing)} of {len(house.contracts.topics)} topics are not there")
    for name in sorted(topics.anew(house.store, provisioned.ids)):
        yield found("topic-recreated", name, "has another id than when it was first met")
    if not missing:
        yield from _belonging(house)


def _belonging(house: House) -> Iterator[Finding]:
    from hub.cli.instance import verify

    try:
        verify(house)
    except Misconfigured as error:
        yield found("other-hub", error.key, error.why, error.mend)


def clocks(house: House) -> Iterator[Finding]:
    """Whether the store and Kafka go by this hub's time."""
    with house.store.read() as tx:
        apart = tx.now() - datetime.now(UTC)
    if abs(apart) > MOST_APART:
        yield found("clock-skew", "store", _said(apart, "this machine"))
    if (behind := _broker_ahead(house)) is not None and abs(behind) > MOST_APART:
        yield found("clock-skew", "Kafka", _said(behind, "the process that sends the heartbeats"))


def _said(apart: timedelta, whom: str) -> str:
    return f"its clock is {abs(apart).total_seconds():,.0f} seconds {'ahead of' if apart > timedelta() else 'behind'} that of {whom}"


def _broker_ahead(house: House) -> timedelta | None:
    """By how much the broker's time of append passes what the hub's clock said, of the last heartbeats the least."""
    from hub.contracts.meta import Heartbeat
    from hub.engine.log_reading import read
    from hub.engine.watch import HEARTBEATS, Watch

    decode, apart, place = house.contracts.decoder({Heartbeat: ("recorded_at",)}), list[timedelta](), (HEARTBEATS, 0)
    watch = Watch(kafka=house.kafka, group="doctor")
    try:
        first, end = watch.bounds(place)
    finally:
        watch.close()

    def take(message: Any) -> None:
        event = decode(message.value() or b"")
        if isinstance(event, Heartbeat):
            apart.append(datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC) - event.recorded_at)

    read(house.kafka, {place: (max(first, end - _LAST), end)}, take)
    return min(apart, key=abs, default=None)
