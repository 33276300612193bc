"""People whom a health body asks to be sheltered: special-category data, kept apart from all other lists, and only until a day."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.insight_words import SupportNetwork
from hub.contracts.vocabulary import Channel
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldingListReceived(Event):
    """Somebody stands on a shielding list that was received, and may be spoken to because of it until its last day."""

    shielding_id: str
    list_name: str
    organisation: str
    subject: str
    received_from: str
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportNetworkAssessed(Event):
    """Whether they have people who can help them, and whether they are lonely, was asked or is known."""

    shielding_id: str
    network: SupportNetwork
    isolated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldedPersonContacted(Event):
    """The council got in touch of its own accord."""

    shielding_id: str
    channel: Channel
    organisation: str
    reached: bool


ShieldingEvent = ShieldingListReceived | SupportNetworkAssessed | ShieldedPersonContacted
"""Every event of this kind: `match` over it ends in `assert_never`."""
