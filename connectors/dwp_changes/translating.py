"""Which facts does one change of circumstances prove?

A change keeps its reference through all its versions, so every version is about one life event, and the one recorded last counts whatever
order the files come in; the same version in two files is one fact. A change that is too old to act on is for a person to look at.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from connectors.dwp_changes.file import Change
from connectors.surroundings import PartyId, Surroundings
from hub.contracts.life_event_words import Informant
from hub.contracts.life_events import AddressChanged, EmploymentEnded, EmploymentStarted, PensionAgeReached
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.model.connector import Said
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.personal import Plain

DWP = "dwp"
"""The department's name: the origin of what it says, and what its references are references of."""
LONGEST = 500
_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")
_NINO = re.compile(r"[A-Z]{2}[0-9]{6}[A-D ]?")
_BENEFITS = frozenset({"HB", "CTR", "UC", "PC", "ESA", "JSA"})


def translate(surroundings: Surroundings, oldest_days: int, already_told: tuple[str, ...], record: Change) -> Iterator[Said]:
    """The facts of one line; raises Rejected with the names of the fields at fault, never their values."""
    said = record.values
    if said is None or any(len(value) > LONGEST for value in said.values()):
        raise Rejected("dwp-malformed")
    wrong = tuple(name for name, fits in _MUST.items() if not fits(said[name]))
    if wrong:
        raise Rejected("dwp-malformed", fields=wrong)
    at, starts = _instant(said), _day(said, "starts")
    if said["change"] not in _KNOWN:
        raise Rejected("dwp-unknown-change", fields=("change",))
    if at < surroundings.now() - timedelta(days=oldest_days):
        raise Rejected("dwp-out-of-date", fields=("recorded_at",))
    party = surroundings.party_id(DWP, said["nino"].rstrip())
    yield Said(local_id=f"{party.id}/party:{party.generation}", event=_person(said, party, at))
    happened = _KNOWN[said["change"]]
    if happened is not None:
        life = surroundings.party_id(f"{DWP}/change", said["reference"]).id
        shared = _shared(life, party, at, already_told)
        yield Said(local_id=f"{life}/v{int(said['version'])}", event=happened(said, starts, shared))


_MUST: Mapping[str, Callable[[str], Any]] = {
    "reference": _REFERENCE.fullmatch,
    "version": re.compile(r"[1-9][0-9]{0,3}").fullmatch,
    "nino": lambda text: _NINO.fullmatch(text.replace(" ", "")),
    "surname": bool,
    "benefit": _BENEFITS.__contains__,
}


def _shared(life: str, party: PartyId, at: datetime, already_told: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "occurred_at": at, "life_event_id": life, "subject": party.id, "origin": DWP, "already_told": already_told,
        "informant": Informant.ORGANISATION, "chosen": (), "declined": (),
    }  # fmt: skip


def _moved(said: Mapping[str, str], starts: date, shared: Mapping[str, Any]) -> Event:
    if not (said["address"] or said["postcode"]):
        raise Rejected("dwp-malformed", fields=("address",))
    address = Plain(", ".join(filter(None, (said["address"], said["postcode"]))))
    uprn = said.get("uprn", "")
    return AddressChanged(**shared, moved_on=starts, also_for=(), to_address=address, to_uprn=Plain(uprn) if uprn else None)


def _stopped_work(_said: Mapping[str, str], starts: date, shared: Mapping[str, Any]) -> Event:
    return EmploymentEnded(**shared, ended_on=starts)


def _began_work(_said: Mapping[str, str], starts: date, shared: Mapping[str, Any]) -> Event:
    return EmploymentStarted(**shared, started_on=starts)


def _reached_pension_age(_said: Mapping[str, str], starts: date, shared: Mapping[str, Any]) -> Event:
    return PensionAgeReached(**shared, reached_on=starts)


_KNOWN: Mapping[str, Callable[[Mapping[str, str], date, Mapping[str, Any]], Event] | None] = {
    "ADDRESS": _moved,
    "WORK-ENDED": _stopped_work,
    "WORK-STARTED": _began_work,
    "PENSION-AGE": _reached_pension_age,
    "AWARD": None,
    "INCOME": None,
}
"""What each change is in the hub's words; an award or an income changes nobody's life, and says only who somebody is."""


def _person(said: Mapping[str, str], party: PartyId, at: datetime) -> PartyAsserted:
    name = {"type": "CURRENT", "forename": said["forename"], "surname": said["surname"]}
    home = {"type": "HOME", "text": said["address"], "postcode": said["postcode"]}
    born = _day(said, "born").isoformat() if said["born"] else ""
    return PartyAsserted(
        occurred_at=at, party_id=party.id, generation=party.generation, kind=PartyKind.PERSON, match_domain=MatchDomain.GENERAL,
        complete=False, names=_listed({key: text for key, text in name.items() if text}), born=Plain(born) if born else None,
        addresses=_listed(home) if said["address"] or said["postcode"] else None, nino=Plain(said["nino"].replace(" ", "")),
        source_reference=Plain(said["nino"].replace(" ", "")),
    )  # fmt: skip


def _listed(item: Mapping[str, str]) -> Plain:
    return Plain(orjson.dumps([item]).decode())


def _day(said: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(said[name])
    except ValueError:
        raise Rejected("dwp-date", fields=(name,)) from None


def _instant(said: Mapping[str, str]) -> datetime:
    """An instant that says its zone; the department writes UTC."""
    try:
        found = datetime.fromisoformat(said["recorded_at"])
    except ValueError:
        raise Rejected("dwp-date", fields=("recorded_at",)) from None
    if found.tzinfo is None:
        raise Rejected("dwp-date", fields=("recorded_at",))
    return found
