"""What a registrar's record of a death is in the hub's words, whoever carried it here.

The registration is one life event and the deceased one party, by the registrar's own number: a day file and a signal about the same
death meet. While a registration is cancelled nobody is said to be dead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from connectors.surroundings import PartyId, Surroundings
from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason, Informant
from hub.contracts.life_events import DeathRegistered, DeathRegistrationUpdated
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.model.connector import Said
from hub.model.personal import Plain

REGISTRAR = "gro"
"""The registrar's name: the origin of the event, and what its numbers are numbers of."""
REGISTRATION = re.compile(r"[0-9]{1,12}")
_PRECISIONS: Mapping[int, DatePrecision] = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}
_PARTIAL = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD, or empty; what was written of it in words; how well it was proved."""

    known: str = field(default="", repr=False)
    in_words: str = field(default="", repr=False)
    verification: str | None = None

    @property
    def precision(self) -> DatePrecision:
        """How much of it is known."""
        return _PRECISIONS.get(len(self.known), DatePrecision.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """One registration of a death as it stood at an instant."""

    registration: str = field(repr=False)
    at: datetime
    reason: DeathUpdateReason | None
    """Why it was changed; None where it is new."""
    names: tuple[Mapping[str, str], ...] = field(repr=False)
    sex: str = field(repr=False)
    died: When
    born: When
    address: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)


def is_partial_date(text: str) -> bool:
    """Whether this is a year, a month or a day there has been or will be."""
    if not _PARTIAL.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def said(surroundings: Surroundings, death: Death, already_told: tuple[str, ...]) -> Iterator[Said]:
    """What a registration proves: that somebody died or did not after all, and what is known of who they were."""
    life = surroundings.party_id(f"{REGISTRAR}/death", death.registration).id
    party = surroundings.party_id(REGISTRAR, death.registration)
    yield Said(local_id=f"{party.id}/party:{party.generation}", event=_deceased(death, party))
    told = _told(death, life, party, already_told)
    if death.reason is None:
        yield Said(local_id=f"{life}/registered", event=DeathRegistered(**told))
    else:
        yield Said(local_id=f"{life}/updated/{death.at.isoformat()}", event=DeathRegistrationUpdated(**told, reason=death.reason))


def _told(death: Death, life: str, party: PartyId, already_told: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "occurred_at": death.at,
        "life_event_id": life,
        "subject": party.id,
        "origin": REGISTRAR,
        "already_told": already_told,
        "informant": Informant.REGISTRAR,
        "chosen": (),
        "declined": (),
        "death_precision": death.died.precision,
        "birth_precision": death.born.precision,
        "death_verification": death.died.verification,
        "birth_verification": death.born.verification,
        "registration": Plain(death.registration),
        "names": _listed(death.names),
        "sex": _plain(death.sex),
        "died": _plain(death.died.known),
        "died_as_said": _plain(death.died.in_words),
        "born": _plain(death.born.known),
        "born_as_said": _plain(death.born.in_words),
        "addresses": _addresses(death),
    }


def _deceased(death: Death, party: PartyId) -> PartyAsserted:
    struck_out = death.reason is DeathUpdateReason.CANCELLED
    return PartyAsserted(
        occurred_at=death.at,
        party_id=party.id,
        generation=party.generation,
        kind=PartyKind.PERSON,
        match_domain=MatchDomain.GENERAL,
        complete=False,
        source_reference=Plain(death.registration),
        names=_listed(tuple(_whole_names(death.names))),
        born=_plain(death.born.known),
        sex=_plain(death.sex),
        died=None if struck_out else _plain(death.died.known),
        addresses=_addresses(death),
    )


def _whole_names(names: tuple[Mapping[str, str], ...]) -> Iterator[Mapping[str, str]]:
    """The names as others would know them: the name at birth is often written without the given names, which did not change."""
    given = {part: names[0][part] for part in ("forename", "middle") if part in names[0]} if names else {}
    for each in names:
        parts = {name: text for name, text in each.items() if name != "said_as"}
        yield given | parts if parts["type"] == "BIRTH" and "forename" not in parts else parts


def _addresses(death: Death) -> Plain | None:
    if not (death.address or death.postcode):
        return None
    return _listed(({"type": "HOME", "text": death.address, "postcode": death.postcode},))


def _listed(items: tuple[Mapping[str, str], ...]) -> Plain | None:
    return Plain(orjson.dumps(items).decode()) if items else None


def _plain(text: str) -> Plain | None:
    return Plain(text) if text else None
