"""A folder is read file by file, each row once, and resumed wherever it was left; nothing in it is ever touched."""

import os
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from connectors import csv_drop
from hub.model.errors import Misconfigured, Unavailable
from tests.connectors.drops import config, dropped, lines, row, source
from tests.connectors.reading import NOW, Read, client, read_all, surroundings


def references(read: Read) -> list[str]:
    return [record.values.reference for record in read.records]


async def poll_all(folder: Path, cursor: str | None = None, **more: object) -> Read:
    async with client() as http:
        return await read_all(source(http, folder, **more), cursor)


async def test_files_are_read_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(lines(row("2")))
    (tmp_path / "a.csv").write_text(lines(row("1")))
    (tmp_path / "notes.txt").write_text("not for us")
    assert references(await poll_all(tmp_path)) == ["1", "2"]


async def test_a_page_resumed_anywhere_loses_and_repeats_nothing(tmp_path: Path) -> None:
    many = lines(*(row(str(number), note='"over\ntwo lines"') for number in range(7)))
    read = await dropped(tmp_path, many, page_rows=2)
    assert [len(page.records) for page in read.pages] == [2, 2, 2, 1]
    for number, page in enumerate(read.pages[:-1]):
        assert references(await poll_all(tmp_path, page.cursor, page_rows=3)) == [str(n) for n in range(2 * (number + 1), 7)]


async def test_a_resumed_row_knows_its_line(tmp_path: Path) -> None:
    first = await dropped(tmp_path, lines(*(row(str(number), note='"two\nlines"') for number in range(3))), page_rows=1)
    rest = await poll_all(tmp_path, first.pages[0].cursor)
    assert [record.line for record in rest.records] == [4, 6]


async def test_a_file_read_to_its_end_is_not_read_again_and_stays_where_it_is(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1")))
    before = (tmp_path / "drop.csv").stat()
    assert references(await poll_all(tmp_path, read.cursor)) == []
    assert (tmp_path / "drop.csv").stat().st_mtime_ns == before.st_mtime_ns


async def test_a_file_overwritten_is_read_again(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1")))
    assert references(await dropped(tmp_path, lines(row("1"), row("2")), cursor=read.cursor)) == ["1", "2"]


async def test_a_file_is_read_again_when_its_mapping_is_mended(tmp_path: Path) -> None:
    vocabulary = {"channels": {"Phone": "PHONE"}, "statuses": {"Closed": "CLOSED"}}
    read = await dropped(tmp_path, lines(row("1")), vocabulary=vocabulary)
    assert [str(refused) for refused in read.refused] == ["csv-unknown-status (status)"]
    mended = await poll_all(tmp_path, read.cursor)
    assert (references(mended), mended.refused) == (["1"], [])


async def test_a_file_changed_halfway_is_read_from_its_beginning(tmp_path: Path) -> None:
    first = await dropped(tmp_path, lines(row("1"), row("2")), page_rows=1)
    again = await dropped(tmp_path, lines(row("0"), row("1"), row("2")), cursor=first.pages[0].cursor)
    assert references(again) == ["0", "1", "2"]


async def test_another_file_of_the_same_size_and_date_is_not_taken_for_the_one_begun(tmp_path: Path) -> None:
    first = await dropped(tmp_path, lines(row("1"), row("2")), page_rows=1)
    state = (tmp_path / "drop.csv").stat()
    (tmp_path / "drop.csv").write_text(lines(row("8"), row("9")))
    os.utime(tmp_path / "drop.csv", ns=(state.st_atime_ns, state.st_mtime_ns))
    assert references(await poll_all(tmp_path, first.pages[0].cursor)) == ["8", "9"]


async def test_a_file_taken_away_halfway_is_said_to_be_gone(tmp_path: Path) -> None:
    first = await dropped(tmp_path, lines(row("1"), row("2")), page_rows=1)
    (tmp_path / "drop.csv").unlink()
    read = await poll_all(tmp_path, first.pages[0].cursor)
    assert [(bad.origin, bad.code) for bad in read.bad] == [("drop.csv:3", "csv-file-gone")]


async def test_the_cursor_forgets_files_that_left_the_folder(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1")))
    (tmp_path / "drop.csv").unlink()
    assert "drop.csv" not in str((await poll_all(tmp_path, read.cursor)).cursor)


async def test_a_file_just_written_is_left_alone_until_it_settles(tmp_path: Path) -> None:
    (tmp_path / "drop.csv").write_text(lines(row("1")))
    os.utime(tmp_path / "drop.csv", (NOW.timestamp(), NOW.timestamp()))
    async with client() as http:
        fresh = csv_drop.source(config(settle_seconds=5), surroundings(http, tmp_path, NOW + timedelta(seconds=4)))
        settled = csv_drop.source(config(settle_seconds=5), surroundings(http, tmp_path, NOW + timedelta(seconds=5)))
        assert references(await read_all(fresh)) == []
        assert references(await read_all(settled)) == ["1"]


async def test_a_cursor_that_cannot_be_read_begins_anew(tmp_path: Path) -> None:
    assert references(await dropped(tmp_path, lines(row("1")), cursor="from another age")) == ["1"]


async def test_a_folder_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="the folder cannot be read"):
        await poll_all(tmp_path / "nowhere")


async def test_a_folder_of_too_many_files_asks_for_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.csv").touch()
    with pytest.raises(Misconfigured, match="archive the oldest"):
        await poll_all(tmp_path, limits={"files": 1})


async def test_a_file_that_grows_while_it_is_read_is_waited_for(tmp_path: Path) -> None:
    path, stop, begun = tmp_path / "drop.csv", Event(), Event()
    path.write_text(lines(*(row(str(number)) for number in range(20_000))))

    def write_on() -> None:
        with path.open("a", buffering=1) as file:
            while not stop.is_set():
                file.write(row("more") + "\n")
                begun.set()

    writer = Thread(target=write_on)
    writer.start()
    try:
        begun.wait()
        with pytest.raises(Unavailable, match="is being written"):
            await poll_all(tmp_path, page_rows=20_000)
    finally:
        stop.set()
        writer.join()
