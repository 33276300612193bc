"""All the event types there are, by topic's vocabulary: a new module of events is named here."""

from typing import get_args

from hub.contracts.cases import CaseEvent
from hub.contracts.contacts import ContactEvent
from hub.contracts.dead_letters import DeadLettered
from hub.contracts.feedback import FeedbackEvent
from hub.contracts.meta import MetaEvent
from hub.contracts.responsibilities import ResponsibilityEvent
from hub.contracts.standards import StandardEvent
from hub.model.event import Event

EVENT_TYPES: tuple[type[Event], ...] = (
    *get_args(ContactEvent),
    *get_args(CaseEvent),
    *get_args(FeedbackEvent),
    *get_args(StandardEvent),
    *get_args(ResponsibilityEvent),
    *get_args(MetaEvent),
    DeadLettered,
)
