"""Another process with the same key store: makes keys, or erases, and prints what it made. Run by the tests."""

import os
import signal
import sys
from pathlib import Path

from hub.privacy.keys import KeyStore
from hub.privacy.keys_sqlite import SqliteKeys, sqlite_keys
from hub.privacy.scope import KeyScope

_FILE, _RING, _INSTANCE = "keys.sqlite", "operator", "tameside"


class _DiesBeforeScrubbing(SqliteKeys):
    def scrub(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, what: str, name: str) -> None:
    match what:
        case "make":
            _make(sqlite_keys(folder / _FILE, folder / _RING, _INSTANCE), name)
        case "erase":
            _erase(sqlite_keys(folder / _FILE, folder / _RING, _INSTANCE), name)
        case _:
            KeyStore(_DiesBeforeScrubbing(folder / _FILE, _INSTANCE), folder / _RING, _INSTANCE).tombstone([_scope(name)])


def _make(keys: KeyStore, name: str) -> None:
    for batch in range(40):
        for scope, key in keys.keys_for([_scope(f"{name}-{batch}-{n}") for n in range(25)]).items():
            print(scope.owner, key.key_id.hex(), key.secret.hex())  # type: ignore[union-attr]  # nobody erases these


def _erase(keys: KeyStore, name: str) -> None:
    for n in range(40):
        keys.keys_for([_scope(f"{name}-{n}")])
        keys.tombstone([_scope(f"{name}-{n}")])


def _scope(owner: str) -> KeyScope:
    return KeyScope("tameside", owner, "service-request", 2032)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
