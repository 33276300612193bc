"""Searching for a person: candidates from the index, opened, held against what was really asked, and ranked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from hub.identity.nicknames import SAME_NAME
from hub.people.gathering import plain_values
from hub.people.links import customers_of
from hub.people.person import Known
from hub.people.view import View
from hub.privacy.search_index import SearchIndex
from hub.privacy.search_words import SearchKind, asked_words, listed, names_of

MOST_OPENED = 200
MOST_SHOWN = 20
_BY_NAME = frozenset({SearchKind.NAME})

Facts = Mapping[SearchKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people may be meant; nobody is shown until one more fact is given."""

    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The parties that fit, the nearest first, each with its customer; `more` says that not all are here."""

    parties: tuple[Known, ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class Search:
    """Searches one store."""

    view: View
    index: SearchIndex

    def __call__(self, controller: str, facts: Facts) -> Count | Hits:
        """Who fits every fact; by name alone only how many. Raises Unavailable."""
        asked = [words for kind, said in facts.items() for words in asked_words(kind, said)]
        with self.view.store.read() as tx:
            parties = sorted(self.index.find(tx, controller, asked))
            homes = customers_of(tx, parties) if facts.keys() <= _BY_NAME else {}
        if facts.keys() <= _BY_NAME:
            return Count(people=len({homes.get(party, party) for party in parties}))
        return self._hits(parties, facts.get(SearchKind.NAME, ""))

    def _hits(self, parties: Sequence[str], name: str) -> Hits:
        known = self.view.parties(parties[:MOST_OPENED])
        near = [(distance, each) for each in known if not each.hidden and (distance := _distance(name, each)) is not None]
        near.sort(key=lambda pair: (pair[0], pair[1].standing.party_id))
        shown = tuple(each for _, each in near[:MOST_SHOWN])
        return Hits(parties=shown, more=len(near) > MOST_SHOWN or len(parties) > MOST_OPENED)


def _distance(name: str, known: Known) -> int | None:
    """Letters that differ between what was asked and the nearest name said; None where a word is further away than one letter."""
    asked = names_of(name)
    if not asked:
        return 0
    said = {word for each in _names(known) for word in names_of(each)}
    each = [_nearest(word, said) for word in asked]
    return None if any(distance is None for distance in each) else sum(filter(None, each))


def _nearest(word: str, said: Collection[str]) -> int | None:
    """0 for the word itself, 1 for one letter or an everyday name for it."""
    if word in said:
        return 0
    mine = SAME_NAME.get(word, frozenset())
    return 1 if any(OSA.distance(word, other) <= 1 or mine & SAME_NAME.get(other, frozenset()) for other in said) else None


def _names(known: Known) -> list[str]:
    values: list[Any] = listed(plain_values(known.opened[-1]).get("names")) if known.opened else []
    return [" ".join(filter(None, map(each.get, _PARTS))) if isinstance(each, dict) else str(each) for each in values]


_PARTS = ("forename", "middle", "surname", "name")
