"""Personal values are sealed before their event reaches the outbox, and opened only for somebody who may look."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from hub.model.event import Event
from hub.model.personal import ERASED, Personal, Plain, Sealed
from hub.model.values import replace
from hub.privacy.boxes import EMPTY, ORIGINAL, TEXT, Content, Place, close_boxes, open_boxes
from hub.privacy.keys import KeyStore
from hub.privacy.personal_fields import personal_fields
from hub.privacy.scope import EVERY_BUCKET, Contracts, KeyScope, owner_of, scope_of

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Late(Generic[E]):
    """An event that came after everyone it says something personal of was erased: to be dropped, and counted."""

    event: E
    """The event without them: each of its personal values is ERASED."""


class _Value(NamedTuple):
    nth: int
    event: Any
    field: str
    value: Any


def seal(event: E, contracts: Contracts, keys: KeyStore) -> E | Late[E]:
    """The event with every Plain value Sealed; as `seal_all`, which is quicker for many."""
    return seal_all((event,), contracts, keys)[0]


def seal_all(events: Sequence[E], contracts: Contracts, keys: KeyStore) -> list[E | Late[E]]:
    """The events in order, every Plain value Sealed, all new keys made in one transaction.

    A value whose scope has a tombstone becomes ERASED; an event that could keep none of its values because somebody was erased is Late. One
    whose period is over was not kept too long before, only told late: it stands without its values. Events are stamped before.
    Raises Unavailable when the key store cannot be reached: nothing passes unsealed.
    """
    values = [each for each in _personal(events) if isinstance(each.value, Plain)]
    if not values:
        return list(events)
    scopes = [scope_of(each.event, each.field, contracts) for each in values]
    found = keys.keys_for(scopes)
    contents = [Content(_place(each, scope.owner), found[scope], _utf8(each.value)) for each, scope in zip(values, scopes, strict=True)]
    boxes = close_boxes(keys.instance, TEXT, contents)
    changes = _by_event(values, [Sealed(box) if box != EMPTY else ERASED for box in boxes])
    emptied = {n for n, changed in changes.items() if all(value is ERASED for value in changed.values())}
    erased = _of_erased([(each.nth, scope) for each, scope in zip(values, scopes, strict=True) if each.nth in emptied], keys)
    return [_settled(event, changes.get(n), late=n in erased) for n, event in enumerate(events)]


def unseal(event: E, contracts: Contracts, keys: KeyStore) -> E:
    """The event with every Sealed text Plain, or ERASED where its key is gone; as `unseal_all`, which is quicker for many."""
    return unseal_all((event,), contracts, keys)[0]


def unseal_all(events: Sequence[E], contracts: Contracts, keys: KeyStore) -> list[E]:
    """The events in order, every Sealed text Plain, or ERASED where its key is gone.

    The original bytes of a dead letter are no text and stay sealed (hub/privacy/originals.py). Raises Rejected for a box that was changed
    or made for another place.
    """
    values = [each for each in _personal(events) if isinstance(each.value, Sealed) and each.value.box[:1] != _ORIGINAL]
    opened = unseal_values([(_place(each, owner_of(each.event, each.field, contracts)), each.value) for each in values], keys)
    changes = _by_event(values, opened)
    return [replace(event, **changes[n]) if n in changes else event for n, event in enumerate(events)]


def unseal_values(values: Sequence[tuple[Place, Sealed]], keys: KeyStore) -> list[Personal]:
    """Sealed texts by the places where they were sealed: for rows, which keep the values of many events."""
    opened = open_boxes(keys, TEXT, [(place, sealed.box) for place, sealed in values])
    return [Plain(str(content, "utf-8", "surrogatepass")) if isinstance(content, bytes) else content for content in opened]


_ORIGINAL = bytes([ORIGINAL])


def _personal(events: Iterable[Any]) -> Iterator[_Value]:
    for nth, event in enumerate(events):
        for field in personal_fields(type(event)):
            yield _Value(nth, event, field, getattr(event, field))


def _place(each: _Value, owner: str) -> Place:
    event = each.event
    if not event.event_id:
        raise ValueError(f"{type(event).__name__} is not stamped")
    return Place(event.controller, owner, event.event_id, each.field)


def _utf8(value: Plain) -> bytes:
    return value.text.encode("utf-8", "surrogatepass")  # half a character stays half a character, and no error shows it


def _by_event(values: Sequence[_Value], changed: Sequence[Personal]) -> Mapping[int, Mapping[str, Personal]]:
    changes: dict[int, dict[str, Personal]] = {}
    for each, value in zip(values, changed, strict=True):
        changes.setdefault(each.nth, {})[each.field] = value
    return changes


def _of_erased(emptied: Sequence[tuple[int, KeyScope]], keys: KeyStore) -> set[int]:
    """The events among those without a value that speak of somebody who was erased; of the others the period is over.

    An erasure leaves a tombstone for every period; one of a single period was left by retention, where a hold kept another owner's keys.
    """
    if not emptied:
        return set()
    erased = keys.tombstoned({scope._replace(bucket=EVERY_BUCKET) for _, scope in emptied})
    return {n for n, scope in emptied if scope._replace(bucket=EVERY_BUCKET) in erased}


def _settled(event: E, changes: Mapping[str, Personal] | None, *, late: bool) -> E | Late[E]:
    if changes is None:
        return event
    settled = replace(event, **changes)
    return Late(settled) if late else settled
