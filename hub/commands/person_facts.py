"""What commands about a person are decided on: what people decided of one party, the newest 128 of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.contracts.ordering import latest
from hub.contracts.parties import (
    AccessNeedNoted,
    AuthorityEnded,
    AuthorityRecorded,
    DecisionUndone,
    MatchDecided,
    NeverTogetherLifted,
    ProtectionLifted,
    ProtectionSet,
    RematchReleased,
)
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.values import replace

STEPS = 128
"""Steps that are remembered of one party, the newest."""

PersonEvent = (
    MatchDecided
    | DecisionUndone
    | NeverTogetherLifted
    | RematchReleased
    | ProtectionSet
    | ProtectionLifted
    | AuthorityRecorded
    | AuthorityEnded
    | AccessNeedNoted
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing a person decided; `about` is the decision, the protection, the authority or the plan."""

    at: datetime
    recorded_at: datetime
    event_id: str
    rank: int = 0
    what: str
    about: str


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Person:
    """What people decided of one party."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    newest_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anybody ever decided anything."""
        return bool(self.history)

    def last(self, about: str, *what: str) -> Step | None:
        """The last of these things that was decided about this."""
        return next((step for step in reversed(self.steps) if step.what in what and step.about == about), None)


def apply(facts: Person, event: PersonEvent) -> Person:
    """The state as it stands once this event is known, whatever came before."""
    history = remember(facts.history, event)
    steps, _ = latest(facts.steps, _step(event), STEPS)
    newest = event.occurred_at if facts.newest_at is None else max(facts.newest_at, event.occurred_at)
    version, began = version_of(history), story_of(facts.began, event)
    known = replace(facts, history=history, version=version, began=began, steps=steps, newest_at=newest)
    return facts if known == facts else known


def _step(event: Any) -> Step:
    about = getattr(event, _ABOUT.get(type(event), "event_id")) or ""
    return Step(at=event.occurred_at, recorded_at=event.recorded_at, event_id=event.event_id, what=type(event).__name__, about=str(about))


_ABOUT = {
    MatchDecided: "review_id",
    DecisionUndone: "decision_id",
    RematchReleased: "plan_id",
    ProtectionSet: "protection",
    ProtectionLifted: "protection",
    AuthorityRecorded: "authority_id",
    AuthorityEnded: "authority_id",
}
