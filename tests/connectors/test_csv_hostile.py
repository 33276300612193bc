"""Whatever is dropped: no crash, no memory, no rows lost beside the bad one, and a reason with a place for each that is refused."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.drops import HEADER, dropped, lines, row
from tests.connectors.reading import Read


def verdict(read: Read) -> list[tuple[str, str]]:
    return [(bad.origin, bad.code) for bad in read.bad]


def references(read: Read) -> list[str]:
    return [record.values.reference for record in read.records]


async def test_a_row_with_too_few_or_too_many_values_is_refused_alone(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1"), "2,only", row("3") + ",more", row("4")))
    assert verdict(read) == [("drop.csv:3", "csv-ragged"), ("drop.csv:4", "csv-ragged")]
    assert references(read) == ["1", "4"]


async def test_the_bytes_of_a_refused_row_are_kept(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1"), "2,only"))
    assert [bad.original for bad in read.bad] == [b"2,only\n"]


async def test_a_nul_refuses_its_row(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1"), row("2\0"), row("3")))
    assert (verdict(read), references(read)) == ([("drop.csv:3", "csv-nul")], ["1", "3"])


async def test_bytes_that_are_not_of_the_declared_encoding_refuse_their_row(tmp_path: Path) -> None:
    content = lines(row("1"), row("2", note="CAFE"), row("3")).encode().replace(b"CAFE", b"caf\xe9")
    read = await dropped(tmp_path, content)
    assert (verdict(read), references(read)) == ([("drop.csv:3", "csv-encoding")], ["1", "3"])


async def test_the_same_bytes_are_read_where_their_encoding_is_declared(tmp_path: Path) -> None:
    content = lines(row("2", note="CAFE")).encode().replace(b"CAFE", b"caf\xe9 \x80")
    read = await dropped(tmp_path, content, layout={"encoding": "cp1252"})
    assert read.records[0].values.description == "café €"


async def test_a_stray_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1"), row("2", note='"never closed'), row("3"), row("4")))
    assert (verdict(read), references(read)) == ([("drop.csv:3", "csv-malformed")], ["1", "3", "4"])


async def test_two_stray_quotation_marks_do_not_swallow_what_is_between(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1", note='"open'), row("2"), row("3", note='"open'), row("4")))
    assert (verdict(read), references(read)) == ([("drop.csv:2", "csv-malformed"), ("drop.csv:4", "csv-malformed")], ["2", "4"])


async def test_an_inch_mark_inside_a_value_is_just_that(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1", note='a 5" pipe'), row("2")))
    assert (verdict(read), [record.values.description for record in read.records]) == ([], ['a 5" pipe', ""])


async def test_a_quoted_value_may_run_over_lines_and_hold_commas_and_quotation_marks(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1", note='"one\ntwo, ""three"""'), row("2")))
    assert [record.values.description for record in read.records] == ['one\ntwo, "three"', ""]
    assert [record.line for record in read.records] == [2, 4]


async def test_a_line_longer_than_a_row_may_be_is_passed_over_and_counted_as_one(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1"), row("2", note="x" * 2_000_000), row("3")))
    assert (verdict(read), references(read)) == ([("drop.csv:3", "csv-row-too-long")], ["1", "3"])
    assert len(read.bad[0].original) == 64 * 1024


async def test_a_value_longer_than_a_value_may_be_refuses_its_row(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines(row("1", note="x" * 200_000), row("2")))
    assert (verdict(read), references(read)) == ([("drop.csv:2", "csv-malformed")], ["2"])


async def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    read = await dropped(tmp_path, lines("", row("1"), "", ""))
    assert (verdict(read), [record.line for record in read.records]) == ([], [3])


async def test_a_last_row_without_a_line_end_is_a_row(tmp_path: Path) -> None:
    assert references(await dropped(tmp_path, f"{HEADER}\n{row('1')}")) == ["1"]


async def test_a_byte_order_mark_is_not_part_of_the_first_name(tmp_path: Path) -> None:
    read = await dropped(tmp_path, b"\xef\xbb\xbf" + lines(row("1")).replace("\n", "\r\n").encode())
    assert (verdict(read), references(read)) == ([], ["1"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "csv-header-missing"),
        (b"\n\n", "csv-header-missing"),
        (b"id,id\n", "csv-header-duplicate"),
        (b"id,opened\n1,2\n", "csv-header-missing"),
        (lines(row("1")).encode("utf-16"), "csv-encoding"),
        (b"PK\x03\x04\x00\x00" + bytes(200), "csv-nul"),
        (",".join(f"c{number}" for number in range(1_001)).encode(), "csv-too-many-columns"),
        (",".join(f"c{number}" for number in range(1_000_000)).encode(), "csv-row-too-long"),
        ('"' * 100_001 + "\n", "csv-malformed"),
        (b"\r".join([HEADER.encode(), row("1").encode()]), "csv-malformed"),
    ],
    ids=["empty", "blank", "two-of-a-name", "columns-missing", "utf-16", "zip", "1001-columns", "million-columns", "quotes", "cr-only"],
)
async def test_a_file_that_cannot_be_read_at_all_is_refused_whole(tmp_path: Path, content: bytes | str, code: str) -> None:
    read = await dropped(tmp_path, content)
    assert (verdict(read), read.records, read.pages[-1].more) == ([("drop.csv:1", code)], [], False)


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(lines(row("1")))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "elsewhere")
    read = await dropped(folder, lines(row("2")))
    assert (verdict(read), references(read)) == ([("link.csv:1", "csv-not-a-file")], ["2"])


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a-pipe.csv")
    assert ("a-pipe.csv:1", "csv-not-a-file") in verdict(await dropped(tmp_path, lines(row("1"))))


async def test_a_file_with_more_bytes_or_lines_than_allowed_is_stopped(tmp_path: Path) -> None:
    many = lines(*(row(str(number)) for number in range(50)))
    assert verdict(await dropped(tmp_path, many, limits={"file_bytes": 100})) == [("drop.csv:1", "csv-file-too-large")]
    read = await dropped(tmp_path, many, limits={"lines": 10})
    assert (verdict(read), len(read.records)) == ([("drop.csv:11", "csv-too-many-lines")], 9)


GIGABYTE = """
import asyncio, resource, sys, time
from pathlib import Path
from tests.connectors.drops import dropped, lines, row
folder = Path(sys.argv[1])
with (folder / "big.csv").open("wb") as file:
    file.write(lines(row("1")).encode())
    file.truncate(1024**3)
    file.seek(1024**3)
    file.write(("\\n" + row("2") + "\\n").encode())
began = time.process_time()
read = asyncio.run(dropped(folder, lines(row("3"))))
print(time.process_time() - began < 5, [bad.code for bad in read.bad], [record.values.reference for record in read.records])
"""


def test_a_line_of_a_gigabyte_is_passed_over_in_time_and_in_a_quarter_of_the_memory(tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (256 * 1024**2, 256 * 1024**2))

    root = Path(__file__).parents[2]
    said = subprocess.check_output([sys.executable, "-c", GIGABYTE, tmp_path], cwd=root, preexec_fn=limited, text=True)
    assert said.strip() == "True ['csv-row-too-long'] ['1', '2', '3']"
