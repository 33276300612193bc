"""The record of access: every look is in it before anything is shown, and nobody changes it unnoticed."""

from collections.abc import Callable
from random import Random

import pytest

from hub.privacy.access_record import Kind, Look, Seen
from tests.access.books import Hall

LOOK = Look(kind=Kind.DATA_ACCESSED, actor="a1", role="adviser", organisation="exampleton", purpose="answer-enquiry", route="/v1/people")
EDITS = 300
Edit = Callable[[Hall, Random, int], None]


def seen(*parties: str) -> tuple[Seen, ...]:
    return tuple(Seen(about=party, record_class="person", controller="exampleton", shown=("names",)) for party in parties)


def look(number: int, *parties: str, glass: str | None = None) -> Look:
    return Look(kind=LOOK.kind, actor=f"a{number % 5}", role="adviser", organisation="exampleton", seen=seen(*parties), break_glass=glass)


def filled(hall: Hall, entries: int) -> None:
    for number in range(entries):
        hall.record.write(
            look(number, f"p{number % 7}", f"p{number % 3}", glass="safeguarding" if number % 4 == 0 else None), b"sealed words"
        )


def test_everybody_who_saw_a_person_is_found_the_newest_first(books: Hall) -> None:
    filled(books, 9)
    entries = books.record.who_saw("p6")
    assert [entry.n for entry in entries] == [7]
    assert entries[0].body["actor"] == "a1"
    assert [entry.n for entry in books.record.who_saw("p0")] == [8, 7, 4, 1]


def test_an_untouched_record_verifies(books: Hall) -> None:
    filled(books, 30)
    assert books.record.verify([books.record.anchor()]) == (30, [])


def test_a_broken_glass_raises_an_alert_until_somebody_looks_into_it(books: Hall) -> None:
    n = books.record.write(look(1, "p1", glass="danger-to-life"))
    assert [entry.n for entry in books.record.alerts()] == [n]
    assert books.record.settle(n, "a9")
    assert books.record.alerts() == []
    assert books.record.verify() == (1, [])


def change(hall: Hall, sql: str, *values: object) -> None:
    with hall.store.write() as tx:
        assert tx.run(sql, values) >= 1


def edit_body(hall: Hall, random: Random, n: int) -> None:
    change(hall, "UPDATE access_record SET body = replace(body, '\"a', '\"b') WHERE n = ?", n)


def edit_time(hall: Hall, random: Random, n: int) -> None:
    change(hall, "UPDATE access_record SET at = at + ? WHERE n = ?", random.randint(1, 10**9), n)


def edit_kind(hall: Hall, random: Random, n: int) -> None:
    change(hall, "UPDATE access_record SET kind = 'POLICY_CHANGED' WHERE n = ?", n)


def edit_words(hall: Hall, random: Random, n: int) -> None:
    change(hall, "UPDATE access_record SET words = ? WHERE n = ?", random.choice([None, random.randbytes(12)]), n)


def edit_chain(hall: Hall, random: Random, n: int) -> None:
    change(hall, "UPDATE access_record SET chain = ? WHERE n = ?", random.randbytes(32), n)


def delete(hall: Hall, random: Random, n: int) -> None:
    change(hall, "DELETE FROM access_record WHERE n = ?", n)


def delete_tail(hall: Hall, random: Random, n: int) -> None:
    change(hall, "DELETE FROM access_record WHERE n >= ?", n)


def swap(hall: Hall, random: Random, n: int) -> None:
    other = n % hall.record.anchor().n + 1
    for old, new in ((n, -1), (other, n), (-1, other)):
        change(hall, "UPDATE access_record SET n = ? WHERE n = ?", new, old)


def put_in(hall: Hall, random: Random, n: int) -> None:
    last = hall.record.anchor().n
    change(hall, "INSERT INTO access_record SELECT ?, at, kind, body, chain, words FROM access_record WHERE n = ?", last + 1, n)


def move_head(hall: Hall, random: Random, n: int) -> None:
    change(hall, "UPDATE access_head SET n = n - 1")


def cut_and_move_head(hall: Hall, random: Random, n: int) -> None:
    """The best that somebody with the whole database can do: the anchor shows it."""
    last = hall.record.anchor().n
    change(hall, "DELETE FROM access_record WHERE n = ?", last)
    change(hall, "DELETE FROM access_subject WHERE n = ?", last)
    change(hall, "UPDATE access_head SET n = ?, chain = (SELECT chain FROM access_record WHERE n = ?)", last - 1, last - 1)


def unfind(hall: Hall, random: Random, n: int) -> None:
    change(hall, "DELETE FROM access_subject WHERE n = ?", n)


def misattribute(hall: Hall, random: Random, n: int) -> None:
    change(hall, "INSERT INTO access_subject (about, n) VALUES ('somebody else', ?)", n)


def hush(hall: Hall, random: Random, n: int) -> None:
    change(hall, "DELETE FROM access_alert")


KINDS: tuple[Edit, ...] = (
    edit_body, edit_time, edit_kind, edit_words, edit_chain, delete, delete_tail, swap, put_in, move_head, cut_and_move_head, unfind,
    misattribute, hush,
)  # fmt: skip


def unfound_edits(hall: Hall, seed: int, edits: int) -> list[str]:
    """Edit a record of forty entries so often, each time from the beginning; gives the edits that `verify` did not find."""
    random, unfound = Random(seed), []
    filled(hall, 40)
    anchors, tables = [hall.record.anchor()], ("access_record", "access_subject", "access_head", "access_alert")
    with hall.store.read() as tx:
        whole = {table: tx.rows(f"SELECT * FROM {table}") for table in tables}
    for _ in range(edits):
        edit = random.choice(KINDS)
        edit(hall, random, random.randint(1, 40))
        if not hall.record.verify(anchors)[1]:
            unfound.append(edit.__name__)
        with hall.store.write() as tx:
            for table, rows in whole.items():
                tx.run(f"DELETE FROM {table}")
                tx.run_many(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
    assert hall.record.verify(anchors) == (40, [])
    return unfound


def test_each_of_three_hundred_edits_of_the_record_is_found(here: Hall) -> None:
    assert unfound_edits(here, 4, EDITS) == []


def test_somebody_without_the_key_cannot_write_an_entry_that_verifies(here: Hall) -> None:
    filled(here, 5)
    forger = here.record.__class__(books=here.store, key=bytes(32), clock=here.clock)
    forger.write(look(1, "p1"))
    assert [fault.n for fault in here.record.verify()[1]] == [6]


def test_no_record_no_answer(here: Hall) -> None:
    with here.store.write() as tx:
        tx.run("ALTER TABLE access_head RENAME TO elsewhere")
    with pytest.raises(Exception, match="access_head"):
        here.record.write(LOOK)
    with here.store.read() as tx:
        assert tx.rows("SELECT * FROM access_record") == []
