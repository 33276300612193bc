"""Any event of a type, for laws that hold whatever happens: few keys, few instants, few words, so that events meet."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from hub.contracts import Contracts, load
from hub.model.event import Event
from hub.model.personal import Sealed
from hub.model.projection import Projection

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEY = "key-1"

_CHOICES: dict[Any, tuple[Any, ...]] = {
    str: ("a", "b", "c", "front office"),
    bool: (False, True),
    int: (0, 1, 7),
    float: (0.5, 51.5, -0.1),
    datetime: tuple(START + timedelta(days=days) for days in range(7)),
    date: (date(2026, 3, 1), date(2027, 3, 1)),
    Sealed: (Sealed(b"box"),),
}
_ENVELOPE = {"event_id": ("e",), "correlation_id": ("c",), "causation_id": ("",)}


@cache
def contracts() -> Contracts:
    """The contracts of this checkout."""
    return load(ROOT / "schemas")


def key_field(projection: Projection[Any]) -> str:
    """The field that all of the projection's events of one row have in common."""
    return contracts().topic(projection.reads[0]).key


def event_types(projection: Projection[Any]) -> list[type[Event]]:
    """The types of events that the projection folds, in a fixed order."""
    if projection.needs is not None:
        return sorted(projection.needs, key=lambda event_type: event_type.__name__)
    named = {event.schema for topic in projection.reads for event in contracts().topic(topic).events}
    return sorted({contracts().event_types[_class_name(schema)] for schema in named}, key=lambda event_type: event_type.__name__)


@cache
def _class_name(schema: str) -> str:
    return next(one.name for one in contracts().schemas.values() if one.key == schema)


def choices(hint: Any) -> tuple[Any, ...]:
    """The few values that stand for all of a field's type."""
    if hint in _CHOICES:
        return _CHOICES[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return tuple(hint)
    options = [option for option in get_args(hint) if option in (NoneType, *_CHOICES) or _is_word(option)]
    if get_origin(hint) is tuple:
        return ((), choices(options[0])[:1], choices(options[0])[:2])
    return tuple(value for option in options for value in ((None,) if option is NoneType else choices(option)))


def _is_word(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def said(event_type: type[Event], key: str) -> Mapping[str, tuple[Any, ...]]:
    """What an event of this type may say, field by field, under `KEY` and stamped but for its id."""
    of: type = event_type
    return _said(of, key)


@cache
def _said(event_type: type, key: str) -> Mapping[str, tuple[Any, ...]]:
    hints = get_type_hints(event_type)
    return {field.name: choices(hints[field.name]) for field in fields(event_type)} | _ENVELOPE | {key: (KEY,)}


def random_event(event_type: type[Event], key: str, random: Random) -> Event:
    """One such event."""
    return event_type(**{name: random.choice(values) for name, values in said(event_type, key).items()})


def any_event(event_type: type[Event], key: str) -> st.SearchStrategy[Event]:
    """All such events."""
    return st.builds(event_type, **{name: st.sampled_from(values) for name, values in said(event_type, key).items()})


def any_story(projection: Projection[Any], *, longest: int = 12) -> st.SearchStrategy[list[Event]]:
    """Events of one row, each with an id of its own."""
    return _any_story(tuple(event_types(projection)), key_field(projection), longest)


@cache
def _any_story(types: tuple[type, ...], key: str, longest: int) -> st.SearchStrategy[list[Event]]:
    # Made once: what is asked for anew with every example is also looked through anew, which took half of the laws' time.
    return st.lists(st.one_of([any_event(event_type, key) for event_type in types]), max_size=longest).map(numbered)


def numbered(events: Sequence[Event]) -> list[Event]:
    """The events, each with an id of its own that says nothing of its place."""
    return [replace(event, event_id=f"{(7919 * number) % 10007:05d}") for number, event in enumerate(events)]
