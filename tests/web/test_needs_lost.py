"""What a process needs is really taken away: a broker killed, a database dropped."""

from pathlib import Path

import pytest

from hub.engine.answering import kafka_answers, store_answers
from hub.engine.postgresql import PostgresqlStore
from hub.kafka import broker, cluster
from hub.kafka.runtime import Runtime
from hub.model.errors import Unavailable
from tests.engine_harness import running
from tests.services.kafka import local_runtime
from tests.services.postgresql import PostgreSQL
from tests.services.promised import at_most, taken
from tests.web.conftest import made_app, ready, served, until


@pytest.mark.needs("local kafka")
def test_a_killed_broker_shows_in_readiness_within_five_seconds_and_so_does_its_return(tmp_path: Path) -> None:
    java, folder = local_runtime(), tmp_path / "kafka"
    assert isinstance(java, Runtime)
    kafka = broker.start(folder, with_=java)
    try:
        checks = {"kafka": kafka_answers({"bootstrap.servers": kafka.bootstrap})}
        with running(tmp_path) as engine, served(made_app(engine, checks)) as client:

            def killed() -> float:
                until(lambda: ready(client), 120)
                broker.kill(folder)
                seconds = until(lambda: not ready(client), 60)
                assert client.get("/livez").status_code == 200
                broker.start(folder, port=int(kafka.bootstrap.rpartition(":")[2]), with_=java)
                until(lambda: ready(client), 120)
                return seconds

            at_most(5, killed)
    finally:
        cluster.stop(folder)


def test_a_dropped_database_does_not_answer(postgresql_server: PostgreSQL) -> None:
    with postgresql_server.database() as dsn:
        store = PostgresqlStore(dsn)
        check = store_answers(store)
        check()
    with pytest.raises(Unavailable):
        check()
    store.close()


def test_a_broker_that_is_not_there_is_known_within_three_seconds() -> None:
    def asked() -> None:
        with pytest.raises(Unavailable, match="Kafka"):
            kafka_answers({"bootstrap.servers": "127.0.0.1:9"})()

    at_most(3, lambda: taken(asked))
