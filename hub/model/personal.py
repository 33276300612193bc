"""A personal value is plain only between an edge and the seal; everywhere else it is sealed, or erased for good."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plain:
    """A personal value in the clear; its text is in no repr, so that no log or error can show it."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value under its scope's key: `box` is version, key id, nonce and ciphertext (hub/privacy/sealing.py)."""

    box: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erased:
    """A personal value whose key was destroyed; every fold and page handles it."""


ERASED = Erased()

Personal = Plain | Sealed | Erased
