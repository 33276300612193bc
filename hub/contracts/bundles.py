"""Services that go with one life event: offered together in one visit, and what was done of them at the desk."""

from dataclasses import dataclass

from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleOffered(Event):
    """Services that go with a life event were offered together, in one visit."""

    life_event_id: str
    subject: str
    kind: str
    offered: tuple[str, ...]
    taken: tuple[str, ...]
    contact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleItemCompleted(Event):
    """One of the services offered together was done at the desk."""

    life_event_id: str
    service: str
    team: str | None = None


BundleEvent = BundleOffered | BundleItemCompleted
"""Every event of this kind: `match` over it ends in `assert_never`."""
