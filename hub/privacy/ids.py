"""Ids that carry no personal data: the same fact always gets the same id, and nobody without the secret can tell what it was made of.

Both kinds are UUIDv8 (RFC 9562 section 5.8): 122 bits of a digest, with the version and variant bits set.
"""

from datetime import UTC, datetime
from hashlib import sha256

from hub.privacy.framing import framed
from hub.privacy.keyed import Keyed

SECRET_BYTES = 32
_VARIANT = {f"{digit:x}": "89ab"[digit & 3] for digit in range(16)}
"""The digit that carries the variant: its two upper bits are 10, the lower two are the digest's own."""

Opaque = str | int | datetime


class IdMaker:
    """Makes ids from what a source calls a thing; an unkeyed hash would not do: source ids can be guessed (every NINO in minutes)."""

    __slots__ = ("_keyed",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError("the id secret is shorter than 32 bytes")
        self._keyed = Keyed(secret)

    def of(self, source: str, local_id: str, version: str = "") -> str:
        """The id of one version of one thing of one source, as UUIDv8 text; the same on every machine that holds the secret."""
        return _uuid8(self._keyed.of(framed(source, local_id, version)).hexdigest())


def derived_id(*parts: Opaque) -> str:
    """The id of something that is known by ids and names alone (an effect, a re-keyed event, a command's event), as UUIDv8 text.

    It needs no secret because its parts carry no personal data; do not give it any that do.
    """
    return _uuid8(sha256(framed(*map(_said, parts))).hexdigest())


def _said(part: Opaque) -> str:
    if isinstance(part, str):
        return f"s{part}"
    return f"t{_instant(part).isoformat()}" if isinstance(part, datetime) else f"i{part:d}"


def _instant(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError("a time without a zone is no instant")
    return time.astimezone(UTC)


def _uuid8(text: str) -> str:
    """The id of a digest in hexadecimal."""
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:32]}"
