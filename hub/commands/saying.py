"""A command that is allowed is said as an event: the same fields under the same names, and `at` as the instant at which it happened."""

from dataclasses import fields
from typing import Any

from hub.model.event import Event


def said(event: type[Event], command: Any) -> tuple[Event, ...]:
    """What the command says, as an event of that type, not yet stamped."""
    values = {field.name: getattr(command, field.name) for field in fields(command) if field.name != "at"}
    return (event(occurred_at=command.at, **values),)
