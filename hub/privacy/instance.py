"""What makes a hub this hub and no other: its id, the secret its ids are made with, and the operator's key.

    instance.json       the instance id; no secret
    ids.secret          32 bytes; never changes
    operator/1.key      32 bytes; `rotate` adds 2.key and so on
    keys.sqlite         the key store of a hub on SQLite

Back up `instance.json` and `ids.secret` once, `operator/` after every rotation, and the key store every day, for at most 7 days, each apart
from the hub's database and from the other: who has the key store and the operator's key can read every sealed value he can get hold of.
"""

import os
from dataclasses import dataclass, field
from json import JSONDecodeError, dumps, loads
from pathlib import Path
from shutil import rmtree
from uuid import UUID

from hub.model.errors import Misconfigured
from hub.privacy.ids import SECRET_BYTES, IdMaker
from hub.privacy.keys import KeyStore
from hub.privacy.keys_sqlite import sqlite_keys
from hub.privacy.ring import add_key
from hub.privacy.secret_files import read_secret, settle, write_secret

_ABOUT, _ID_SECRET, _OPERATOR, _KEYS = "instance.json", "ids.secret", "operator", "keys.sqlite"
_SECRET_FOLDER = 0o700

IF_LOST = {
    _ID_SECRET: "Every record gets another id: what a source says again is taken for new, and what it said before is not found again.",
    _OPERATOR: "Every sealed value is lost for good: names, addresses, notes. Cases, dates and figures remain.",
    _KEYS: "As the operator's key. From an older backup: the values sealed since are lost, and erasures since must be done again.",
    _ABOUT: "The hub refuses its own database and key store until the file is restored; it holds no secret.",
}
"""What happens when a file is lost and there is no backup of it, in words for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One hub's own material, as it lies in its folder."""

    instance_id: str
    folder: Path
    id_secret: bytes = field(repr=False)

    @property
    def ids(self) -> IdMaker:
        """Makes this hub's ids."""
        return IdMaker(self.id_secret)

    @property
    def ring_folder(self) -> Path:
        """Where the operator's keys lie."""
        return self.folder / _OPERATOR


def make_instance(folder: Path) -> Instance:
    """Makes a new hub's material, whole or not at all; Misconfigured where the folder exists: what is there is never overwritten."""
    if folder.exists():
        raise Misconfigured(str(folder), "exists already", "a second hub needs a folder of its own; this one is kept as it is")
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _fill(part)
        part.rename(folder)
    except OSError as error:
        rmtree(part, ignore_errors=True)
        raise Misconfigured(str(folder), f"cannot be made: {error.strerror}") from None
    settle(folder.parent)
    return open_instance(folder)


def open_instance(folder: Path) -> Instance:
    """The hub whose material lies here; Misconfigured where any of it is missing, damaged, or readable by others."""
    try:
        instance_id = str(UUID(loads((folder / _ABOUT).read_text("utf-8"))["instance_id"]))
    except FileNotFoundError:
        raise Misconfigured(str(folder), "holds no hub", "make one with `hub init`, or restore it from its backup") from None
    except (JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise Misconfigured(str(folder / _ABOUT), "is damaged", "restore it from its backup") from None
    return Instance(instance_id=instance_id, folder=folder, id_secret=read_secret(folder / _ID_SECRET, SECRET_BYTES))


def own_keys(instance: Instance) -> KeyStore:
    """The key store in the hub's own folder; Misconfigured where it is gone, because a new one in its place would open nothing."""
    if not (instance.folder / _KEYS).exists():
        raise Misconfigured(str(instance.folder / _KEYS), "is missing", "restore it from its backup")
    return sqlite_keys(instance.folder / _KEYS, instance.ring_folder, instance.instance_id)


def _fill(folder: Path) -> None:
    folder.mkdir(mode=_SECRET_FOLDER)
    (folder / _OPERATOR).mkdir(mode=_SECRET_FOLDER)
    instance_id = str(UUID(bytes=os.urandom(16), version=4))
    write_secret(folder / _ABOUT, dumps({"instance_id": instance_id}).encode())
    write_secret(folder / _ID_SECRET, os.urandom(SECRET_BYTES))
    add_key(folder / _OPERATOR)
    sqlite_keys(folder / _KEYS, folder / _OPERATOR, instance_id).close()
