"""Which services go with a life event, which of them were wished, and what was done of them at the desk?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from hub.commands.saying import said
from hub.contracts.bundles import BundleEvent, BundleItemCompleted, BundleOffered
from hub.contracts.ordering import said_order
from hub.model.command import Aggregate, Refusal
from hub.model.event import Event
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.projection import Projection
from hub.model.values import replace

MOST = 64
"""Services of one life event that are remembered: the first as they were offered, and as done those first in order."""


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Bundle:
    """One life event's services by their agreements: offered, taken, and when each was done at the desk."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    offered_order: str = ""
    subject: str | None = None
    kind: str | None = None
    offered_at: datetime | None = None
    offered: tuple[str, ...] = ()
    offered_count: int = 0
    taken: tuple[str, ...] = ()
    done: Mapping[str, datetime] = field(default_factory=dict)
    done_count: int = 0

    @property
    def known(self) -> bool:
        """Whether anything was offered."""
        return self.offered_at is not None


def apply(facts: Bundle, event: BundleEvent) -> Bundle:
    """The bundle as it stands once this event is known, whatever came before."""
    history = remember(facts.history, event)
    known = replace(facts, history=history, version=version_of(history), began=story_of(facts.began, event))
    match event:
        case BundleOffered():
            known = _offered(known, event)
        case BundleItemCompleted():
            grown = {**known.done, event.service: min(event.occurred_at, known.done.get(event.service, event.occurred_at))}
            kept = {name: grown[name] for name in sorted(grown)[:MOST]}
            known = replace(known, done=kept, done_count=len(kept))
        case _:
            assert_never(event)
    return facts if known == facts else known


def _offered(facts: Bundle, event: BundleOffered) -> Bundle:
    order = said_order(event)
    if order <= facts.offered_order:
        return facts
    kept = event.offered[:MOST]
    return replace(
        facts, offered_order=order, offered_at=event.occurred_at, subject=event.subject, kind=event.kind, offered=kept,
        offered_count=len(kept), taken=event.taken[:MOST],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteItem:
    """Say that one of the services was done at the desk."""

    life_event_id: str
    at: datetime
    service: str
    team: str | None = None


_UNKNOWN = Refusal(code="bundle-unknown", why="No services were offered with this life event.")
_NOT_OFFERED = Refusal(code="service-not-offered", why="This service was not offered with the life event.")
_DONE = Refusal(code="service-done", why="This service was done before.")


def decide(bundle: Bundle, command: CompleteItem) -> tuple[Event, ...] | Refusal:
    """The event that follows from the command, or the rule that forbids it."""
    if not bundle.known:
        return _UNKNOWN
    if command.service not in bundle.offered:
        return _NOT_OFFERED
    return _DONE if command.service in bundle.done else said(BundleItemCompleted, command)


_ENVELOPE = ("event_id", "occurred_at", "recorded_at", "correlation_id")

BUNDLE = Aggregate(
    name="bundle",
    state=Projection(
        name="bundle",
        version=1,
        reads=("bundles",),
        facts=Bundle,
        apply=apply,
        needs={
            BundleOffered: (*_ENVELOPE, "subject", "kind", "offered", "taken"),
            BundleItemCompleted: (*_ENVELOPE, "service"),
        },
    ),
    decide=decide,
)
