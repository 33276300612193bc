from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from hub.model.errors import Misconfigured, Unavailable
from hub.privacy.keys import TOMBSTONE, Key, KeyStore
from hub.privacy.keys_postgresql import postgresql_keys
from hub.privacy.ring import DESTROYED, load_ring, unwrap
from hub.privacy.scope import KeyScope

SCOPE = KeyScope("tameside", "party-1", "service-request", 2032)


@pytest.fixture
def keys(postgresql: str, ring: Path) -> KeyStore:
    return postgresql_keys(postgresql, ring, "tameside")


def wrapped(postgresql: str) -> bytes:
    with psycopg.connect(postgresql) as db:
        ((found,),) = db.execute("SELECT wrapped FROM hub_keys.key").fetchall()
        return bytes(found)


def test_an_erased_key_is_gone_for_every_reader_of_the_database(postgresql: str, keys: KeyStore) -> None:
    with closing(keys):
        keys.keys_for([SCOPE])
        assert wrapped(postgresql) != DESTROYED
        keys.tombstone([SCOPE])
        assert wrapped(postgresql) == DESTROYED


def test_what_the_database_keeps_of_an_erased_key_opens_nothing_once_the_operators_key_is_retired(
    postgresql: str, keys: KeyStore, ring: Path, tmp_path: Path
) -> None:
    with closing(keys):
        key = keys.keys_for([SCOPE])[SCOPE]
        assert isinstance(key, Key)
        kept = wrapped(postgresql)  # as a dead row, the write-ahead log or a backup keeps it
        (tmp_path / "blocks").hardlink_to(ring / "1.key")
        keys.tombstone([SCOPE])
        assert unwrap(load_ring(ring, "tameside", 1), key.key_id, SCOPE, kept) == key.secret
        keys.rotate()
        keys.retire()
    with pytest.raises(Misconfigured, match="version 1 is missing"):
        unwrap(load_ring(ring, "tameside", 2), key.key_id, SCOPE, kept)
    assert (tmp_path / "blocks").read_bytes() == bytes(32)


def test_a_lost_connection_lets_nothing_through_and_the_next_question_finds_the_way_back(postgresql: str, keys: KeyStore) -> None:
    with closing(keys), psycopg.connect(postgresql, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub keys'")
        with pytest.raises(Unavailable, match="key store"):
            keys.keys_for([SCOPE])
        assert isinstance(keys.keys_for([SCOPE])[SCOPE], Key)


def test_a_database_that_does_not_answer_is_unavailable(ring: Path) -> None:
    with pytest.raises(Unavailable, match="OperationalError"):
        postgresql_keys("host=127.0.0.1 port=1 connect_timeout=2", ring, "tameside")


def test_two_processes_that_meet_a_person_at_once_agree_on_one_key(postgresql: str, keys: KeyStore, ring: Path) -> None:
    with closing(keys), closing(postgresql_keys(postgresql, ring, "tameside")) as other:
        assert keys.keys_for([SCOPE]) == other.keys_for([SCOPE])
        other.tombstone([SCOPE])
        assert keys.keys_for([SCOPE]) == {SCOPE: TOMBSTONE}
