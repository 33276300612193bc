"""Who took part in which contact or case, as a system that keeps both says row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from connectors.rows import dates
from connectors.rows.mapping import AnyLayout, Column, Row, Rows
from connectors.surroundings import Surroundings
from connectors.vocabulary import REFERENCE
from hub.configuration import Configuration
from hub.contracts.participants import ParticipantAdded
from hub.contracts.people_words import ParticipantRole
from hub.model.connector import Said
from hub.model.errors import Rejected


class PartValues(NamedTuple):
    """What one row says, by what it means; empty where the layout has no such column."""

    reference: str
    updated: str
    party_system: str
    party_reference: str
    case_system: str
    case_reference: str
    contact_reference: str
    role: str


class PartColumns(Configuration):
    """The column's own name for each thing it says."""

    reference: Column
    updated: Column
    party_system: Column
    party_reference: Column
    case_system: Column | None = None
    case_reference: Column | None = None
    contact_reference: Column | None = None
    role: Column

    def names(self) -> PartValues:
        """The columns in the order of a row's values; empty where there is none."""
        return PartValues(*(getattr(self, name) or "" for name in PartValues._fields))


class PartLayout(AnyLayout):
    """How rows about parts are written."""

    columns: PartColumns


class PartRows(Rows):
    """Rows about who took part in what."""

    layouts: Sequence[PartLayout] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReading:
    """A layout made ready once for all its rows."""

    config: PartRows
    names: PartValues
    surroundings: Surroundings
    at: Callable[[str], datetime]


def part_readings(config: PartRows, surroundings: Surroundings) -> tuple[PartReading, ...]:
    """The configuration's layouts, compiled."""
    instant = partial(dates.instant, ZoneInfo(config.zone), config.repeated, config.skipped)
    return tuple(_reading(config, surroundings, layout, instant) for layout in config.layouts)


def _reading(config: PartRows, surroundings: Surroundings, layout: PartLayout, instant: Callable[[datetime], datetime]) -> PartReading:
    local = partial(dates.local, dates.parsers(layout.dates, ZoneInfo(config.zone)))
    return PartReading(config=config, names=layout.columns.names(), surroundings=surroundings, at=lambda text: instant(local(text)))


def translate_part(ready: tuple[PartReading, ...], row: Row) -> tuple[Said, ...]:
    """The part that one row tells of; raises Rejected with the columns at fault, never what they hold."""
    reading, values = ready[row.layout], row.values
    for name in ("reference", "party_reference", "party_system"):
        if not REFERENCE.fullmatch(getattr(values, name)):
            raise _rejected(reading, "csv-reference", name)
    if not (values.case_reference or values.contact_reference) or values.role not in set(ParticipantRole):
        raise _rejected(reading, "csv-value-missing", "case_reference", "contact_reference", "role")
    try:
        at = reading.at(values.updated)
    except ValueError:
        raise _rejected(reading, "csv-date", "updated") from None
    event = ParticipantAdded(
        occurred_at=at,
        party_id=reading.surroundings.party_id(values.party_system, values.party_reference).id,
        case_id=f"{values.case_system}:{values.case_reference}" if values.case_reference else None,
        contact_id=values.contact_reference or None,
        role=ParticipantRole(values.role),
        organisation=reading.config.organisation,
    )
    return (Said(local_id=f"{values.reference}/part", event=event),)


def _rejected(reading: PartReading, code: str, *fields: str) -> Rejected:
    return Rejected(code, fields=tuple(getattr(reading.names, name) for name in fields))
