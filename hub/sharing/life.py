"""What is true of one life event now: the latest that was said of it, whatever order it came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from hub.contracts.life_event_words import DeathUpdateReason
from hub.contracts.life_events import (
    AddressChanged,
    BirthRegistered,
    BusinessOpened,
    DeathRegistered,
    DeathRegistrationUpdated,
    EmploymentEnded,
    EmploymentStarted,
    LeftCare,
    LifeEventHappened,
    PensionAgeReached,
)
from hub.sharing.agreement import LifeEventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One life event as it stands; `revision` is the event that said so last, `stands` is false once it was cancelled."""

    kind: LifeEventKind
    revision: str
    stands: bool
    origin: str
    already_told: frozenset[str]
    chosen: frozenset[str]
    declined: frozenset[str]


def life(said: Iterable[LifeEventHappened]) -> Life | None:
    """What the events of one life event come to; None where there are none, or their kind is nothing that agreements decide on."""
    last = max(said, key=lambda event: (event.occurred_at, event.recorded_at, event.event_id), default=None)
    kind = None if last is None else kind_of(last)
    if last is None or kind is None:
        return None
    return Life(
        kind=kind,
        revision=last.event_id,
        stands=stands(last),
        origin=last.origin,
        already_told=frozenset(last.already_told),
        chosen=frozenset(last.chosen),
        declined=frozenset(last.declined),
    )


def stands(event: LifeEventHappened) -> bool:
    """Whether it says that the life event happened, and not that its registration was struck out."""
    return not (isinstance(event, DeathRegistrationUpdated) and event.reason is DeathUpdateReason.CANCELLED)


def kind_of(event: LifeEventHappened) -> LifeEventKind | None:
    """As what agreements know it; None where they decide nothing on it."""
    match event:
        case DeathRegistered() | DeathRegistrationUpdated():
            return LifeEventKind.BEREAVEMENT
        case AddressChanged():
            return LifeEventKind.MOVE
        case BirthRegistered():
            return LifeEventKind.BIRTH
        case EmploymentEnded():
            return LifeEventKind.UNEMPLOYMENT
        case EmploymentStarted() | PensionAgeReached() | LeftCare() | BusinessOpened():
            return None
        case _:
            assert_never(event)
