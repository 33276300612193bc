"""The whole state as bytes, and back: what was said and decided is written down, everything else follows from it without scoring.

A snapshot holds personal values in the clear: whoever keeps it seals it, and throws it away when one of its people is erased.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

import orjson

from hub.identity import decisions, inputs
from hub.identity.answering import observe
from hub.identity.decisions import Decision, Evidence
from hub.identity.facts import Facts, Place
from hub.identity.identity import Identity
from hub.identity.inputs import Answer, Given
from hub.identity.model import Model
from hub.identity.register import Row
from hub.identity.said import Kind
from hub.identity.steps import Act, Saying, Step
from hub.model.values import maker

_DECISIONS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        decisions.Linked,
        decisions.Unlinked,
        decisions.Merged,
        decisions.Split,
        decisions.Held,
        decisions.Closed,
        decisions.KeptApart,
        decisions.Ended,
    )
}
_INPUTS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        inputs.Retracted,
        inputs.Reidentified,
        inputs.Protected,
        inputs.Answered,
        inputs.Lifted,
        inputs.Undone,
        inputs.Released,
    )
}
_FORMAT = 1
Read = Callable[[Any], Any]


def _word(kind: type[StrEnum]) -> Read:
    words = {each.value: each for each in kind}
    return lambda value: words.get(value) or kind(value)


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_READ: Mapping[str, Read] = {
    "basis": _word(decisions.Basis),
    "reason": _word(decisions.Reason),
    "end": _word(decisions.End),
    "evidence": lambda value: Evidence(value[0], value[1], tuple(value[2])),
    "parts": lambda value: tuple(map(tuple, value)),
}
_READERS: Mapping[str, tuple[Any, tuple[Read, ...]]] = {
    name: (maker(kind), tuple(_READ.get(field.name, _listed) for field in fields(kind))) for name, kind in _DECISIONS.items()
}
"""For each kind of decision how it is made, past `__init__`, and how each of its fields is read: there are as many as records."""


def snapshot(identity: Identity) -> bytes:
    """Everything needed to go on from here."""
    plain = {
        "format": _FORMAT,
        "model": identity.model_version,
        "last": identity.history.last,
        "parties": identity.register.parties,
        "steps": [_step(step) for step in identity.history.steps],
    }
    return orjson.dumps(plain, default=tuple)


def restore(kept: bytes, model: Model, *models: Model, accept_reserved: bool = False) -> Identity:
    """The state of that snapshot; `models` are those that earlier decisions were made with. Raises ValueError for another format."""
    plain = orjson.loads(kept)
    if plain["format"] != _FORMAT:
        raise ValueError("the snapshot was written by another release; start from the log")
    made = Identity(model, accept_reserved=accept_reserved)
    for other in models:
        made.know(other)
    made.model_version = plain["model"]
    for step in plain["steps"]:
        _take(made, _read_step(made, step), plain["parties"])
    made.history.last = plain["last"]
    return made


def _take(made: Identity, step: Step, parties: list[str]) -> None:
    match step:
        case Saying():
            made.register.take_back(parties[step.row.party], step.row)
            made.world.take(step.row)
        case Act():
            observe(made.world, step.given, step.offset)
    made.world.fold(step.decisions)
    made.history.steps.append(step)


def _step(step: Step) -> list[object]:
    made = [_plain(decision) for decision in step.decisions]
    match step:
        case Saying():
            row = step.row
            said = [row.number, row.party, row.lane, row.kind, _facts(row.facts), row.frequencies, row.ordinal, row.generation]
            return [step.offset, step.model_version, made, said, step.fresh]
        case Act():
            return [step.offset, step.model_version, made, None, step.sayings, _plain(step.given)]


def _read_step(made: Identity, plain: list[Any]) -> Step:
    offset, version, decided, row, rest = plain[:5]
    found = tuple(_decision(one) for one in decided)
    if row is None:
        return Act(offset, version, _given(plain[5]), rest, decisions=found)
    number, party, lane, kind, facts, frequencies, ordinal, generation = row
    made.register.lane(lane)
    return Saying(
        offset, version, Row(number, party, lane, Kind(kind), _read_facts(facts), tuple(frequencies), ordinal, generation), rest, [], found
    )


def _facts(facts: Facts) -> dict[str, object]:
    return {field: value for field in Facts.__slots__ if (value := getattr(facts, field)) not in ((), None)}


def _read_facts(plain: dict[str, Any]) -> Facts:
    made = Facts()
    for field, value in plain.items():
        if field == "places":
            made.places = tuple(Place(*place) for place in value)
        else:
            setattr(made, field, tuple(value) if isinstance(value, list) else value)
    return made


def _plain(value: Decision | Given) -> list[object]:
    return [type(value).__name__, *(getattr(value, field.name) for field in fields(value))]


def _decision(plain: list[Any]) -> Decision:
    make, readers = _READERS[plain[0]]
    made: Decision = make(*[value if value is None else read(value) for read, value in zip(readers, plain[1:], strict=True)])
    return made


def _given(plain: list[Any]) -> Given:
    kind = _INPUTS[plain[0]]
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in plain[1:]]
    if kind is inputs.Answered:
        values[2] = Answer(values[2])
    made: Given = kind(*values)
    return made
