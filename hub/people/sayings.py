"""What an event of `parties` tells the matcher: one input, or nothing."""

from collections.abc import Iterable
from typing import Any, assert_never

import orjson

from hub.contracts.parties import (
    DecisionUndone,
    MatchDecided,
    NeverTogetherLifted,
    PartyAsserted,
    PartyEvent,
    PartyReidentified,
    PartyRetracted,
    ProtectionSet,
    RematchReleased,
)
from hub.contracts.people_words import PartyKind, Protection, ReidentificationReason
from hub.identity.inputs import Answer, Answered, Asserted, Given, Lifted, Protected, Reidentified, Released, Retracted, Undone
from hub.identity.said import Kind, Said, SaidAddress, SaidName
from hub.model.event import Event
from hub.model.personal import Personal, Plain

HEARD: tuple[type[Event], ...] = (
    PartyAsserted,
    PartyRetracted,
    PartyReidentified,
    ProtectionSet,
    MatchDecided,
    NeverTogetherLifted,
    DecisionUndone,
    RematchReleased,
)
"""The events that tell the matcher anything; the others are not decoded."""
_COMPARED = frozenset({"company", "charity", "vat", "business-rates"})


def given(event: PartyEvent) -> Given | None:  # noqa: PLR0911 - one return for each kind of event
    """The input that an opened event is; None where it tells the matcher nothing."""
    match event:
        case PartyAsserted():
            return Asserted(said_of(event))
        case PartyRetracted():
            return Retracted(event.party_id)
        case PartyReidentified():
            same = event.reason is not ReidentificationReason.REFERENCE_REUSED
            return Reidentified(event.party_id, event.new_party_id, same=same)
        case ProtectionSet():
            hides = event.protection is Protection.IDENTITY and event.successor_party_id
            return Protected(event.party_id, hides) if hides else None
        case MatchDecided():
            return Answered(event.party_ids, event.other_party_ids, Answer(event.answer), event.review_id or "")
        case NeverTogetherLifted():
            return Lifted(event.party_ids, event.other_party_ids)
        case DecisionUndone():
            return Undone(event.decision_id)
        case RematchReleased():
            return Released(event.party_ids, event.customer_ids, event.model_version)
        case _:
            return None


def said_of(event: PartyAsserted) -> Said:
    """The assertion in the matcher's terms; what was erased is not said."""
    return Said(
        party_id=event.party_id,
        generation=event.generation,
        kind=_kind(event.kind),
        match_domain=event.match_domain.lower(),
        source=event.source,
        said_in=event.occurred_at.year,
        least_age=event.least_age,
        greatest_age=event.greatest_age,
        names=tuple(map(_name, _listed(event.names))),
        birth_date=_text(event.born),
        sex=_text(event.sex),
        addresses=tuple(map(_address, _listed(event.addresses))),
        phones=tuple(_number(each) for each in _listed(event.phones)),
        emails=tuple(map(str, _listed(event.emails))),
        nino=_text(event.nino),
        nhs_number=_text(event.nhs_number),
        references=tuple(_compared(_listed(event.references))),
    )


def _kind(kind: PartyKind) -> Kind:
    match kind:
        case PartyKind.PERSON:
            return Kind.PERSON
        case PartyKind.ORGANISATION:
            return Kind.ORGANISATION
        case PartyKind.STAFF:
            return Kind.STAFF
        case _:
            assert_never(kind)


def _text(value: Personal | None) -> str:
    return value.text if isinstance(value, Plain) else ""


def _listed(value: Personal | None) -> list[Any]:
    text = _text(value)
    return list(orjson.loads(text)) if text else []


def _name(said: dict[str, str]) -> SaidName:
    if "organisation" in said:
        return SaidName(surname=said["organisation"])
    return SaidName(
        forename=said.get("forename", ""), middle=said.get("middle", ""), surname=said.get("surname", ""), title=said.get("title", "")
    )


def _address(said: dict[str, Any]) -> SaidAddress:
    return SaidAddress(lines=said.get("text") or "", postcode=said.get("postcode") or "", uprn=said.get("uprn") or "")


def _number(said: Any) -> str:
    return str(said["number"]) if isinstance(said, dict) else str(said)


def _compared(references: Iterable[dict[str, str]]) -> Iterable[tuple[str, str]]:
    return ((each["scheme"], each["value"]) for each in references if each["scheme"] in _COMPARED)
