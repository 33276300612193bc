"""Event types, their envelope, codec and topics: what the hub and its neighbours agree on."""

from hub.contracts.partitioning import partition_of
from hub.contracts.registry import Contracts, Needs, load
from hub.contracts.rejections import Rejection
from hub.contracts.topics import Topic, TopicKind

__all__ = ["Contracts", "Needs", "Rejection", "Topic", "TopicKind", "load", "partition_of"]
