"""Which facts does a signal about a death prove?"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from connectors.deaths import Death, When, is_partial_date, said
from connectors.one_login_signals.polling import Signal
from connectors.surroundings import Surroundings
from hub.contracts.life_event_words import DeathUpdateReason
from hub.model.connector import Said
from hub.model.errors import Rejected

VOCABULARY = "https://vocab.account.gov.uk/v1/"
_REGISTRATION = re.compile(r"urn:fdc:gro\.gov\.uk:2023:death:([0-9]{1,12})")
_BEFORE_MARRIAGE = "Name before marriage"

Text = Annotated[str, Field(max_length=2_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _NamePart(_Part):
    value: Text
    type: Text


class _Name(_Part):
    nameParts: tuple[_NamePart, ...] = Field(default=(), max_length=32)  # noqa: N815 - the issuer's own name
    description: Text = ""


class _Value(_Part):
    value: Text = ""
    description: Text = ""


class _Address(_Part):
    subBuildingName: Text = ""  # noqa: N815 - as above, and below
    buildingName: Text = ""  # noqa: N815
    buildingNumber: Text = ""  # noqa: N815
    streetName: Text = ""  # noqa: N815
    dependentAddressLocality: Text = ""  # noqa: N815
    addressLocality: Text = ""  # noqa: N815
    postalCode: Text = ""  # noqa: N815


class _Subject(_Part):
    name: tuple[_Name, ...] = Field(default=(), max_length=64)
    sex: tuple[_Value, ...] = Field(default=(), max_length=8)
    birthDate: tuple[_Value, ...] = Field(default=(), max_length=8)  # noqa: N815
    freeFormatBirthDate: Text = ""  # noqa: N815
    address: tuple[_Address, ...] = Field(default=(), max_length=8)


class _Registered(_Part):
    subject: _Subject
    deathRegistration: Text  # noqa: N815
    deathDate: _Value = _Value()  # noqa: N815
    freeFormatDeathDate: Text = ""  # noqa: N815


class _New(_Registered):
    deathRegistrationTime: AwareDatetime  # noqa: N815


class _Updated(_Registered):
    recordUpdateTime: AwareDatetime  # noqa: N815
    deathRegistrationUpdateReason: Literal[  # noqa: N815
        "formal_correction", "quality_assurance", "typographical", "cancelled", "cancellation_removed"
    ]


def translate(surroundings: Surroundings, already_told: tuple[str, ...], signal: Signal) -> tuple[Said, ...]:
    """The facts of one event; raises Rejected with the names of the claims at fault, never what they say."""
    try:
        death = _death(signal)
    except ValidationError as error:
        names = {".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False, include_url=False)}
        raise Rejected("signal-malformed", fields=tuple(sorted(names))) from None
    if signal.happened_at is not None and signal.happened_at != int(death.at.timestamp()):
        raise Rejected("signal-malformed", fields=("toe",))
    return tuple(said(surroundings, death, already_told))


def _death(signal: Signal) -> Death:
    match signal.kind.removeprefix(VOCABULARY):
        case "deathRegistered":
            new = _New.model_validate(signal.said)
            return _stood(new, new.deathRegistrationTime, None)
        case "deathRegistrationUpdated":
            changed = _Updated.model_validate(signal.said)
            return _stood(changed, changed.recordUpdateTime, DeathUpdateReason(changed.deathRegistrationUpdateReason.upper()))
        case _:
            raise Rejected("signal-unknown-event")


def _stood(found: _Registered, at: datetime, reason: DeathUpdateReason | None) -> Death:
    number = _REGISTRATION.fullmatch(found.deathRegistration)
    if number is None:
        raise Rejected("signal-malformed", fields=("deathRegistration",))
    subject = found.subject
    home = subject.address[0] if subject.address else _Address()
    return Death(
        registration=number[1],
        at=at.astimezone(UTC),
        reason=reason,
        names=tuple(_name(each) for each in subject.name),
        sex=subject.sex[0].value.upper() if subject.sex else "",
        died=_when("deathDate", found.deathDate, found.freeFormatDeathDate),
        born=_when("subject.birthDate", subject.birthDate[0] if subject.birthDate else _Value(), subject.freeFormatBirthDate),
        address=_lines(home),
        postcode=home.postalCode,
    )


def _when(name: str, said_date: _Value, in_words: str) -> When:
    if said_date.value and not is_partial_date(said_date.value):
        raise Rejected("signal-malformed", fields=(name,))
    return When(known=said_date.value, in_words="; ".join(filter(None, (said_date.description, in_words))))


def _name(name: _Name) -> Mapping[str, str]:
    given, other = [part.value for part in name.nameParts if part.type == "GivenName"], _others(name)
    parts: dict[str, Any] = {
        "title": other.get("Title", ""),
        "forename": given[0] if given else "",
        "middle": " ".join(given[1:]),
        "surname": other.get("FamilyName", ""),
        "said_as": name.description,
    }
    kind = "CURRENT" if not name.description else "BIRTH" if name.description == _BEFORE_MARRIAGE else "ALIAS"
    return {"type": kind, **{part: text for part, text in parts.items() if text}}


def _others(name: _Name) -> Mapping[str, str]:
    return {part.type: part.value for part in name.nameParts if part.type != "GivenName"}


def _lines(home: _Address) -> str:
    street = " ".join(filter(None, (home.buildingNumber, home.streetName)))
    lines = (home.subBuildingName, home.buildingName, street, home.dependentAddressLocality, home.addressLocality)
    return ", ".join(filter(None, lines))
