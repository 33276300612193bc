"""What telling others is decided on, under the party it is about; and what became of a telling, under its line of the ledger."""

from hub.contracts.life_events import AddressChanged, BirthRegistered, DeathRegistered, DeathRegistrationUpdated, EmploymentEnded
from hub.contracts.notifications import (
    FanOut,
    FanOutAcknowledged,
    FanOutActioned,
    FanOutOverdue,
    FanOutPlanned,
    FanOutReceived,
    FanOutRejected,
    FanOutSent,
    FanOutUndoing,
    FanOutWithdrawn,
    FanOutWithheld,
)
from hub.contracts.parties import ProtectionLifted, ProtectionSet
from hub.model.route import Route

ToldOf = DeathRegistered | DeathRegistrationUpdated | BirthRegistered | AddressChanged | EmploymentEnded
"""The life events that agreements decide on."""


def _whom(event: ToldOf) -> tuple[str, ...]:
    """A birth is told of the parents, whom services know; everything else of whom it happened to."""
    return event.parents or (event.subject,) if isinstance(event, BirthRegistered) else (event.subject,)


def _party(event: ProtectionSet | ProtectionLifted) -> tuple[str, ...]:
    return (event.party_id,)


def _line(event: FanOut) -> tuple[str, ...]:
    return (event.line_id,)


LIFE_EVENTS = Route(
    name="life-events-by-party",
    reads=("life-events",),
    topic="life-events-by-party",
    keys=_whom,
    needs={
        **dict.fromkeys((DeathRegistered, DeathRegistrationUpdated, AddressChanged, EmploymentEnded), ("subject",)),
        BirthRegistered: ("subject", "parents"),
    },
)
PROTECTIONS = Route(
    name="protections-by-party",
    reads=("parties",),
    topic="protections-by-party",
    keys=_party,
    needs={ProtectionSet: ("party_id",), ProtectionLifted: ("party_id",)},
)
_STEPS: tuple[type[FanOut], ...] = (
    FanOutPlanned, FanOutWithheld, FanOutWithdrawn, FanOutSent, FanOutReceived, FanOutAcknowledged, FanOutActioned, FanOutRejected,
    FanOutOverdue, FanOutUndoing,
)  # fmt: skip
LINES = Route(
    name="notifications-by-line",
    reads=("notifications",),
    topic="notifications-by-line",
    keys=_line,
    needs=dict.fromkeys(_STEPS, ("line_id",)),
)
ROUTES = (LIFE_EVENTS, PROTECTIONS, LINES)
