"""Which fields of an event are personal, found once per event type."""

from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_type_hints

from hub.model.personal import Sealed


def personal_fields(kind: Any) -> tuple[str, ...]:
    """The names of the personal fields of an event type, in order."""
    return _personal_fields(kind)


@cache
def _personal_fields(kind: type[Any]) -> tuple[str, ...]:
    hints = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if Sealed in get_args(hints[field.name]))
