"""What happened to a matter, in the policies' words, and a clock as it follows from that."""

from dataclasses import dataclass
from datetime import datetime

from hub.clocks.pauses import Pause

PROMISE, PROMISED = "promise", "promised"
PAUSED, RESUMED, EXTENDED, SUPERSEDED = "paused", "resumed", "extended", "superseded"
TASK, TASK_DONE = "task", "task-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened, in a policy's word; `about` names the one thing of several (a hand-off), `stage` the one stage, if any."""

    at: datetime
    rank: int
    recorded_at: datetime
    event_id: str
    word: str
    about: str | None = None
    stage: str | None = None
    reason: str | None = None
    amount: int | None = None
    until: datetime | None = None
    """The date promised, or when the person was told of an extension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a clock runs by: its start, and the instant from which it is overdue."""

    start: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One clock as it is known now; `terms` are those it has had, the last one in force: their number less one is the rebase number."""

    clock: str
    policy: str
    stage: str
    statutory: bool = False
    start: datetime
    assumed: bool = False
    due: datetime | None
    warn: tuple[datetime, ...] = ()
    pauses: tuple[Pause, ...] = ()
    stopped: datetime | None = None
    superseded: bool = False
    """Stopped because it is not waited for any more."""
    escalates: tuple[str, ...] = ()
    provisional: bool = False
    """Counted over bank holidays that nobody has published yet."""
    terms: tuple[Terms, ...] = ()

    @property
    def rebase(self) -> int:
        """How often its terms have changed."""
        return len(self.terms) - 1

    @property
    def in_time(self) -> bool:
        """Whether what it waited for was done before it was due."""
        return self.stopped is not None and not self.superseded and (self.due is None or self.stopped < self.due)


def said(mark: Mark) -> tuple[datetime, str]:
    """What comes first of two marks by when it was taken in."""
    return mark.recorded_at, mark.event_id
