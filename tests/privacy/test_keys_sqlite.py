import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from hub.model.errors import Misconfigured, Unavailable
from hub.privacy.keys import TOMBSTONE, Key, KeyStore
from hub.privacy.keys_sqlite import SqliteKeys, sqlite_keys
from hub.privacy.ring import DESTROYED
from hub.privacy.scope import EVERY_OWNER, KeyScope

REPOSITORY = Path(__file__).parents[2]


def scope(owner: object, bucket: int = 2032) -> KeyScope:
    return KeyScope("tameside", f"party-{owner}", "service-request", bucket)


def wrapped(file: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(file)) as db:
        return dict(db.execute("SELECT owner, wrapped FROM key WHERE wrapped <> ?", (DESTROYED,)))


def disk(folder: Path) -> bytes:
    """Every byte the key store has on the disk: database, write-ahead log, its index."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("keys.sqlite*")))


def traces(bytes_on_disk: bytes, secrets: Iterable[bytes]) -> int:
    """How many of the secrets have left so much as 31 bytes in a row."""
    return sum(any(secret[at : at + 16] in bytes_on_disk for at in range(0, len(secret) - 15, 16)) for secret in secrets)


def filled(keys: KeyStore, people: int) -> list[KeyScope]:
    """Keys made as couriers make them: a few at a time, in no order."""
    chance, scopes = random.Random(1), [scope(n) for n in range(people)]
    chance.shuffle(scopes)
    waiting = iter(scopes)
    while batch := list(islice(waiting, chance.randint(1, 400))):
        keys.keys_for(batch)
    return scopes


class Unscrubbed(SqliteKeys):
    def scrub(self) -> None:
        """What a store does that trusts `UPDATE` alone."""


class Watched(SqliteKeys):
    seen: bytes | None = None

    def _carry_over(self, how: str) -> None:
        if how == "TRUNCATE":
            self.seen = self._log.read_bytes()
        super()._carry_over(how)


@pytest.fixture
def watched(tmp_path: Path, ring: Path) -> Iterator[tuple[Watched, KeyStore]]:
    table = Watched(tmp_path / "keys.sqlite", "tameside")
    with closing(KeyStore(table, ring, "tameside")) as keys:
        yield table, keys


def test_no_byte_of_an_erased_persons_key_is_left_in_any_file(sqlite: KeyStore, tmp_path: Path) -> None:
    scopes = filled(sqlite, 2_000)
    before = wrapped(tmp_path / "keys.sqlite")
    gone, kept = scopes[::2], scopes[1::2]
    assert traces(disk(tmp_path), before.values()) == 2_000
    for start in range(0, 1_000, 200):
        sqlite.tombstone(gone[start : start + 200])
        sqlite.keys_for([scope(f"new-{start}-{n}") for n in range(200)])
    assert traces(disk(tmp_path), [before[each.owner][4:] for each in gone]) == 0
    assert traces(disk(tmp_path), [before[each.owner][4:] for each in kept]) == 1_000


def test_a_store_that_does_not_scrub_is_caught(tmp_path: Path, ring: Path) -> None:
    with closing(KeyStore(Unscrubbed(tmp_path / "keys.sqlite", "tameside"), ring, "tameside")) as keys:
        scopes = filled(keys, 50)
        before = wrapped(tmp_path / "keys.sqlite")
        keys.tombstone(scopes)
        assert traces(disk(tmp_path), [each[4:] for each in before.values()]) == 50


def test_a_key_in_the_clear_is_in_no_file(sqlite: KeyStore, tmp_path: Path) -> None:
    found = sqlite.keys_for(filled(sqlite, 500))
    secrets = [key.secret for key in found.values() if isinstance(key, Key)]
    assert len(secrets) == 500
    assert traces(disk(tmp_path), secrets) == 0


def test_the_write_ahead_log_is_zeroed_before_it_is_cut_off(watched: tuple[Watched, KeyStore], tmp_path: Path) -> None:
    table, keys = watched
    keys.keys_for([scope(1)])
    keys.tombstone([scope(1)])
    assert table.seen
    assert not table.seen.strip(b"\0")
    assert (tmp_path / "keys.sqlite-wal").stat().st_size <= 8_192  # the note that it was scrubbed


def test_the_log_that_the_last_reader_removes_holds_no_key(tmp_path: Path, ring: Path) -> None:
    assert removed_log(SqliteKeys(tmp_path / "keys.sqlite", "tameside"), ring) == 0


def test_a_log_removed_as_it_is_holds_the_keys_of_that_time(tmp_path: Path, ring: Path) -> None:
    assert removed_log(Unscrubbed(tmp_path / "keys.sqlite", "tameside"), ring) == 50


def removed_log(table: SqliteKeys, ring: Path) -> int:
    """How many keys can be read in the blocks of a log that was removed; a second link shows what the disk keeps."""
    keys = KeyStore(table, ring, "tameside")
    filled(keys, 50)
    before = wrapped(table._log.with_name("keys.sqlite"))
    table._log.with_name("blocks").hardlink_to(table._log)
    keys.close()
    assert not table._log.exists()
    return traces(table._log.with_name("blocks").read_bytes(), [each[4:] for each in before.values()])


def test_rotation_leaves_nothing_wrapped_by_the_old_operators_key(sqlite: KeyStore, tmp_path: Path) -> None:
    filled(sqlite, 2_000)
    before = wrapped(tmp_path / "keys.sqlite")
    sqlite.rotate()
    assert traces(disk(tmp_path), [each[4:] for each in before.values()]) == 0


def test_the_end_of_retention_overwrites_every_key_of_the_period(sqlite: KeyStore, tmp_path: Path) -> None:
    filled(sqlite, 300)
    before = wrapped(tmp_path / "keys.sqlite")
    assert sqlite.tombstone([KeyScope("tameside", EVERY_OWNER, "service-request", 2032)]) == 300
    assert traces(disk(tmp_path), [each[4:] for each in before.values()]) == 0


def test_a_death_before_the_overwriting_is_made_good_at_the_next_start(tmp_path: Path, ring: Path) -> None:
    with closing(sqlite_keys(tmp_path / "keys.sqlite", ring, "tameside")) as keys:
        keys.keys_for([scope(1), scope(2)])
        before = wrapped(tmp_path / "keys.sqlite")
        with process(tmp_path, "die", "party-1") as dying:
            assert dying.wait() == -signal.SIGKILL
        assert traces(disk(tmp_path), [before["party-1"][4:]]) == 1
    with closing(sqlite_keys(tmp_path / "keys.sqlite", ring, "tameside")) as keys:
        assert traces(disk(tmp_path), [before["party-1"][4:]]) == 0
        assert traces(disk(tmp_path), [before["party-2"][4:]]) == 1
        assert keys.keys_for([scope(1)]) == {scope(1): TOMBSTONE}


@pytest.mark.waiting
def test_no_key_is_lost_while_others_erase(tmp_path: Path, sqlite: KeyStore) -> None:
    makers = [process(tmp_path, "make", f"maker-{n}") for n in range(3)]
    erasers = [process(tmp_path, "erase", f"eraser-{n}") for n in range(2)]
    said = [each.communicate()[0] for each in (*makers, *erasers)]
    made = [line.split() for each in said for line in each.splitlines()]
    assert [each.returncode for each in (*makers, *erasers)] == [0] * 5
    assert len(made) == 3_000
    found = sqlite.keys_by_id([bytes.fromhex(key_id) for _, key_id, _ in made])
    assert {(key.key_id.hex(), key.secret.hex()) for key in found.values() if isinstance(key, Key)} == {(one, two) for _, one, two in made}
    assert len(list(sqlite.tombstones())) == 80


def test_only_its_owner_may_read_the_key_store(sqlite: KeyStore, tmp_path: Path) -> None:
    sqlite.keys_for([scope(1)])
    files = list(tmp_path.glob("keys.sqlite*"))
    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_locked_key_store_lets_nothing_through(tmp_path: Path, ring: Path) -> None:
    table = SqliteKeys(tmp_path / "keys.sqlite", "tameside", wait_seconds=0.05)
    with (
        closing(KeyStore(table, ring, "tameside")) as keys,
        another_reader(tmp_path) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="SQLITE_BUSY"):
            keys.keys_for([scope(1)])
        other.execute("ROLLBACK")
        assert isinstance(keys.keys_for([scope(1)])[scope(1)], Key)


def test_an_erasure_that_a_reader_holds_up_says_so_and_is_finished_later(tmp_path: Path, ring: Path) -> None:
    table = SqliteKeys(tmp_path / "keys.sqlite", "tameside", wait_seconds=0.05)
    with (
        closing(KeyStore(table, ring, "tameside")) as keys,
        another_reader(tmp_path) as reader,
    ):
        keys.keys_for([scope(1)])
        before = wrapped(tmp_path / "keys.sqlite")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM key").fetchall()
        with pytest.raises(Unavailable, match="not overwritten yet"):
            keys.tombstone([scope(1)])
        assert keys.keys_for([scope(1)]) == {scope(1): TOMBSTONE}
        reader.execute("ROLLBACK")
        assert keys.tombstone([scope(1)]) == 0
        assert traces(disk(tmp_path), [each[4:] for each in before.values()]) == 0


def test_a_damaged_key_store_is_said_so(tmp_path: Path, ring: Path) -> None:
    (tmp_path / "keys.sqlite").write_bytes(b"no database" * 1_000)
    with pytest.raises(Misconfigured, match="SQLITE_NOTADB"):
        sqlite_keys(tmp_path / "keys.sqlite", ring, "tameside")


def test_a_key_store_in_no_folder_is_said_so(tmp_path: Path, ring: Path) -> None:
    with pytest.raises(Misconfigured, match="No such file or directory"):
        sqlite_keys(tmp_path / "gone" / "keys.sqlite", ring, "tameside")


def another_reader(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / "keys.sqlite", isolation_level=None))


def process(folder: Path, what: str, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.privacy.keys_process", str(folder), what, name]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
