"""A sealed value is a box: AES-256-GCM under its scope's key, bound to the one place where it stands.

    box = version 1 | key id 16 | nonce 12 | ciphertext and tag
    bound to: instance, controller, owner, event id, field, box version, key id

Moved to any other place a box does not open. An empty box is a value that was erased before it could be sealed.
"""

import os
from collections.abc import Collection, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.contracts.rejections import Rejection
from hub.model.errors import Rejected
from hub.model.personal import ERASED, Erased
from hub.privacy.framing import framed
from hub.privacy.keys import KEY_ID_BYTES, Key, KeyStore, Tombstone

TEXT, ORIGINAL = 1, 2
"""The version of a box that holds a text, and of one that holds the original bytes of a record."""
EMPTY = b""
NONCE_BYTES = 12
_NONCE_AT = 1 + KEY_ID_BYTES
_TEXT_AT = _NONCE_AT + NONCE_BYTES
_TAG_BYTES = 16


class Place(NamedTuple):
    """Where a value stands; its box opens there and nowhere else."""

    controller: str
    owner: str
    event_id: str
    field: str


class Content(NamedTuple):
    """A value to be put in a box: where it stands, the key of its scope, and its bytes."""

    place: Place
    key: Key | Tombstone
    plain: bytes


def close_boxes(instance: str, version: int, contents: Sequence[Content]) -> list[bytes]:
    """One box for each content, in order; an empty one where the key has a tombstone."""
    return [_closed(instance, version, content) for content in contents]


def open_boxes(keys: KeyStore, version: int, boxes: Collection[tuple[Place, bytes]]) -> list[bytes | Erased]:
    """What each box holds, in order; ERASED where its key has a tombstone or the box is empty.

    Raises Rejected("seal-broken") for a box that was made for another place or was changed, Rejected("seal-key-unknown") for one under a
    key this store never made.
    """
    asked = frozenset(_key_id(box) for _, box in boxes if box)
    known = keys.keys_by_id(asked) if asked else {}
    return [_opened(keys.instance, version, place, known.get(_key_id(box)), box) if box else ERASED for place, box in boxes]


def _closed(instance: str, version: int, content: Content) -> bytes:
    place, key, plain = content
    if isinstance(key, Tombstone):
        return EMPTY
    nonce = os.urandom(NONCE_BYTES)
    return b"%c%b%b%b" % (version, key.key_id, nonce, AESGCM(key.secret).encrypt(nonce, plain, _bound(instance, version, place, key)))


def _opened(instance: str, version: int, place: Place, key: Key | Tombstone | None, box: bytes) -> bytes | Erased:
    if key is None:
        raise Rejected(Rejection.SEAL_KEY_UNKNOWN, fields=(place.field,))
    if isinstance(key, Tombstone):
        return ERASED
    if box[0] != version or len(box) < _TEXT_AT + _TAG_BYTES:
        raise Rejected(Rejection.SEAL_BROKEN, fields=(place.field,))
    try:
        return AESGCM(key.secret).decrypt(box[_NONCE_AT:_TEXT_AT], box[_TEXT_AT:], _bound(instance, version, place, key))
    except InvalidTag:
        raise Rejected(Rejection.SEAL_BROKEN, fields=(place.field,)) from None


def _key_id(box: bytes) -> bytes:
    return box[1:_NONCE_AT]


def _bound(instance: str, version: int, place: Place, key: Key) -> bytes:
    return framed("box", str(version), instance, *place, key.key_id.hex())
