"""What is held about somebody, as a draft for a named officer: every item with its source; what is exempt is marked, and the rest released.

An item's id is made of the event and the field it comes from, so that a mark set on one draft holds for the next.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from html import escape
from json import dumps
from typing import Any

from hub.contracts.people_words import ParticipantRole
from hub.model.event import Event
from hub.people.gathering import plain_values
from hub.people.person import Known
from hub.privacy.ids import derived_id

Logs = Callable[[str, frozenset[str]], Sequence[Event]]
"""Every event of these keys on a topic, opened, the earliest first."""
Records = Callable[[str, str], frozenset[str]]
"""The keys on a topic whose rows name a party as their subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is held; `third_party` says that it may speak of somebody else, and an officer must look."""

    id: str
    what: str
    field: str
    value: str
    source: str
    controller: str
    said_at: datetime
    recorded_at: datetime
    third_party: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that is held of the parties that were verified for who asks."""

    request_id: str
    received_on: date
    party_ids: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What the person is given; `exempt` counts by ground what is left out, `digest` is of the items released."""

    request_id: str
    released_by: str
    released_at: datetime
    items: tuple[Item, ...]
    exempt: Mapping[str, int]

    @property
    def digest(self) -> str:
        """By which the record of the release and a copy of it are held against each other."""
        return sha256(as_json(self).encode()).hexdigest()


def draft(request_id: str, received_on: date, parties: Sequence[Known], records: Records, logs: Logs) -> Draft:
    """Every item of these parties; nothing of a party's that is hidden by a change of identity."""
    shown = [known for known in parties if known.standing.visible]
    items = [item for known in shown for item in (*_said(known), *_recorded(known, records, logs))]
    unique = {item.id: item for item in items}
    return Draft(
        request_id=request_id, received_on=received_on, party_ids=tuple(known.standing.party_id for known in shown),
        items=tuple(sorted(unique.values(), key=lambda item: (item.said_at, item.id))),
    )  # fmt: skip


def release(made: Draft, exempt: Mapping[str, str], by: str, at: datetime) -> Release:
    """The draft without what was marked; raises KeyError for a mark on what is not in it."""
    known = {item.id for item in made.items}
    if unknown := [item_id for item_id in exempt if item_id not in known]:
        raise KeyError(unknown[0])
    grounds = list(exempt.values())
    return Release(
        request_id=made.request_id, released_by=by, released_at=at, items=tuple(item for item in made.items if item.id not in exempt),
        exempt={ground: grounds.count(ground) for ground in sorted(set(grounds))},
    )  # fmt: skip


def as_json(made: Draft | Release) -> str:
    """For programs, and for whoever wants to take their data elsewhere."""
    return dumps(asdict(made), default=str, ensure_ascii=False, indent=1, sort_keys=True)


def as_page(made: Release) -> str:
    """For people: one plain page that needs nothing else."""
    rows = "".join(
        f"<tr><td>{escape(item.said_at.date().isoformat())}</td><td>{escape(item.what)}: {escape(item.field)}</td>"
        f"<td>{escape(item.value)}</td><td>{escape(item.source)} ({escape(item.controller)})</td></tr>"
        for item in made.items
    )
    left = "".join(f"<li>{count} left out: {escape(ground)}</li>" for ground, count in made.exempt.items())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>What is held about you</title>'
        f"<h1>What is held about you</h1><p>Request {escape(made.request_id)}, released on {made.released_at.date()}.</p><ul>{left}</ul>"
        f"<table><caption>{len(made.items)} items</caption><thead><tr><th scope=col>Said on</th><th scope=col>What</th>"
        f"<th scope=col>Held</th><th scope=col>By whom</th></tr></thead><tbody>{rows}</tbody></table></html>\n"
    )


def _said(known: Known) -> Iterator[Item]:
    """Everything that the source ever said and that can still be read."""
    for event in known.opened:
        yield from _items(event, "record", third_party=False)


def _recorded(known: Known, records: Records, logs: Logs) -> Iterator[Item]:
    """What was written down in their cases and contacts: texts may speak of others."""
    for topic, what, field in (("cases", "case", "case_id"), ("contacts", "contact", "contact_id")):
        parts = {getattr(part, field) for part in known.standing.parts if part.role is ParticipantRole.SUBJECT} - {None}
        for event in logs(topic, frozenset(parts) | records(topic, known.standing.party_id)):
            yield from _items(event, what, third_party=True)


def _items(event: Event, what: str, *, third_party: bool) -> Iterator[Item]:
    values: Iterable[tuple[str, Any]] = plain_values(event).items()
    for field, value in values:
        yield Item(
            id=derived_id("item", event.event_id, field), what=what, field=field, value=value, source=event.source,
            controller=event.controller, said_at=event.occurred_at, recorded_at=event.recorded_at, third_party=third_party,
        )  # fmt: skip
