"""Which facts does one row about a person prove? What was said is kept as said; only its form is judged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from connectors.rows import dates
from connectors.rows.mapping import Row
from connectors.rows.people import PeopleRows, PersonLayout, PersonValues
from connectors.surroundings import Found, PartyId, Surroundings
from connectors.vocabulary import REFERENCE
from hub.contracts.addresses import AddressMatched
from hub.contracts.parties import PartyAsserted, PartyReidentified, PartyRetracted
from hub.contracts.people_words import AddressMethod, AgeBand, MatchDomain, ReidentificationReason, RetractionReason, Validity
from hub.contracts.policing import PolicePersonAsserted, PolicePersonRetracted
from hub.contracts.social_care import CarePersonAsserted, CarePersonRetracted
from hub.identity import identifiers, normalise
from hub.model.connector import Said
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.personal import Plain

LONGEST = 2_000
"""What a value may have of characters."""
_VALIDITY = {
    identifiers.Validity.VALID: Validity.VALID,
    identifiers.Validity.RESERVED: Validity.RESERVED_FOR_TESTS,
    identifiers.Validity.INVALID: Validity.INVALID,
}
_BANDS = ((16, AgeBand.UNDER_16), (25, AgeBand.FROM_16_TO_24), (45, AgeBand.FROM_25_TO_44), (65, AgeBand.FROM_45_TO_64),
          (75, AgeBand.FROM_65_TO_74))  # fmt: skip
_SCHEMES = (
    ("company_number", "company"),
    ("charity_number", "charity"),
    ("vat_number", "vat"),
    ("rates_reference", "business-rates"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReading:
    """A layout made ready once for all its rows."""

    config: PeopleRows
    layout: PersonLayout
    names: PersonValues
    surroundings: Surroundings
    local: Callable[[str], datetime]
    instant: Callable[[datetime], datetime]


def person_readings(config: PeopleRows, surroundings: Surroundings) -> tuple[PersonReading, ...]:
    """The configuration's layouts, compiled."""
    instant = partial(dates.instant, ZoneInfo(config.zone), config.repeated, config.skipped)
    return tuple(
        PersonReading(
            config=config,
            layout=layout,
            names=layout.columns.names(),
            surroundings=surroundings,
            local=partial(dates.local, dates.parsers(layout.dates, ZoneInfo(config.zone))),
            instant=instant,
        )
        for layout in config.layouts
    )


def translate_person(ready: tuple[PersonReading, ...], row: Row) -> tuple[Said, ...]:
    """The facts of one row; raises Rejected with the columns at fault, never what they hold."""
    reading, values = ready[row.layout], row.values
    for name, value in zip(PersonValues._fields, values, strict=True):
        if len(value) > LONGEST:
            raise _rejected(reading, "csv-value-too-long", name)
    if not REFERENCE.fullmatch(values.reference):
        raise _rejected(reading, "csv-reference", "reference")
    at = _instant(reading, "updated", values.updated)
    if at is None:
        raise _rejected(reading, "csv-value-missing", "updated")
    party = reading.surroundings.party_id(reading.config.system, values.reference)
    if reading.config.match_domain != "general":
        return (Said(local_id=f"{party.id}/person", event=_restricted(reading, values, party, at), lasting=True),)
    return tuple(_general(reading, values, party, at))


def party_of(ready: tuple[PersonReading, ...], row: Row) -> str | None:
    """Whose record a row is, as far as its reference can be read."""
    reading, reference = ready[row.layout], row.values.reference
    return reading.surroundings.party_id(reading.config.system, reference).id if REFERENCE.fullmatch(reference) else None


def absent_person(config: PeopleRows, local_id: str, at: datetime) -> Iterator[Said]:
    """What is said of a record that a complete snapshot no longer holds."""
    party, reason = local_id.split("/", 1)[0], RetractionReason.ABSENT_FROM_SNAPSHOT
    event: Event
    match config.match_domain:
        case "police":
            event = PolicePersonRetracted(occurred_at=at, police_person_id=party, reason=reason)
        case "social-care":
            event = CarePersonRetracted(occurred_at=at, care_person_id=party, reason=reason)
        case _:
            generation = int(local_id.rpartition(":")[2] or 1) if ":" in local_id else 1
            event = PartyRetracted(occurred_at=at, party_id=party, generation=generation, reason=reason)
    yield Said(local_id=f"{party}/gone", event=event)


def _general(reading: PersonReading, values: PersonValues, party: PartyId, at: datetime) -> Iterator[Said]:
    found = _found(reading, values)
    event = _asserted(reading, values, party, at, found)
    yield Said(local_id=f"{party.id}/party:{party.generation}", event=event, lasting=True)
    if values.previous_reference and values.previous_reference != values.reference:
        old = reading.surroundings.party_id(reading.config.system, values.previous_reference).id
        moved = PartyReidentified(occurred_at=at, party_id=old, new_party_id=party.id, reason=ReidentificationReason.SOURCE_MERGE)
        yield Said(local_id=f"{party.id}/previous", event=moved)
    if found is not None:
        yield Said(local_id=f"{party.id}/address", event=_matched(reading, values, party, at, found))


def _found(reading: PersonReading, values: PersonValues) -> Found | None:
    gazetteer = reading.surroundings.gazetteer
    if gazetteer is None or not (values.address or values.uprn):
        return None
    return gazetteer.find(values.address, values.postcode, values.uprn)


