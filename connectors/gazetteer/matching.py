"""Which place does an address mean? By the UPRN its source gives, or by its words within its postcode; the score and method are kept.

A UPRN that the gazetteer does not know, or knows no longer, is looked for by its words. Words are compared after abbreviations are put out
("RD", "ROAD"); numbers must be equal: 12 is never 12A, and a flat is never the house.
"""

import re
from collections.abc import Iterable

from rapidfuzz.fuzz import token_sort_ratio

from connectors.gazetteer.extract import Extract, Place
from connectors.surroundings import Found

LEAST = 0.86
"""Below this score nothing is taken to be found."""
MARGIN = 0.03
"""By how much the best must be better than the second best."""
_SHORT = {
    "ST": "STREET", "RD": "ROAD", "LN": "LANE", "AVE": "AVENUE", "CL": "CLOSE", "DR": "DRIVE", "CT": "COURT", "CRES": "CRESCENT",
    "GR": "GROVE", "PL": "PLACE", "TERR": "TERRACE", "GDNS": "GARDENS", "APARTMENT": "FLAT", "APT": "FLAT", "UNIT": "FLAT",
}  # fmt: skip
_WORDS = re.compile(r"[0-9]+[A-Z]?|[A-Z]+(?:'[A-Z]+)?")
NOTHING = Found("", 0.0, "NONE")


class Places:
    """An edition of the gazetteer made ready for looking things up."""

    def __init__(self, extract: Extract) -> None:
        self._edition = extract.edition
        self._here = {place.uprn: place for place in extract.places if not place.withdrawn}
        self._by_postcode: dict[str, list[tuple[frozenset[str], str, Place]]] = {}
        for place in self._here.values():
            numbers, words = _read(place.address)
            self._by_postcode.setdefault(_compact(place.postcode), []).append((numbers, words, place))

    @property
    def edition(self) -> str:
        """Which edition it is."""
        return self._edition

    @property
    def known(self) -> Iterable[Place]:
        """The places that are there."""
        return self._here.values()

    def find(self, address: str, postcode: str, uprn: str) -> Found:
        """The place that an address means."""
        given = uprn.strip().lstrip("0")
        if given in self._here:
            return Found(given, 1.0, "GIVEN_UPRN")
        numbers, words = _read(address)
        near = self._by_postcode.get(_compact(postcode), []) if words else []
        scored = sorted(((_score(words, theirs), place.uprn) for ours, theirs, place in near if ours == numbers), reverse=True)
        if not scored or scored[0][0] < LEAST or (len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN):
            return NOTHING
        score, found = scored[0]
        return Found(found, score, "EXACT" if score == 1.0 else "WORDS")


def _score(words: str, theirs: str) -> float:
    """How alike two addresses are whose numbers are equal; the gazetteer's town and locality may go unsaid."""
    ours = words.split()
    return max(token_sort_ratio(words, theirs), token_sort_ratio(words, " ".join(theirs.split()[: len(ours)]))) / 100


def _read(address: str) -> tuple[frozenset[str], str]:
    """The numbers of an address, and its words in order."""
    found = [_SHORT.get(word, word) for word in _WORDS.findall(address.upper())]
    numbers = frozenset(
        f"FLAT {word}" if place and found[place - 1] == "FLAT" else word for place, word in enumerate(found) if word[0].isdigit()
    )
    return numbers, " ".join(word for word in found if not word[0].isdigit() and word != "FLAT")


def _compact(postcode: str) -> str:
    return postcode.replace(" ", "").upper()
