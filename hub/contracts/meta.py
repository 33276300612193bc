"""What the hub says about itself, for its own use."""

from dataclasses import dataclass

from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat(Event):
    """The hub was alive; the broker's append time of this record is the hub's clock."""

    instance_id: str
    beat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionsDeclared(Event):
    """The partition count of a topic was fixed for good."""

    instance_id: str
    topic: str
    partitions: int
    topic_id: str | None = None


MetaEvent = Heartbeat | PartitionsDeclared
"""Every event of this kind: `match` over it ends in `assert_never`."""