def _matched(reading: PersonReading, values: PersonValues, party: PartyId, at: datetime, found: Found) -> AddressMatched:
    place_id, gazetteer = reading.surroundings.place_id, reading.surroundings.gazetteer
    return AddressMatched(
        occurred_at=at,
        party_id=party.id,
        address_id="home",
        place_id=place_id(found.uprn) if found.uprn and place_id else "",
        score=found.score,
        method=AddressMethod(found.method),
        edition=gazetteer.edition if gazetteer else "",
        address=_plain(" ".join(filter(None, (values.address, values.postcode)))),
        uprn=_plain(found.uprn),
    )


def _asserted(reading: PersonReading, values: PersonValues, party: PartyId, at: datetime, found: Found | None) -> PartyAsserted:
    config = reading.config
    return PartyAsserted(
        occurred_at=at,
        party_id=party.id,
        generation=party.generation,
        kind=config.party_kind,
        match_domain=MatchDomain.GENERAL,
        complete=config.holds_all(),
        least_age=config.least_age,
        greatest_age=config.greatest_age,
        registered_on=_registered(reading, values),
        locality=values.locality or None,
        age_band=_age_band(values.born, at),
        nino_validity=_judged(identifiers.nino, values.nino.replace(" ", "").upper()),
        nhs_number_validity=_judged(identifiers.nhs_number, values.nhs_number.replace(" ", "")),
        household_id=_household(reading, values),
        source_reference=_plain(values.reference),
        names=_names(values),
        born=_plain(values.born),
        sex=_plain(values.sex),
        died=_plain(values.died),
        addresses=_addresses(values, found),
        phones=_listed([_phone(each) for each in (values.phone, values.mobile) if each]),
        emails=_listed([values.email] if values.email else []),
        nino=_plain(values.nino),
        nhs_number=_plain(values.nhs_number),
        references=_listed([{"scheme": scheme, "value": getattr(values, name)} for name, scheme in _SCHEMES if getattr(values, name)]),
        access_needs=_listed([values.access_need] if values.access_need else []),
        warnings=_warnings(config, values),
    )


def _restricted(reading: PersonReading, values: PersonValues, party: PartyId, at: datetime) -> Event:
    said: Mapping[str, Any] = {
        "occurred_at": at,
        "generation": party.generation,
        "ring": reading.config.ring,
        "names": _names(values),
        "born": _plain(values.born),
        "sex": _plain(values.sex),
        "addresses": _addresses(values, None),
        "phones": _listed([_phone(each) for each in (values.phone, values.mobile) if each]),
        "references": _listed([{"scheme": "own", "value": values.reference}]),
        "warnings": _warnings(reading.config, values),
    }
    if reading.config.match_domain == "police":
        return PolicePersonAsserted(police_person_id=party.id, **said)
    return CarePersonAsserted(care_person_id=party.id, **said)


def _names(values: PersonValues) -> Plain | None:
    if values.organisation:
        return _listed([{"type": "CURRENT", "organisation": values.organisation}])
    parts = {name: getattr(values, name) for name in ("title", "forename", "middle", "surname")}
    return _listed([{"type": "CURRENT", **parts}]) if any(parts.values()) else None


def _addresses(values: PersonValues, found: Found | None) -> Plain | None:
    if not (values.address or values.postcode or values.uprn):
        return None
    uprn = found.uprn if found is not None else values.uprn
    said: dict[str, Any] = {"type": "HOME", "text": values.address, "postcode": values.postcode, "uprn": uprn}
    return _listed([said | ({"score": found.score, "method": found.method} if found is not None else {})])


def _phone(number: str) -> dict[str, str]:
    form = _judged(identifiers.phone, normalise.phone(number))
    return {"number": number, "validity": str(form or "")}


def _warnings(config: PeopleRows, values: PersonValues) -> Plain | None:
    return _listed([{"kind": "SOURCE", "text": values.warning, "owner": config.system}] if values.warning else [])


def _household(reading: PersonReading, values: PersonValues) -> str | None:
    if not values.household:
        return None
    return reading.surroundings.party_id(f"{reading.config.system}/household", values.household).id


def _age_band(born: str, at: datetime) -> AgeBand | None:
    digits = normalise.birth_date(born) if born else ""
    if not digits:
        return None
    age = at.year - int(digits[:4])
    return next((band for limit, band in _BANDS if age < limit), AgeBand.FROM_75)


def _judged(judge: Callable[[str], identifiers.Validity], value: str) -> Validity | None:
    return _VALIDITY[judge(value)] if value else None


def _registered(reading: PersonReading, values: PersonValues) -> date | None:
    at = _instant(reading, "registered", values.registered)
    return at.astimezone(UTC).date() if at else None


def _instant(reading: PersonReading, name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return reading.instant(reading.local(text))
    except ValueError:
        raise _rejected(reading, "csv-date", name) from None


def _plain(text: str) -> Plain | None:
    return Plain(text) if text else None


def _listed(items: list[Any]) -> Plain | None:
    return Plain(orjson.dumps(items).decode()) if items else None


def _rejected(reading: PersonReading, code: str, *fields: str) -> Rejected:
    return Rejected(code, fields=tuple(getattr(reading.names, name) for name in fields))
