"""The proof of file drops notices what it is there for."""

from typing import Any

import pytest

from tests.prove.file_drops import _judged
from tests.prove.hostile_files import Hostile

FILE = Hostile("csv", "a bomb", lambda _: None)
FINE: dict[str, Any] = {"codes": ["csv-nul"], "said": 0, "crash": "", "seconds": 0.1, "bytes": 1}


def where(*read: tuple[int, dict[str, Any]]) -> list[str]:
    return [finding.where for finding in _judged([FILE], dict(read))]


def test_a_file_that_is_refused_in_time_is_no_finding() -> None:
    assert where((0, FINE)) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"crash": "MemoryError"}, "csv: a bomb crashed its reader: MemoryError"),
        ({"seconds": 5.1}, "csv: a bomb took 5.1 s"),
        ({"bytes": 257 << 20}, "csv: a bomb took 257 MB"),
        ({"codes": [], "said": 1}, "csv: a bomb was taken in"),
    ],
)
def test_what_breaks_the_promise_is_found(said: dict[str, Any], found: str) -> None:
    assert where((0, FINE | said)) == [found]


def test_a_reader_that_died_and_a_good_file_that_was_refused_are_found() -> None:
    assert where() == ["csv: a bomb crashed its reader: it died"]
    assert where((0, FINE), (-1, FINE)) == ["a good file was refused"]
