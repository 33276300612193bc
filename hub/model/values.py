"""Changing a frozen value means making another; here that is cheap enough for the hot loop."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

Value = TypeVar("Value")
Copy = Callable[[Any, dict[str, Any]], Any]

_new = object.__new__


def replace(value: Value, /, **changes: Any) -> Value:
    """The same value but for these fields; raises TypeError for a field it does not have.

    As dataclasses.replace, for frozen dataclasses without __post_init__: the fields are copied past `__init__`, which on a value of 48
    fields takes a fifth of the time (`python -m benchmarks.values`).
    """
    cls: Any = type(value)
    changed: Value = _copier(cls)(value, changes)
    return changed


@cache
def _copier(cls: type[Any]) -> Copy:
    """Generated per class: one line per field, through the slot's own descriptor where there are slots."""
    names = [field.name for field in fields(cls)]
    if not hasattr(cls, "__slots__"):
        return _dictionary_copier(cls, frozenset(names))
    scope: dict[str, Any] = {"new": _new, "cls": cls, "unknown": _refuse, "names": frozenset(names)}
    lines = ["def copy(value, changes):", " if not changes.keys() <= names: unknown(cls, changes, names)", " made = new(cls)"]
    for name in names:
        scope[f"set_{name}"] = getattr(cls, name).__set__
        lines.append(f" set_{name}(made, changes['{name}'] if '{name}' in changes else value.{name})")
    lines.append(" return made")
    exec("\n".join(lines), scope)  # noqa: S102 - from our own field names
    copy: Copy = scope["copy"]
    return copy


def _dictionary_copier(cls: type[Any], names: frozenset[str]) -> Copy:
    count = len(names)

    def copy(value: Any, changes: dict[str, Any]) -> Any:
        made: Any = _new(cls)
        state = made.__dict__
        state.update(value.__dict__)
        state.update(changes)
        if len(state) != count:
            _refuse(cls, changes, names)
        return made

    return copy


def _refuse(cls: type[Any], changes: dict[str, Any], names: frozenset[str]) -> None:
    raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(changes.keys() - names))}")
