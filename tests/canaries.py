"""Values that may be said to the hub and must never be heard from it: invented people, and addresses out of the recordings."""

import csv
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote

RECORDINGS = Path(__file__).parents[1] / "recordings" / "los-angeles"
EVERY = 200

INVENTED: Mapping[str, str] = {
    "name": "Æthelfryth Featherstonehaugh",
    "surname": "Featherstonehaugh",
    "NINO": "QQ 12 34 56 C",
    "phone": "07700 900123",
    "e-mail": "zebedee.quillfeather@example.org",
    "postcode": "QX7 4ZZ",
    "notes": "afraid of the neighbour at number 9",
}
"""What tests give their own people; the NINO, phone and postcode are of the ranges kept for tests."""


@cache
def planted() -> Mapping[bytes, str]:
    """Every form in which a planted value can show, in lower case, and what it would be: "NINO, base64"."""
    values = {**INVENTED, **{f"recorded address {n}": address for n, address in enumerate(_recorded())}}
    forms = [(form.lower(), f"{what}, {how}") for what, value in values.items() for how, form in _forms(value)]
    return dict(reversed(forms))  # the plainest name of a form wins


def found_in(heard: bytes) -> list[str]:
    """Which planted values these bytes hold, by what they are and never by what they say."""
    low = heard.lower()
    return sorted(what for form, what in planted().items() if form in low) if heard else []


def _recorded() -> Iterator[str]:
    for path in sorted(RECORDINGS.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for n, row in enumerate(csv.DictReader(file)):
                if n % EVERY == 0:
                    yield row.get("address") or row["Address"]


def forms(value: str) -> list[bytes]:
    """Every writing of a value, in lower case."""
    return [form.lower() for _, form in _forms(value)]


def _forms(value: str) -> Iterator[tuple[str, bytes]]:
    plain = value.encode()
    yield "plain", plain
    yield "UTF-16", value.encode("utf-16-le")
    yield "UTF-16, high byte first", value.encode("utf-16-be")
    yield "JSON", json.dumps(value)[1:-1].encode()
    yield "URL", quote(value).encode()
    yield "form", quote(value).replace("%20", "+").encode()
    yield "repr", repr(plain)[2:-1].encode()
    yield "hexadecimal", plain.hex().encode()
    yield from (("base64", _within_base64(plain, shift)) for shift in range(3))


def _within_base64(plain: bytes, shift: int) -> bytes:
    """The characters of base64 that the value alone decides, wherever in a text it stands."""
    coded = b64encode(bytes(shift) + plain)
    return coded[(0, 2, 3)[shift] : len(coded.rstrip(b"=")) - 1]
