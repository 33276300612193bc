"""What of a store passes is an outage; what does not is a bug or a misconfiguration, and is never waited for."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from hub.engine import migrations
from hub.engine.postgresql import PostgresqlStore
from hub.engine.sqlite import SqliteStore
from hub.engine.store import Store
from hub.model.errors import Misconfigured, Unavailable


@pytest.fixture
def store(tmp_path: Path, store_dsn: str) -> Iterator[Store]:
    (tmp_path / "hub.sqlite").touch()
    with closing(PostgresqlStore(store_dsn) if store_dsn else SqliteStore(tmp_path / "hub.sqlite")) as store:
        yield store


def write(store: Store, *statements: str) -> None:
    with store.write() as tx:
        for sql in statements:
            tx.run(sql)


def test_wrong_sql_is_a_bug_and_not_an_outage(store: Store) -> None:
    with pytest.raises((sqlite3.OperationalError, psycopg.ProgrammingError)):
        write(store, "DELETE FROM nowhere")


def test_a_transaction_that_failed_leaves_nothing_and_the_next_goes_on(store: Store) -> None:
    write(store, "CREATE TABLE t (n INTEGER)")
    with pytest.raises((sqlite3.OperationalError, psycopg.ProgrammingError)):
        write(store, "INSERT INTO t VALUES (1)", "DELETE FROM nowhere")
    with store.read() as tx:
        assert tx.rows("SELECT * FROM t") == []


@pytest.mark.waiting
def test_a_transaction_in_which_its_process_stood_still_is_offered_again(postgresql: str) -> None:
    def stand_still() -> None:
        with server.write() as tx, psycopg.connect(postgresql, autocommit=True) as other:
            tx.run("SET LOCAL idle_in_transaction_session_timeout = '1ms'")
            backend = tx.rows("SELECT pg_backend_pid()")[0]
            while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", backend).fetchone():
                pass
            tx.run("SELECT 1")

    with closing(PostgresqlStore(postgresql)) as server:
        with pytest.raises(Unavailable, match="IdleInTransactionSessionTimeout"):
            stand_still()
        write(server, "SELECT 1")


@pytest.mark.waiting
def test_a_server_that_became_a_standby_is_waited_for(postgresql: str) -> None:
    with closing(PostgresqlStore(postgresql)) as server, pytest.raises(Unavailable, match="ReadOnlySqlTransaction"):
        write(server, "SET TRANSACTION READ ONLY", "CREATE TABLE t (n INTEGER)")


def test_a_store_that_is_gone_is_not_quietly_made_anew(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="hub restore"):
        SqliteStore(tmp_path / "hub.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_this_release_knows_its_own_schema() -> None:
    assert ScriptDirectory.from_config(migrations._config("sqlite://")).get_current_head() == migrations.HEAD
