"""Facts as a system lists them in CSV files, one a row, in the hub's own words: costs, targets, ratings, journeys and the like."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from types import NoneType
from typing import Any, Self, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from connectors.rows import dates
from connectors.rows.mapping import AnyLayout, Column, Row, Rows
from connectors.vocabulary import REFERENCE
from hub.configuration import Configuration
from hub.contracts.casework import CaseworkEvent
from hub.contracts.contacts import ContactEvent
from hub.contracts.content import ContentEvent
from hub.contracts.feedback import FeedbackEvent
from hub.contracts.outreach import OutreachEvent
from hub.contracts.profiles import ProfileEvent
from hub.contracts.shielding import ShieldingEvent
from hub.contracts.standards import StandardEvent
from hub.model.connector import Said
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.personal import Personal, Plain

TOLD: Mapping[str, type[Event]] = {
    event.__name__: event
    for event in (
        *get_args(ContactEvent), *get_args(FeedbackEvent), *get_args(StandardEvent), *get_args(CaseworkEvent), *get_args(ContentEvent),
        *get_args(OutreachEvent), *get_args(ShieldingEvent), ProfileEvent,
    )
}  # fmt: skip
"""What a row may say: the name of the event, and the event."""
LONGEST = 10_000
_OWN_KEY = {"standard_id", "feedback_id"}
"""Keys that are made of the system and the row's reference; a contact or a case is named as the hub knows it."""
_ENVELOPE = {field.name for field in fields(Event)}
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Read = Callable[[str], Any]


class FactColumns(Configuration):
    """The column's own name for the row's reference, for when it happened, and for each field of the event."""

    reference: Column
    happened: Column
    fields: dict[str, Column]

    def names(self) -> Any:
        """The columns in the order of a row's values."""
        make: Any = namedtuple  # noqa: PYI024 - its fields are the configuration's
        row = make("row", ("row_reference", "row_happened", *self.fields))  # an event may have a reference of its own
        return row(self.reference, self.happened, *self.fields.values())


class FactLayout(AnyLayout):
    """What rows say, and how they are written; `always` is what every row says."""

    says: str
    columns: FactColumns
    always: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_the_event(self) -> Self:
        event = TOLD.get(self.says)
        if event is None:
            raise ValueError(f"says is one of {', '.join(sorted(TOLD))}")
        known = {field.name for field in fields(event)} - _ENVELOPE
        if unknown := (self.columns.fields.keys() | self.always.keys()) - known:
            raise ValueError(f"{self.says} has no {', '.join(sorted(unknown))}: {', '.join(sorted(known))}")
        given = self.columns.fields.keys() | self.always.keys() | _OWN_KEY | {"organisation"}
        if lacking := {field.name for field in fields(event) if field.default is MISSING} - _ENVELOPE - given:
            raise ValueError(f"{self.says} needs {', '.join(sorted(lacking))}")
        return self


class FactRows(Rows):
    """Rows of facts, each layout saying one kind."""

    layouts: Sequence[FactLayout] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactReading:
    """A layout made ready once for all its rows."""

    config: FactRows
    layout: FactLayout
    event: type[Event]
    at: Read
    readers: Mapping[str, Read]
    required: frozenset[str]


def fact_readings(config: FactRows) -> tuple[FactReading, ...]:
    """The configuration's layouts, compiled."""
    instant = partial(dates.instant, ZoneInfo(config.zone), config.repeated, config.skipped)
    return tuple(_reading(config, layout, instant) for layout in config.layouts)


def _reading(config: FactRows, layout: FactLayout, instant: Callable[[datetime], datetime]) -> FactReading:
    event = TOLD[layout.says]
    local = partial(dates.local, dates.parsers(layout.dates, ZoneInfo(config.zone)))
    hints = get_type_hints(event)
    return FactReading(
        config=config, layout=layout, event=event, at=lambda text: instant(local(text)),
        readers={name: _reader(hints[name], local, instant) for name in (*layout.columns.fields, *layout.always)},
        required=frozenset(field.name for field in fields(event) if field.default is MISSING),
    )  # fmt: skip


def _reader(hint: Any, local: Read, instant: Callable[[datetime], datetime]) -> Read:  # noqa: PLR0911 - one return for each type of field
    if get_origin(hint) is tuple:
        item = _reader(get_args(hint)[0], local, instant)
        return lambda text: tuple(item(part) for part in text.split())
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    if Plain in kinds or hint is Personal:
        return Plain
    kind: Any = kinds[0]
    if issubclass(kind, StrEnum):
        return partial(kind)
    if kind is bool:
        return lambda text: _TRUTHS[text.lower()]
    if kind is datetime:
        return lambda text: instant(local(text))
    if kind is date:
        return lambda text: local(text).date()
    return partial(kind)


def translate_fact(ready: tuple[FactReading, ...], row: Row) -> tuple[Said, ...]:
    """The fact that one row tells; raises Rejected with the columns at fault, never what they hold."""
    reading, values = ready[row.layout], row.values._asdict()
    reference = values.pop("row_reference")
    if not REFERENCE.fullmatch(reference):
        raise Rejected("csv-reference", fields=(reading.layout.columns.reference,))
    try:
        at = reading.at(values.pop("row_happened"))
    except ValueError:
        raise Rejected("csv-date", fields=(reading.layout.columns.happened,)) from None
    said = {name: _value(reading, name, text) for name, text in (values | reading.layout.always).items() if text}
    own = dict.fromkeys(_OWN_KEY & reading.required, f"{reading.config.system}:{reference}")
    if "organisation" in {field.name for field in fields(reading.event)}:
        own["organisation"] = reading.config.organisation
    if lacking := reading.required - _ENVELOPE - own.keys() - said.keys():
        raise Rejected("csv-value-missing", fields=tuple(sorted(_column(reading, name) for name in lacking)))
    event = reading.event(occurred_at=at, **own | said)
    return (Said(local_id=f"{reference}/{reading.layout.says}", event=event),)


def _value(reading: FactReading, name: str, text: str) -> Any:
    if len(text) > LONGEST:
        raise Rejected("csv-value-too-long", fields=(_column(reading, name),))
    try:
        return reading.readers[name](text)
    except (ValueError, KeyError):
        raise Rejected("csv-unknown-word", fields=(_column(reading, name),)) from None


def _column(reading: FactReading, name: str) -> str:
    return reading.layout.columns.fields.get(name, name)
