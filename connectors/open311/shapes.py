"""What a GeoReport v2 request, note and update look like; empty elements count as absent, unknown ones are left alone."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from connectors.vocabulary import REFERENCE

_YEARS = range(1970, 2101)
_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)")


def _text(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    text = str(value).strip()
    if "\0" in text:
        raise ValueError("no store keeps a NUL")
    return text or None


def _instant(value: Any) -> Any:
    value = _text(value)
    if value is None:
        return None
    if not isinstance(value, str) or not _WITH_ZONE.fullmatch(value):
        raise ValueError("not a W3C date with zone")
    instant = datetime.fromisoformat(value)
    if instant.year not in _YEARS:
        raise ValueError("not a year of service requests")
    return instant.astimezone(UTC)


def _number(value: Any) -> Any:
    return None if value == "" else value


Reference = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=f"^(?:{REFERENCE.pattern})$")]
Text = Annotated[Annotated[str, StringConstraints(max_length=10_000)] | None, BeforeValidator(_text)]
Name = Annotated[Annotated[str, StringConstraints(max_length=200)] | None, BeforeValidator(_text)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
MaybeInstant = Annotated[datetime | None, BeforeValidator(_instant)]
Extension = Annotated[dict[str, Any], BeforeValidator(lambda value: value or {})]


class Note(BaseModel):
    """One entry of Chicago's history of a request."""

    at: Instant = Field(alias="datetime")
    type: str
    summary: Text = None
    description: Text = None
    extended_attributes: Extension = Field(default_factory=dict)


class FollowOn(BaseModel):
    """The request by which work was handed to another agency."""

    service_request_id: Reference
    agency_responsible: Annotated[str, BeforeValidator(_text), StringConstraints(max_length=200)]


class Request(BaseModel):
    """A service request; the specification requires id, status, code and date, and no more."""

    service_request_id: Reference
    status: Annotated[str, BeforeValidator(_text)]
    status_notes: Text = None
    service_name: Name = None
    service_code: Annotated[str, BeforeValidator(_text), StringConstraints(max_length=200)]
    description: Text = None
    agency_responsible: Name = None
    requested_datetime: Instant
    updated_datetime: MaybeInstant = None
    expected_datetime: MaybeInstant = None
    address: Text = None
    address_id: Name = None
    lat: Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(_number)] = None
    long: Annotated[Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(_number)] = None
    extended_attributes: Extension = Field(default_factory=dict)
    notes: Annotated[list[Note], BeforeValidator(lambda value: value or [])] = Field(default_factory=list)


class Update(BaseModel):
    """A service request update of the mySociety extension."""

    update_id: Reference
    service_request_id: Reference
    status: Annotated[str, BeforeValidator(_text)]
    updated_datetime: Instant
    description: Text = None
