"""Changing a frozen value means making another; here that is cheap enough for the hot loop."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
Copy = Callable[[Any, dict[str, Any]], Any]


def replace(value: Value, /, **changes: Any) -> Value:
    """The same value but for these fields; raises TypeError for a field it does not have.

    As dataclasses.replace, for frozen dataclasses without __post_init__: the fields are stored past `__init__`, which takes several times
    as long.
    """
    changed: Value = _copier(cast("Any", type(value)), tuple(changes))(value, changes)
    return changed


def maker(cls: type[Value]) -> Callable[..., Value]:
    """A constructor that takes the fields in their order, every one, for the places where `__init__` of a frozen value is too slow."""
    names = [field.name for field in fields(cast("Any", cls))]
    return cast("Callable[..., Value]", _generated(cls, f"make({', '.join(names)})", [(name, name) for name in names]))


def draft_of(cls: type[Value]) -> type[Value]:
    """The slotted type's writable twin of equal layout: filled by plain stores, then turned into the value by its class.

    Five stores and the class take 60 ns; five calls of slot descriptors take 300 ns, the frozen `__init__` more.
    """
    plain = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    return cast("type[Value]", type(f"{cls.__name__}Draft", (cls,), {"__slots__": (), **plain}))


@lru_cache(maxsize=4096)
def _copier(cls: type[Any], changed: tuple[str, ...]) -> Copy:
    """Generated for each choice of fields that some line of code changes."""
    names = [field.name for field in fields(cls)]
    if unknown := set(changed) - set(names):
        raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(unknown))}")
    if not hasattr(cls, "__slots__"):
        return _dictionary_copier(cls)
    return _generated(cls, "make(value, changes)", [(name, f"changes['{name}']" if name in changed else f"value.{name}") for name in names])


def _generated(cls: type[Any], head: str, stores: Iterable[tuple[str, str]]) -> Callable[..., Any]:
    lines = [f"def {head}:", " made = Draft()", *(f" made.{name} = {value}" for name, value in stores), " made.__class__ = cls"]
    scope: dict[str, Any] = {"Draft": draft_of(cls), "cls": cls}
    exec("\n".join([*lines, " return made"]), scope)  # noqa: S102 - from our own field names
    made: Callable[..., Any] = scope["make"]
    return made


def _dictionary_copier(cls: type[Any]) -> Copy:
    def copy(value: Any, changes: dict[str, Any]) -> Any:
        made: Any = object.__new__(cls)
        state = made.__dict__
        state.update(value.__dict__)
        state.update(changes)
        return made

    return copy
