"""A backup has no word that anybody was found by; a restored hub finds them again, but nobody who was erased since."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hub.cli.keeping import _copy_sqlite, _leave_out
from tests.view.test_erasing import erased
from tests.view.test_search import found, rows
from tests.view.town import NINO, SURNAME, asserted, town


def test_a_backup_has_nothing_to_search_by_and_a_restored_hub_finds_nobody_who_was_erased(tmp_path: Path) -> None:
    with town(tmp_path) as here:
        here.say(asserted("p1"), asserted("p2", surname="Smith"))
        tokens = [bytes(token) for (token,) in rows(here, "SELECT token FROM search_term")]
        copy = tmp_path / "copy.sqlite"
        _copy_sqlite(here.engine.house.settings.folder / "hub.sqlite", copy)
        _leave_out(copy)
        assert not any(token in copy.read_bytes() for token in tokens)
        with closing(sqlite3.connect(copy)) as kept:
            assert kept.execute("SELECT COUNT(*) FROM follower").fetchone() == (0,)
        erased(here, "p1")
        here.forget()
        here.gather()
        assert (found(here, name=SURNAME), found(here, name="Smith")) == (frozenset(), frozenset({"p2"}))
        assert NINO.encode() not in copy.read_bytes()
