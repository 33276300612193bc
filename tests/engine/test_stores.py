"""What of a store passes is an outage; what does not is a bug or a misconfiguration, and is never waited for."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path
from threading import Event, Thread

import orjson
import psycopg
import pytest
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.engine import migrations
from hub.engine.postgresql import PostgresqlStore
from hub.engine.sqlite import SqliteStore
from hub.engine.store import Column, Row, Store, Table
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


def test_a_file_is_not_closed_under_somebody_who_reads_it(tmp_path: Path) -> None:
    """SQLite crashes the whole process when a connection is closed while another thread runs a statement on it."""
    (tmp_path / "hub.sqlite").touch()
    store = SqliteStore(tmp_path / "hub.sqlite")
    begun, go_on, left = Event(), Event(), list[str]()

    def look() -> None:
        with store.read() as tx:
            begun.set()
            go_on.wait(60)
            left.append(f"read {tx.rows('SELECT 1')}")

    def shut() -> None:
        store.close()
        left.append("closed")

    reader, closer = Thread(target=look), Thread(target=shut)
    reader.start()
    begun.wait(60)
    closer.start()
    go_on.set()
    for thread in (reader, closer):
        thread.join(60)
    assert left == ["read [(1,)]", "closed"]


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
        with pytest.raises(Unavailable):  # the server's word for it, or no more than a closed connection: whichever is read first
            stand_still()
        write(server, "SELECT 1")


@pytest.mark.waiting
def test_the_servers_word_for_a_transaction_that_stood_still_is_an_outage(postgresql: str) -> None:
    with closing(PostgresqlStore(postgresql)) as server, pytest.raises(Unavailable, match="IdleInTransactionSessionTimeout"):
        write(server, "DO $$ BEGIN RAISE SQLSTATE '25P03'; END $$")


@pytest.mark.waiting
def test_a_server_that_became_a_standby_is_waited_for(postgresql: str) -> None:
    with closing(PostgresqlStore(postgresql)) as server, pytest.raises(Unavailable, match="ReadOnlySqlTransaction"):
        write(server, "SET TRANSACTION READ ONLY", "CREATE TABLE t (n INTEGER)")


KEPT = Table(
    name="kept",
    columns=(
        Column(name="n", kind="int"), Column(name="said", kind="text"), Column(name="at", kind="time"), Column(name="share", kind="real"),
        Column(name="open", kind="bool"), Column(name="box", kind="bytes"), Column(name="more", kind="json"),
    ),
    key=("n",),
)  # fmt: skip

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(CHARACTERS, max_size=12) | st.sampled_from(["", "\\N", "a\tb\n", "\r\\."])
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | st.datetimes(timezones=st.just(UTC)),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
        st.none() | st.binary(max_size=8),
        st.none() | st.lists(TEXTS).map(lambda texts: orjson.dumps(texts).decode()),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.waiting
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_rows_copied_in_bulk_are_the_rows_that_were_given(postgresql: str, values: list[Row]) -> None:
    rows: list[Row] = [(n, *values[n % len(values)]) for n in range(70)]
    with closing(PostgresqlStore(postgresql)) as server:
        with server.write() as tx:
            tx.run("DROP TABLE IF EXISTS kept")
            tx.create(KEPT)
            tx.upsert(KEPT, [(n, *[None] * 6) for n in range(80)])
        with server.write() as tx:
            tx.upsert(KEPT, rows)
        with server.read() as tx:
            kept = tx.rows("SELECT * FROM kept ORDER BY n")
    assert [(*row[:5], row[5] and bytes(row[5])) for row in kept[:70]] == [row[:6] for row in rows]
    assert [row[6] and orjson.loads(row[6]) for row in kept[:70]] == [row[6] and orjson.loads(row[6]) for row in rows]
    assert [row[1:] for row in kept[70:]] == [(None,) * 6] * 10


def test_a_store_that_is_gone_is_not_quietly_made_anew(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="hub restore"):
        SqliteStore(tmp_path / "hub.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_this_release_knows_its_own_schema() -> None:
    assert ScriptDirectory.from_config(migrations._config("sqlite://")).get_current_head() == migrations.HEAD
