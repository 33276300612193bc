"""Is this identifier one that could have been issued, one kept for tests, or neither?

Sources: NINO: HMRC NIM39110; NHS number: the Modulus 11 check of the NHS Data Model and Dictionary, 999 000 0000 onwards is never issued;
postcode: the format of British Standard 7666; UPRN: GeoPlace, up to 12 digits; telephone numbers for drama: Ofcom (07700 900000-900999).
Postcode area QX, telephone numbers 07000 and NINO prefix QQ are allocated to nobody: test people have them.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

Check = Callable[[str], "Validity"]


class Validity(StrEnum):
    """What the form of an identifier says of it."""

    VALID = "valid"
    RESERVED = "reserved-for-tests"
    INVALID = "invalid"


_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")
_NOT_NINO = frozenset({"CR", "FY", "MW", "NC", "OO", "PP", "PY", "PZ"})
"""Prefixes of administrative numbers that look like a NINO."""
_POSTCODE = re.compile(r"GIR0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y])\d[ABD-HJLNP-UW-Z]{2}")
_POSTCODE_RESERVED = re.compile(r"QX\d{1,2}\d[ABD-HJLNP-UW-Z]{2}")
_PHONE = re.compile(r"0[1-35789]\d{8,9}")
_PHONE_RESERVED = re.compile(r"07000\d{6}|07700900\d{3}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_EMAIL_RESERVED = re.compile(r".+@(?:.+\.)?(?:example\.(?:com|net|org)|[^@.]+\.(?:example|test|invalid))")
_RESERVED_NHS = 9_990_000_000


def _either(valid: bool, reserved: bool) -> Validity:  # noqa: FBT001 - two findings, one verdict
    if reserved:
        return Validity.RESERVED
    return Validity.VALID if valid else Validity.INVALID


def nino(compact: str) -> Validity:
    """A National Insurance number without spaces, in capitals, with its suffix."""
    if compact.startswith("QQ"):
        return _either(valid=False, reserved=_NINO.fullmatch("AA" + compact[2:]) is not None)
    return _either(valid=_NINO.fullmatch(compact) is not None and compact[:2] not in _NOT_NINO, reserved=False)


def nhs_number(digits: str) -> Validity:
    """An NHS number of ten digits, the last of which checks the others."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():  # noqa: PLR2004 - ten digits, as said
        return Validity.INVALID
    if nhs_check_digit(digits[:9]) != int(digits[9]):
        return Validity.INVALID
    return Validity.RESERVED if int(digits) >= _RESERVED_NHS else Validity.VALID


def nhs_check_digit(nine: str) -> int | None:
    """The check digit of the first nine digits; None for the nine that were never given a number."""
    digit = 11 - sum(weight * int(found) for weight, found in zip(range(10, 1, -1), nine, strict=True)) % 11
    return None if digit == 10 else digit % 11  # noqa: PLR2004 - remainder 1 has no single digit


@lru_cache(maxsize=65536)
def postcode(compact: str) -> Validity:
    """A postcode without its space, in capitals."""
    return _either(valid=_POSTCODE.fullmatch(compact) is not None, reserved=_POSTCODE_RESERVED.fullmatch(compact) is not None)


def uprn(digits: str) -> Validity:
    """A unique property reference number: up to twelve digits, not all of them nought."""
    return _either(valid=0 < len(digits) <= 12 and digits.isascii() and digits.isdigit() and bool(digits.strip("0")), reserved=False)  # noqa: PLR2004


def phone(national: str) -> Validity:
    """A United Kingdom telephone number in its national form: 07..., 01..."""
    return _either(valid=_PHONE.fullmatch(national) is not None, reserved=_PHONE_RESERVED.fullmatch(national) is not None)


def email(address: str) -> Validity:
    """An e-mail address in small letters; the names of RFC 2606 are for tests."""
    return _either(valid=_EMAIL.fullmatch(address) is not None, reserved=_EMAIL_RESERVED.fullmatch(address) is not None)
