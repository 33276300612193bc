"""Passwords and other secrets that people and programs show: kept so that whoever reads the store cannot use them.

A password is kept as Argon2id (RFC 9106) with the least figures that OWASP names: 19 MiB, two passes, one lane. What the hub makes itself
has 256 random bits, so that one digest of it suffices.
"""

import os
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SHORTEST, LONGEST = 12, 128
"""Characters of a password."""
_SALT_BYTES, _LENGTH, _PASSES, _LANES, _KIB = 16, 32, 2, 1, 19_456
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$wvFzKxCfgLaus5vXN086ww$iiofQhSdPJD0igjR2b8mXYx/iGhwBtZnGJdCzsDEPiE"
"""What is looked through where there is no such account, so that it takes as long."""


def hashed(password: str) -> str:
    """The password as PHC text, with a salt of its own; raises ValueError for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    deriving = Argon2id(salt=os.urandom(_SALT_BYTES), length=_LENGTH, iterations=_PASSES, lanes=_LANES, memory_cost=_KIB)
    return deriving.derive_phc_encoded(password.encode())


def fits(password: str, phc: str | None) -> bool:
    """Whether this is the password; it takes as long where there is none to compare with."""
    try:
        Argon2id.verify_phc_encoded(password.encode()[: 4 * LONGEST], phc or _NOBODYS)
    except InvalidKey:
        return False
    return phc is not None


def new_password() -> str:
    """A password of 96 random bits, to be told once."""
    return urlsafe_b64encode(os.urandom(12)).decode()


def new_token() -> str:
    """A secret of 256 random bits: for a session, a form, a program."""
    return urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def digest(token: str) -> str:
    """What is kept of such a secret."""
    return sha256(token.encode()).hexdigest()
