"""The operator's key is changed while the hub runs, and what was erased stays erased in a key store that was restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import copyfile

import pytest

from hub.privacy.instance import open_instance, own_keys
from hub.privacy.keys import TOMBSTONE, Key, KeyStore
from hub.privacy.scope import KeyScope
from tests.cli.conftest import Command

KEPT, ERASED = (KeyScope("tameside", owner, "cases", 2032) for owner in ("kept", "erased"))


@contextmanager
def key_store(hub: Command) -> Iterator[KeyStore]:
    """The hub's key store, beside the command."""
    keys = own_keys(open_instance(hub.folder / "hub-data"))
    try:
        yield keys
    finally:
        keys.close()


@pytest.fixture
def made(hub: Command) -> Command:
    """A hub with two people's keys."""
    assert hub("init").code == 0
    with key_store(hub) as keys:
        keys.keys_for([KEPT, ERASED])
    return hub


def test_the_operators_key_is_changed_and_the_old_one_destroyed(made: Command) -> None:
    with key_store(made) as keys:
        before = keys.keys_for([KEPT])
        ran = made("keys", "rotate", "--json")
        assert (ran.code, ran.value["wrapped"], ran.value["operators_keys"]) == (0, 2, [1, 2])
        assert made("keys", "retire", "--json").value == {"destroyed": [1], "operators_keys": [2]}
        assert keys.keys_for([KEPT]) == before
    assert [path.name for path in (made.folder / "hub-data/operator").iterdir()] == ["2.key"]


def test_what_was_erased_since_the_backup_is_erased_again_in_the_restored_key_store(made: Command) -> None:
    store = made.folder / "hub-data/keys.sqlite"
    copyfile(store, made.folder / "older.sqlite")
    with key_store(made) as keys:
        keys.tombstone([ERASED])
    (made.folder / "erased.json").write_text(made("keys", "tombstones", "--json").said)
    copyfile(made.folder / "older.sqlite", store)
    assert made("keys", "status", "--json").value == {"keys": 2, "tombstones": 0, "operators_keys": [1]}
    ran = made("keys", "tombstones", "--apply", "erased.json", "--json")
    assert (ran.code, ran.value) == (0, {"tombstones": 1, "keys_destroyed": 1})
    with key_store(made) as keys:
        found = keys.keys_for([KEPT, ERASED])
        assert found[ERASED] is TOMBSTONE
        assert isinstance(found[KEPT], Key)


@pytest.mark.parametrize("content", ["", "{}x", '[{"owner": "a"}]', "[1]"])
def test_another_file_is_not_taken_for_tombstones(made: Command, content: str) -> None:
    (made.folder / "other.json").write_text(content)
    ran = made("keys", "tombstones", "--apply", "other.json")
    assert (ran.code, "is not what `hub keys tombstones --json` prints" in ran.complained) == (2, True)
    assert made("keys", "tombstones", "--apply", "nowhere.json").code == 2


def test_no_command_shows_a_key(made: Command) -> None:
    secret = (made.folder / "hub-data/operator/1.key").read_bytes()
    for command in ("status", "tombstones", "rotate"):
        ran = made("keys", command)
        assert repr(secret)[2:-1] not in ran.said + ran.complained
        assert secret.hex() not in ran.said + ran.complained
