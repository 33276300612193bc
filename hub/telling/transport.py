"""How a notice gets to its recipient: what every transport does, whatever it is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.contracts.notification_words import NoticeTransport
from hub.telling.notice import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One notice left: where it can be found, and whether the recipient's side has taken it over."""

    evidence: str
    received: bool = False


class Transport(Protocol):
    """Delivers the notices of one agreement, in order, each at least once and under the same id."""

    @property
    def kind(self) -> NoticeTransport:
        """What it is called in the ledger."""
        ...

    @property
    def at_once(self) -> int:
        """How many notices are handed over together: what is not told of again after a crash."""
        ...

    def deliver(self, notices: Sequence[Notice]) -> Iterator[Delivered]:
        """One answer for each notice, in order, as it is delivered; raises Unavailable at the first that cannot go now."""
        ...

    def close(self) -> None:
        """Let go of whatever it holds."""
        ...
