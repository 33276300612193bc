"""How a partner's endpoint is doing, and when it is asked again; decided from what it answered, and nothing else.

ready ──failed──▶ failing ──taken──▶ ready
  └───── 410 ────────┴─────▶ gone ───▶ ready, when somebody says so or the address changes
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

WAITS = tuple(timedelta(seconds=each) for each in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600))
"""Standard Webhooks' own spread, 75 h 35 min in all."""
DAILY = timedelta(days=1)
"""How long is waited after those, for as long as it takes."""


class EndpointState(StrEnum):
    """Whether anything is sent to it."""

    READY = "ready"
    FAILING = "failing"
    """Asked again at `next_at`, and not before."""
    GONE = "gone"
    """It said 410: not asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one request: a status, or why there was none."""

    status: int | None = None
    retry_after: timedelta | None = None
    why: str = ""

    @property
    def taken(self) -> bool:
        """Whether the partner has it now; a redirection is no yes."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def reason(self) -> str:
        """What an operator is told of it."""
        return self.why or f"answers {self.status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One partner's endpoint as it stands."""

    state: EndpointState = EndpointState.READY
    since: datetime | None = None
    failed: int = 0
    """Requests without success, one after another."""
    next_at: datetime | None = None
    why: str = ""

    def asked_at(self, now: datetime) -> bool:
        """Whether it may be asked now."""
        return self.state is not EndpointState.GONE and (self.next_at is None or self.next_at <= now)


def after(before: Endpoint, answer: Answer, now: datetime) -> Endpoint:
    """The endpoint once this was answered."""
    if answer.taken:
        return before if before.state is EndpointState.READY else Endpoint(since=now)
    state = EndpointState.GONE if answer.status == HTTPStatus.GONE else EndpointState.FAILING
    since = before.since if before.state is state else now
    next_at = None if state is EndpointState.GONE else now + _wait(before.failed, answer.retry_after)
    return Endpoint(state=state, since=since, failed=before.failed + 1, next_at=next_at, why=answer.reason)


def _wait(failed: int, asked: timedelta | None) -> timedelta:
    """As long as the partner asked for, a day at most; else the next of the spread."""
    if asked is not None:
        return min(max(asked, WAITS[0]), DAILY)
    return WAITS[failed] if failed < len(WAITS) else DAILY
