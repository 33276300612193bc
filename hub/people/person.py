"""One person as the sources say: each value with who says it, since when and why it counts; what they disagree about stays visible."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from json import dumps
from typing import Any

from hub.contracts.parties import AccessNeedNoted, PartyAsserted
from hub.contracts.people_words import Protection
from hub.model.personal import Erased
from hub.people.gathering import plain_values
from hub.people.links import Link
from hub.people.standing import Standing
from hub.privacy.access import Sight
from hub.privacy.search_words import listed

CLASS_OF: Mapping[str, str] = {
    "names": "person",
    "born": "person",
    "sex": "person",
    "died": "person",
    "addresses": "whereabouts",
    "phones": "reach",
    "emails": "reach",
    "nino": "numbers",
    "nhs_number": "numbers",
    "references": "numbers",
    "source_reference": "numbers",
    "access_needs": "needs",
    "warnings": "warnings",
}
"""The class of record, as the access policy names it, that each fact belongs to."""
HIDDEN_WITH_ADDRESS = frozenset({"addresses"})
RECORD_CLASS = "parties"

Sights = Callable[[str, str], Sight]
"""How much may be seen of a field of a party."""


class Why(StrEnum):
    """Why one value is shown first."""

    ONLY_VALUE = "only-value"
    MOST_SOURCES = "most-sources"
    NEWEST = "newest"
    ALSO_SAID = "also-said"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """One source's word for a value."""

    party_id: str
    source: str
    controller: str
    since: datetime
    said_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a fact; `value` is None where it is held and may not be seen."""

    value: Any
    masked: bool
    why: Why
    said_by: tuple[SaidBy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """All that is said of one thing, what counts first."""

    field: str
    disputed: bool
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One party of the person, with its sayings opened."""

    standing: Standing
    link: Link
    opened: tuple[PartyAsserted, ...]
    noted: tuple[AccessNeedNoted, ...] = ()
    """What was noted that they need, opened, the newest last."""
    restricted_too: bool = False
    """Whether what is restricted is seen all the same: for its review, or where somebody's life is at stake."""

    @property
    def hidden(self) -> bool:
        """Nothing of it is shown."""
        return not self.standing.visible or self.restricted(RECORD_CLASS)

    def restricted(self, record_class: str) -> bool:
        """Whether this class of its records is not shown for now."""
        return self.standing.restricted(record_class) and not self.restricted_too

    @property
    def erased(self) -> bool:
        """Its keys were destroyed."""
        gone = any(RECORD_CLASS in each.record_classes for each in self.standing.erased)
        return gone or any(isinstance(each.names, Erased) for each in self.opened)


def facts(parties: Sequence[Known], sights: Sights) -> tuple[Fact, ...]:
    """Every fact that somebody may see something of, in the order of the contract."""
    made = (_fact(field, parties, sights) for field in CLASS_OF)
    return tuple(fact for fact in made if fact is not None)


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    value: Any
    masked: bool
    by: SaidBy


def _fact(field: str, parties: Sequence[Known], sights: Sights) -> Fact | None:
    words = [word for known in parties for word in _words(field, known, sights)]
    if not words:
        return None
    groups: dict[str, list[_Word]] = {}
    for word in words:
        groups.setdefault(word.key, []).append(word)
    ranked = sorted(groups.values(), key=_weight, reverse=True)
    return Fact(field=field, disputed=len(ranked) > 1 and field in _SINGLE, values=tuple(_value(n, ranked) for n in range(len(ranked))))


_SINGLE = frozenset({"names", "born", "sex", "died", "nino", "nhs_number"})
"""A person has one of these: two values disagree."""


def _weight(group: Sequence[_Word]) -> tuple[int, datetime]:
    return len({word.by.party_id for word in group}), max(word.by.said_at for word in group)


def _value(n: int, ranked: Sequence[Sequence[_Word]]) -> Value:
    group = ranked[n]
    return Value(value=group[0].value, masked=group[0].masked, why=_why(n, ranked), said_by=tuple(word.by for word in group))


def _why(n: int, ranked: Sequence[Sequence[_Word]]) -> Why:
    if n:
        return Why.ALSO_SAID
    if len(ranked) == 1:
        return Why.ONLY_VALUE
    return Why.MOST_SOURCES if _weight(ranked[0])[0] > _weight(ranked[1])[0] else Why.NEWEST


def _words(field: str, known: Known, sights: Sights) -> Iterable[_Word]:
    """What one party says of a field now, as far as it may be seen."""
    sight = sights(known.standing.party_id, field)
    protected = field in HIDDEN_WITH_ADDRESS and known.standing.protected(Protection.ADDRESS, Protection.LOCATION)
    if known.hidden or protected or sight is Sight.HIDDEN or known.standing.now is None or not known.opened:
        return
    for key, value in _said(known.opened[-1], field):
        by = _said_by(known, field, key)
        if sight is Sight.MASKED:
            yield _Word(f"masked {known.standing.party_id}", None, masked=True, by=by)
        else:
            yield _Word(key, value, masked=False, by=by)


def _said(event: PartyAsserted, field: str) -> list[tuple[str, Any]]:
    text = plain_values(event).get(field)
    return [(_key(value), value) for value in listed(text)] if text else []


def _key(value: Any) -> str:
    """What two sources' words for one value have in common: their letters and figures, whatever the case and the spaces."""
    told = {name: part for name, part in value.items() if name not in {"type", "title"} and part} if isinstance(value, dict) else value
    said = told if isinstance(told, str) else dumps(told, sort_keys=True, ensure_ascii=False)
    return "".join(said.split()).casefold()


def _said_by(known: Known, field: str, key: str) -> SaidBy:
    """Since when the source has said so without a break."""
    newest = since = known.opened[-1]
    for event in reversed(known.opened):
        if key not in {found for found, _ in _said(event, field)}:
            break
        since = event
    return SaidBy(
        party_id=known.standing.party_id, source=newest.source, controller=newest.controller, since=since.occurred_at,
        said_at=newest.occurred_at, recorded_at=newest.recorded_at,
    )  # fmt: skip
