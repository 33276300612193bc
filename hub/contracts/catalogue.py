"""All the event types there are, by topic's vocabulary: a new module of events is named here."""

from typing import get_args

from hub.contracts.access import AccessEvent
from hub.contracts.addresses import AddressEvent
from hub.contracts.bundles import BundleEvent
from hub.contracts.cases import CaseEvent
from hub.contracts.complaints import ComplaintEvent
from hub.contracts.contacts import ContactEvent
from hub.contracts.content import ContentEvent
from hub.contracts.customers import CustomerEvent
from hub.contracts.dead_letters import DeadLettered
from hub.contracts.evidence import EvidenceEvent
from hub.contracts.feedback import FeedbackEvent
from hub.contracts.identities import IdentityEvent
from hub.contracts.life_events import LifeEventHappened
from hub.contracts.meta import MetaEvent
from hub.contracts.notifications import AcknowledgementGiven, NotificationEvent
from hub.contracts.outreach import OutreachEvent
from hub.contracts.participants import ParticipantEvent
from hub.contracts.parties import PartyEvent
from hub.contracts.places import PlaceEvent
from hub.contracts.policing import PoliceEvent
from hub.contracts.privacy import PrivacyEvent
from hub.contracts.profiles import ProfileEvent
from hub.contracts.records import PartySetChanged, RecordEvent
from hub.contracts.responsibilities import ResponsibilityEvent
from hub.contracts.security import SecurityEvent
from hub.contracts.service_levels import ServiceLevelEvent
from hub.contracts.shielding import ShieldingEvent
from hub.contracts.social_care import CareEvent
from hub.contracts.standards import StandardEvent
from hub.model.event import Event

EVENT_TYPES: tuple[type[Event], ...] = (
    *get_args(ContactEvent),
    *get_args(CaseEvent),
    *get_args(FeedbackEvent),
    *get_args(StandardEvent),
    *get_args(ResponsibilityEvent),
    *get_args(ServiceLevelEvent),
    *get_args(ComplaintEvent),
    *get_args(MetaEvent),
    *get_args(PartyEvent),
    *get_args(IdentityEvent),
    *get_args(ParticipantEvent),
    *get_args(PoliceEvent),
    *get_args(CareEvent),
    *get_args(PrivacyEvent),
    *get_args(SecurityEvent),
    *get_args(LifeEventHappened),
    *get_args(NotificationEvent),
    *get_args(EvidenceEvent),
    *get_args(BundleEvent),
    *get_args(RecordEvent),
    *get_args(ContentEvent),
    *get_args(OutreachEvent),
    *get_args(ShieldingEvent),
    PartySetChanged,
    ProfileEvent,
    AcknowledgementGiven,
    CustomerEvent,
    PlaceEvent,
    AddressEvent,
    AccessEvent,
    DeadLettered,
)
