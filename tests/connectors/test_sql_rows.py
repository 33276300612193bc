"""Another system's table is read by its watermark: rows of one instant, late ones and changed ones alike; and nothing is ever written."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from connectors.surroundings import Asked
from hub.connect.databases import Databases
from hub.model.errors import Misconfigured, Unavailable
from tests.connectors.reading import NOW, Read, read_all
from tests.connectors.sql_world import SQL, TABLE, SqliteWorld, job
from tests.connectors.worlds import loaded


@pytest.fixture
def world(tmp_path: Path) -> SqliteWorld:
    return SqliteWorld(tmp_path)


async def swept(world: SqliteWorld, cursor: str | None = None, **more: Any) -> Read:
    async with world.source(NOW, **more) as source:
        return await read_all(source, cursor)


def references(read: Read) -> list[str]:
    return [record.values.reference for record in read.records]


async def test_rows_come_in_the_order_of_their_watermark_and_each_once(world: SqliteWorld) -> None:
    read = await swept(world)
    assert references(read) == [f"J{number:03}" for number in range(35)]
    assert [len(page.records) for page in read.pages] == [10, 10, 10, 5]


async def test_what_changed_since_is_read_and_what_lies_at_the_watermark_is_looked_at_again(world: SqliteWorld) -> None:
    first = await swept(world)
    world.put(job(3, 40, status="done"))
    assert references(await swept(world, first.cursor)) == ["J033", "J034", "J003"]


async def test_a_row_that_was_slow_to_commit_is_read_where_it_is_not_later_than_was_said(world: SqliteWorld) -> None:
    first = await swept(world, late_by=120)
    world.put(job(800, 10), job(801, 11))
    assert "J801" in references(await swept(world, first.cursor, late_by=120))


async def test_a_number_is_a_watermark_too(tmp_path: Path) -> None:
    world = SqliteWorld(tmp_path)
    numbered: dict[str, Any] = {
        "query": "SELECT rowid AS n, * FROM jobs WHERE ref LIKE '%0%'",
        "watermark": "n",
        "unique": "n",
        "late_by": 2,
    }
    first = await swept(world, **numbered)
    world.put(job(800))
    assert references(await swept(world, first.cursor, **numbered))[-1] == "J800"


async def test_an_outbox_table_is_read_by_the_types_of_its_rows(tmp_path: Path) -> None:
    world = SqliteWorld(tmp_path)
    world.write("CREATE TABLE outbox (n INTEGER PRIMARY KEY, id TEXT, aggregatetype TEXT, aggregateid TEXT, type TEXT, payload TEXT)")
    payload = '{"ref": "B7", "at": 1772701200000, "what": "Blue Badge", "state": "open"}'
    world.write(f"INSERT INTO outbox VALUES (1, 'a', 'badge', 'B7', 'BadgeAsked', '{payload}'), (2, 'b', 'badge', 'B7', 'BadgeSeen', '{{')")
    columns = {
        "reference": "payload.ref",
        "opened": "payload.at",
        "updated": "payload.at",
        "service": "payload.what",
        "status": "payload.state",
    }
    read = await swept(
        world, query="SELECT * FROM outbox", watermark="n", unique="n", envelope="outbox",
        layouts=[{"pattern": "BadgeAsked", "dates": ["epoch-ms"], "columns": columns}],
    )  # fmt: skip
    assert (references(read), [bad.code for bad in read.bad]) == (["B7"], ["record-malformed"])
    assert read.count()["CaseOpened"] == 1


@pytest.mark.parametrize("query", ["SELECT * FROM nowhere", "DELETE FROM jobs RETURNING *", "SELECT ref FROM jobs; DROP TABLE jobs"])
async def test_what_cannot_be_asked_is_a_fault_of_the_configuration(world: SqliteWorld, query: str) -> None:
    with pytest.raises(Misconfigured, match="query: the database cannot answer it"):
        await swept(world, query=query)
    assert len(references(await swept(world))) == 35


async def test_an_address_of_something_else_is_refused_unseen(world: SqliteWorld) -> None:
    with pytest.raises(Misconfigured) as wrong:
        await swept(world, address_secret="mysql://user:hunter2@host/db")
    assert "hunter2" not in str(wrong.value)


async def test_a_table_of_postgresql_is_read_as_one_of_sqlite(tmp_path: Path, postgresql: str) -> None:
    with psycopg.connect(postgresql) as connection:
        connection.execute(TABLE)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO jobs VALUES (%s, %s, %s, %s, %s, %s)", [job(number) for number in range(35)])
    async with loaded(tmp_path, SQL | {"address_secret": postgresql}, NOW, tables=Databases()) as source:
        read = await read_all(source)
        again = await read_all(source, read.cursor)
    assert (len(read.pages), read.count()["CaseOpened"], again.count()["CaseOpened"]) == (4, 35, 2)


def test_a_reader_of_postgresql_can_write_nothing(postgresql: str) -> None:
    with psycopg.connect(postgresql) as connection:
        connection.execute(TABLE)
        connection.execute("CREATE SEQUENCE s")
    asked = Asked(address=postgresql, query="SELECT lo_create(7)::text AS ref", watermark="ref", key="ref", most=1)
    assert Databases().rows(asked) == Databases().rows(asked) == [{"ref": "7"}]
    deleted = "WITH gone AS (DELETE FROM jobs RETURNING ref) SELECT ref FROM gone"
    for query in ("SELECT setval('s', 1) AS ref", "SELECT nextval('s') AS ref", deleted):
        with pytest.raises(Misconfigured):
            Databases().rows(Asked(address=postgresql, query=query, watermark="ref", key="ref", most=1))
    with pytest.raises(Unavailable):
        Databases().rows(Asked(address="postgresql://127.0.0.1:1/x", query="SELECT 1 AS ref", watermark="ref", key="ref", most=1))
