"""The six words the program is made of, as frozen values and pure functions; nothing here does I/O."""

from hub.model.command import Aggregate, Refusal
from hub.model.connector import BadRecord, Page, Said, Sink, Source
from hub.model.errors import HubError, Misconfigured, Rejected, Unavailable
from hub.model.event import EPOCH, Event
from hub.model.personal import ERASED, Erased, Personal, Plain, Sealed
from hub.model.process import Process
from hub.model.projection import Effect, Projection
from hub.model.route import Route

__all__ = [
    "EPOCH",
    "ERASED",
    "Aggregate",
    "BadRecord",
    "Effect",
    "Erased",
    "Event",
    "HubError",
    "Misconfigured",
    "Page",
    "Personal",
    "Plain",
    "Process",
    "Projection",
    "Refusal",
    "Rejected",
    "Route",
    "Said",
    "Sealed",
    "Sink",
    "Source",
    "Unavailable",
]
