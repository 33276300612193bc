"""What a person can be found by: each value brought to the few short words that the index keeps as keyed digests.

A name is found by itself, by the everyday names it may stand for, and by one letter more, fewer or other (words of four letters or more):
two words are at most one edit apart where one of their deletions meets.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from json import loads
from typing import Any, NamedTuple

from hub.identity.nicknames import SAME_NAME
from hub.identity.normalise import birth_date, name, phone

SHORTEST_EDITED = 4
"""Letters that a word has at least, for one edit to be forgiven."""
_NOT_WORD = re.compile(r"[^0-9a-z]+")


class SearchKind(StrEnum):
    """By what somebody is found."""

    NAME = "name"
    NICKNAME = "nickname"
    ONE_EDIT = "one-edit"
    BORN = "born"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    NINO = "nino"
    NHS_NUMBER = "nhs-number"
    REFERENCE = "reference"


FIELD_OF: Mapping[SearchKind, str] = {
    SearchKind.NAME: "names",
    SearchKind.NICKNAME: "names",
    SearchKind.ONE_EDIT: "names",
    SearchKind.BORN: "born",
    SearchKind.POSTCODE: "addresses",
    SearchKind.PHONE: "phones",
    SearchKind.EMAIL: "emails",
    SearchKind.NINO: "nino",
    SearchKind.NHS_NUMBER: "nhs_number",
    SearchKind.REFERENCE: "references",
}
"""The personal field that each kind is made of: who may not search by the field may not search by the kind."""


class Word(NamedTuple):
    """One thing that somebody can be found by."""

    kind: SearchKind
    text: str

    def __repr__(self) -> str:
        return f"Word({self.kind.value})"


def names_of(said: str) -> list[str]:
    """The words of a name in small plain letters."""
    return [word for word in _NOT_WORD.split(name(said)) if word]


def name_words(said: str) -> Iterator[Word]:
    """Everything that one written name is found by."""
    for word in names_of(said):
        yield Word(SearchKind.NAME, word)
        yield from (Word(SearchKind.NICKNAME, group) for group in SAME_NAME.get(word, ()))
        yield from (Word(SearchKind.ONE_EDIT, left) for left in one_edit(word))


def one_edit(word: str) -> frozenset[str]:
    """The word and what is left of it with one letter out; nothing for a short word."""
    if len(word) < SHORTEST_EDITED:
        return frozenset()
    return frozenset({word, *(word[:n] + word[n + 1 :] for n in range(len(word)))})


def words_of(values: Mapping[str, str]) -> frozenset[Word]:
    """What a party is found by, from its opened values as the contract has them: JSON lists, or one text."""
    found: set[Word] = set()
    for each in listed(values.get("names")):
        for part in ("forename", "middle", "surname", "name"):
            found.update(name_words(_text(each, part)))
    found.update(_plain(SearchKind.BORN, [birth_date(values.get("born", ""))]))
    found.update(_plain(SearchKind.POSTCODE, (_compact(_text(each, "postcode")) for each in listed(values.get("addresses")))))
    found.update(_plain(SearchKind.PHONE, (phone(_text(each, "number")) for each in listed(values.get("phones")) if _text(each, "number"))))
    found.update(_plain(SearchKind.EMAIL, (_text(each, "address").strip().lower() for each in listed(values.get("emails")))))
    found.update(_plain(SearchKind.NINO, [_compact(values.get("nino", ""))]))
    found.update(_plain(SearchKind.NHS_NUMBER, [_compact(values.get("nhs_number", ""))]))
    found.update(_plain(SearchKind.REFERENCE, (_compact(_text(each, "value")) for each in listed(values.get("references")))))
    found.update(_plain(SearchKind.REFERENCE, [_compact(values.get("source_reference", ""))]))
    return frozenset(found)


def asked_words(kind: SearchKind, said: str) -> tuple[frozenset[Word], ...]:
    """What somebody typed, as the index has it: of each set one word must fit; empty where nothing can be made of it."""
    match kind:
        case SearchKind.NAME | SearchKind.NICKNAME | SearchKind.ONE_EDIT:
            return tuple(frozenset(name_words(word)) for word in names_of(said))
        case SearchKind.BORN:
            one = _plain(kind, [birth_date(said)])
        case SearchKind.PHONE:
            one = _plain(kind, [phone(said)] if said.strip() else [])
        case SearchKind.EMAIL:
            one = _plain(kind, [said.strip().lower()])
        case _:
            one = _plain(kind, [_compact(said)])
    return (one,) if one else ()


def listed(said: str | None) -> list[Any]:
    """The values of a field that holds a JSON list; a text that is none is one value, as it was said."""
    if not said:
        return []
    try:
        found = loads(said)
    except ValueError:
        return [said]
    return found if isinstance(found, list) else [found]


def _text(each: Any, part: str) -> str:
    """One part of a listed value; of a plain text the whole."""
    if isinstance(each, Mapping):
        found = each.get(part)
        return found if isinstance(found, str) else ""
    return each if isinstance(each, str) else ""


def _plain(kind: SearchKind, texts: Iterable[str]) -> frozenset[Word]:
    return frozenset(Word(kind, text) for text in texts if text)


def _compact(said: str) -> str:
    return _NOT_WORD.sub("", said.lower())
