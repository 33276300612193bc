"""What lies on the disk says nothing: no word of two thousand people, no key in the clear, in no file of the store."""

import json
import sqlite3
from base64 import b64encode
from contextlib import closing
from pathlib import Path

from hub.model.personal import Sealed
from hub.privacy.instance import make_instance, own_keys
from hub.privacy.keys import Key
from hub.privacy.sealing import Late, seal_all
from tests.privacy.world import REGISTER, opened

PEOPLE = 2_000


def name(n: int) -> str:
    return f"Æthelfryth-{n:04d} Featherstonehaugh"


def forms(text: str) -> set[bytes]:
    """A text as files hold it: UTF-8 and UTF-16, base64, hexadecimal, JSON."""
    plain = text.encode()
    return {plain, text.encode("utf-16-le"), b64encode(plain), plain.hex().encode(), json.dumps(text).encode()}


def test_no_file_of_the_store_holds_a_name_or_a_key(tmp_path: Path) -> None:
    instance = make_instance(tmp_path / "hub")
    with closing(own_keys(instance)) as keys, closing(sqlite3.connect(instance.folder / "outbox.sqlite")) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE outbox (id TEXT, owner TEXT, box BLOB)")
        kept = seal_all([opened(n, subject=f"party-{n}", description=name(n)) for n in range(PEOPLE)], REGISTER, keys)
        rows = [(e.event_id, e.subject, e.description.box) for e in kept if not isinstance(e, Late) and isinstance(e.description, Sealed)]
        store.executemany("INSERT INTO outbox VALUES (?, ?, ?)", rows)
        store.commit()
        secrets = [key.secret for key in keys.keys_for(keys.live_scopes()).values() if isinstance(key, Key)]
        disk = {path: path.read_bytes() for path in instance.folder.rglob("*") if path.is_file()}

    assert {"keys.sqlite", "keys.sqlite-wal", "outbox.sqlite", "outbox.sqlite-wal"} <= {path.name for path in disk}
    assert (len(rows), len(secrets)) == (PEOPLE, PEOPLE)
    everything = b"".join(disk.values())
    assert [n for n in range(PEOPLE) if any(form in everything for form in forms(name(n)))] == []
    assert [n for n, secret in enumerate(secrets) if secret in everything or secret.hex().encode() in everything] == []
    operators = (instance.ring_folder / "1.key").read_bytes()
    assert [path.name for path, content in disk.items() if operators in content] == ["1.key"]
    assert rows[7][2] in everything
