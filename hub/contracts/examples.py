"""The example stories: one key's events in file order, as a newcomer, a test and the catalogue read them."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from hub.contracts.registry import Contracts
from hub.model.errors import Misconfigured
from hub.model.event import Event
from hub.model.personal import Plain

_FROM_JSON: Mapping[type, Callable[[Any], Any]] = {datetime: datetime.fromisoformat, date: date.fromisoformat, float: float, Plain: Plain}


def story(contracts: Contracts, folder: Path, topic: str) -> tuple[Event, ...]:
    """The events of this topic's example, in file order, personal fields in the clear; raises Misconfigured by file and field."""
    paths = sorted((folder / "examples" / topic).glob("*.json"))
    return tuple(_read(contracts, path) for path in paths)


def _read(contracts: Contracts, path: Path) -> Event:
    written = orjson.loads(path.read_bytes())
    event_type = contracts.event_types.get(written.pop("type", ""))
    if event_type is None:
        raise Misconfigured(str(path), "names no event type", 'say "type": "CaseOpened" or the like')
    try:
        return event_from_json(event_type, written)
    except (TypeError, ValueError) as wrong:
        raise Misconfigured(str(path), f"is no {event_type.__name__}: {wrong}") from wrong


def event_from_json(event_type: type[Event], written: Mapping[str, Any]) -> Event:
    """The event these JSON values describe: instants and dates as ISO 8601 text, personal fields as plain text, absent fields left out."""
    hints = get_type_hints(event_type)
    known = {field.name for field in fields(event_type)}
    if unknown := written.keys() - known:
        raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
    return event_type(**{name: _value(hints[name], value) for name, value in written.items()})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    options = [option for option in get_args(hint) or (hint,) if option is not NoneType]
    option = Plain if Plain in options else options[0]
    if issubclass(option, StrEnum):
        return option(value)
    return _FROM_JSON.get(option, _unchanged)(value)


def _unchanged(value: Any) -> Any:
    return value
