"""The relay and a Kafka that is slow to be found, as one is that changes its leaders: it is given longer, and later as long as ever."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from hub.engine.failpoints import Failpoints
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.relay import DELIVERY, LEASE, LONGEST, REPAIR, Relay
from hub.engine.rows import time_out
from tests.engine_harness import Engine, running
from tests.services.kafka import Kafka
from tests.services.slow_door import slow_door
from tests.web.conftest import until

SECOND = timedelta(seconds=1)


@pytest.fixture
def quiet_engine(tmp_path: Path) -> Iterator[Engine]:
    """A hub whose outbox holds what a test puts there."""
    with running(tmp_path) as engine:
        yield engine


def relay(engine: Engine, bootstrap: str, delivery: timedelta, *, alone: bool = True) -> Relay:
    """One that waits so long for its first answer."""
    return Relay(
        store=engine.house.store, kafka={"bootstrap.servers": bootstrap, "log_level": 0}, headers=lambda *_: [], holder="this one",
        failpoints=Failpoints(), alone=alone, _delivery=delivery,
    )  # fmt: skip


def put(engine: Engine, topic: str, value: bytes, stream: str = "test") -> None:
    """One record for this topic into the outbox."""
    with engine.house.store.write() as tx:
        enqueue(tx, stream, last_seq(tx, stream) + 1, [Outgoing(topic, 0, b"key", value)], tx.now(), engine.house.store.dialect)


def test_a_cluster_that_is_slow_to_be_found_is_reached_because_each_round_is_given_longer(
    quiet_engine: Engine, kafka: Kafka, fresh_topic: Callable[..., str]
) -> None:
    put(quiet_engine, fresh_topic("slow"), b"said")
    with slow_door(kafka.bootstrap, seconds=3) as door:
        sending = relay(quiet_engine, door, SECOND)
        assert not sending.send_waiting()
        until(sending.send_waiting, 240)
        assert (sending.sent, sending._delivery >= 4 * SECOND) == (1, True)
        sending.close()


def test_after_a_minute_of_answers_a_relay_waits_no_longer_than_the_first_time(
    quiet_engine: Engine, kafka: Kafka, fresh_topic: Callable[..., str]
) -> None:
    topic = fresh_topic("calm")
    sending = relay(quiet_engine, kafka.bootstrap, LONGEST)
    for ago, then in ((0.0, LONGEST), (LONGEST.total_seconds() + 1, DELIVERY)):
        put(quiet_engine, topic, b"said")
        sending._failed_at = monotonic() - ago
        until(sending.send_waiting, 120)
        assert sending._delivery == then
    sending.close()


def test_nothing_new_is_sent_while_a_repair_waits_at_another_relay(quiet_engine: Engine) -> None:
    put(quiet_engine, "anything", b"again", REPAIR)
    theirs, ours = (relay(quiet_engine, "127.0.0.1:1", DELIVERY, alone=False) for _ in range(2))
    theirs.holder = "another one"
    assert [batch.stream for batch in theirs._waiting()] == [REPAIR]
    put(quiet_engine, "anything", b"new")
    assert ours._waiting() == []
    with quiet_engine.house.store.write() as tx:
        tx.run("UPDATE outbox SET sent = ? WHERE stream = ?", (b"", REPAIR))
    assert [batch.stream for batch in ours._waiting()] == ["test"]


@pytest.mark.parametrize("delivery", [DELIVERY, 2 * DELIVERY, LONGEST])
def test_nobody_takes_a_stream_while_what_was_sent_may_still_arrive(quiet_engine: Engine, delivery: timedelta) -> None:
    assert relay(quiet_engine, "127.0.0.1:1", delivery, alone=False)._held(["test"]) == ["test"]
    with quiet_engine.house.store.read() as tx:
        ((until_then,),) = tx.rows("SELECT until FROM lease WHERE name = ?", ("relay/test",))
        settled = time_out(quiet_engine.house.store.dialect)(until_then) + DELIVERY
        latest = tx.now() + LEASE + delivery  # begun at the last moment that the lease allows, answered at the last that the producer does
    assert settled <= latest < settled + 60 * SECOND
