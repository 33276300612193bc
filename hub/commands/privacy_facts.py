"""What commands about a person's data are decided on: the steps of every request, hold and restriction, the newest 128."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.contracts.ordering import latest
from hub.contracts.people_words import ErasureOutcome
from hub.contracts.privacy import ErasureDecided, PrivacyEvent
from hub.model.history import UNKNOWN, History, remember, story_of, version_of
from hub.model.values import replace

STEPS = 128
"""Steps that are remembered of one person, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing asked, decided or done; `about` is the request or the hold."""

    at: datetime
    recorded_at: datetime
    event_id: str
    rank: int = 0
    what: str
    about: str
    classes: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    outcome: ErasureOutcome | None = None
    by: str | None = None
    confirmed_by: str | None = None
    execute_after: datetime | None = None


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Privacy:
    """What was asked and decided about one party's data."""

    history: History = ()
    version: str = UNKNOWN
    began: str = ""
    newest_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything was ever asked."""
        return bool(self.history)

    def asked(self, about: str, what: str) -> Step | None:
        """The request or hold of this name."""
        return next((step for step in self.steps if (step.what, step.about) == (what, about)), None)

    def decisions(self, request_id: str) -> dict[str, Step]:
        """What was decided last of each class."""
        decided = [step for step in self.steps if (step.what, step.about) == ("ErasureDecided", request_id)]
        return {step.classes[0]: step for step in decided}

    def held(self) -> frozenset[str]:
        """The classes that a hold keeps; a hold on all of them is a star."""
        released = {step.about for step in self.steps if step.what == "HoldReleased"}
        holds = [step for step in self.steps if step.what == "HoldPlaced" and step.about not in released]
        return frozenset(name for step in holds for name in (step.classes or ("*",)))

    def due(self, now: datetime) -> dict[str, tuple[str, ...]]:
        """Confirmed erasures whose time has come and that were not carried out: the classes of each request."""
        found: dict[str, tuple[str, ...]] = {}
        for request in (step.about for step in self.steps if step.what == "ErasureRequested"):
            if self.asked(request, "PartyErased") is None:
                classes = [
                    name for name, step in self.decisions(request).items() if step.execute_after is not None and step.execute_after <= now
                ]
                found |= {request: tuple(sorted(classes))} if classes else {}
        return found


def apply(facts: Privacy, event: PrivacyEvent) -> Privacy:
    """The state as it stands once this event is known, whatever came before."""
    history = remember(facts.history, event)
    steps, _ = latest(facts.steps, _step(event), STEPS)
    newest = event.occurred_at if facts.newest_at is None else max(facts.newest_at, event.occurred_at)
    known = replace(
        facts, history=history, version=version_of(history), began=story_of(facts.began, event), steps=steps, newest_at=newest
    )  # fmt: skip
    return facts if known == facts else known


def _step(event: Any) -> Step:
    classes = (event.record_class,) if isinstance(event, ErasureDecided) else getattr(event, "record_classes", ())
    return Step(
        at=event.occurred_at, recorded_at=event.recorded_at, event_id=event.event_id, what=type(event).__name__,
        about=getattr(event, "hold_id", None) or getattr(event, "request_id", None) or "", classes=tuple(classes[:32]),
        rank=int(getattr(event, "confirmed_by", None) is not None), parties=tuple(getattr(event, "verified_party_ids", ())[:32]),
        outcome=getattr(event, "outcome", None), by=getattr(event, "decided_by", None), confirmed_by=getattr(event, "confirmed_by", None),
        execute_after=getattr(event, "execute_after", None),
    )  # fmt: skip
