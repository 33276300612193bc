"""The operator's keys: every data key is stored wrapped by the newest of them, and one file holds each.

The folder holds `<version>.key` files of 32 bytes, mode 0600. Rotation adds a version, wraps every data key anew, then destroys the old
file: whatever is left of old wrapped keys anywhere (a disk's free blocks, PostgreSQL's log, an old backup) opens nothing any more.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.model.errors import Misconfigured
from hub.privacy.framing import framed
from hub.privacy.scope import KeyScope
from hub.privacy.secret_files import destroy, read_secret, write_secret

KEY_BYTES = 32
WRAPPED_BYTES = 64
DESTROYED = bytes(WRAPPED_BYTES)
"""What stands where a wrapped key stood: as long as the key was, so that it is overwritten in place."""
_VERSION, _NONCE = 4, 12


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The operator's keys by version: `current` wraps, the others only unwrap."""

    instance: str
    keys: Mapping[int, bytes] = field(repr=False)
    current: int


def load_ring(folder: Path, instance: str, current: int) -> KeyRing:
    """The ring in a folder; Misconfigured where the current key is missing, where a file is damaged, or where others may read it."""
    keys = {version: read_secret(_file(folder, version), KEY_BYTES) for version in versions(folder)}
    if current not in keys:
        raise Misconfigured(str(_file(folder, current)), "the operator's key is missing", "restore it from its backup")
    return KeyRing(instance, keys, current)


def versions(folder: Path) -> tuple[int, ...]:
    """The versions of the operator's key that a folder holds, oldest first."""
    return tuple(sorted(int(path.stem) for path in folder.glob("*.key") if path.stem.isdecimal()))


def add_key(folder: Path) -> int:
    """Makes the next version of the operator's key, durable before this returns; never overwrites one."""
    version = max(versions(folder), default=0) + 1
    write_secret(_file(folder, version), os.urandom(KEY_BYTES))
    return version


def destroy_keys(folder: Path, *, before: int) -> tuple[int, ...]:
    """Overwrites and removes every version below `before`; a file system that copies on write or an SSD may keep old blocks for a time."""
    old = tuple(version for version in versions(folder) if version < before)
    for version in old:
        destroy(_file(folder, version))
    return old


def wrap(ring: KeyRing, key_id: bytes, scope: KeyScope, secret: bytes) -> bytes:
    """The secret under the newest key, bound to this instance, its key id and its scope; always 64 bytes."""
    version, nonce = ring.current, os.urandom(_NONCE)
    return version.to_bytes(_VERSION, "big") + nonce + AESGCM(ring.keys[version]).encrypt(nonce, secret, _bound(ring, key_id, scope))


def version_of(wrapped: bytes) -> int:
    """The version of the operator's key that this was wrapped by; 0 where the key was destroyed."""
    return int.from_bytes(wrapped[:_VERSION], "big")


def unwrap(ring: KeyRing, key_id: bytes, scope: KeyScope, wrapped: bytes) -> bytes:
    """The secret; Misconfigured where the ring has not the version, or it is another hub's key."""
    version = version_of(wrapped)
    if version not in ring.keys:
        raise Misconfigured("operator key", f"version {version} is missing", "restore it from its backup")
    nonce, box = wrapped[_VERSION : _VERSION + _NONCE], wrapped[_VERSION + _NONCE :]
    try:
        return AESGCM(ring.keys[version]).decrypt(nonce, box, _bound(ring, key_id, scope))
    except InvalidTag:
        raise Misconfigured("operator key", f"version {version} does not open this key store", "use the key made with it") from None


def _bound(ring: KeyRing, key_id: bytes, scope: KeyScope) -> bytes:
    return framed("data key", ring.instance, key_id.hex(), scope.controller, scope.owner, scope.record_class, str(scope.bucket))


def _file(folder: Path, version: int) -> Path:
    return folder / f"{version}.key"
