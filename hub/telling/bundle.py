"""The services that go with one life event, as one visit: which were offered, which were wished, and which are done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.commands import BUNDLE
from hub.commands.bundle import Bundle
from hub.engine.reading import Reading
from hub.sharing.agreement import NoticeAgreement
from hub.telling.ledger import Ledger
from projections.ledger_lines import LedgerLine, LineState


class ItemState(StrEnum):
    """Where one of the services stands."""

    DONE = "DONE"
    """The recipient says so, or it was done at the desk."""
    UNDER_WAY = "UNDER_WAY"
    WITHHELD = "WITHHELD"
    """They are not told, for a reason that the life event's own page gives."""
    NOT_TAKEN = "NOT_TAKEN"
    """Offered, and not wished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of the services, by its agreement and in words."""

    service: str
    name: str
    state: ItemState
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was offered in one visit; `done` of `offered`."""

    life_event_id: str
    kind: str
    subject: str
    offered_at: datetime
    items: tuple[Item, ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(item.state is ItemState.DONE for item in self.items)


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Reads one store; raises Unavailable."""

    ledger: Ledger
    reading: Reading
    agreements: Mapping[str, NoticeAgreement]

    def one(self, life_event_id: str) -> Visit | None:
        """What was offered with this life event; None where nothing was."""
        facts: Bundle | None = self.reading.find(BUNDLE.state, life_event_id).facts
        if facts is None or facts.offered_at is None:
            return None
        lines: dict[str, list[LedgerLine]] = {}
        for item in self.ledger.one(life_event_id):
            lines.setdefault(item.facts.agreement, []).append(item.facts)
        items = tuple(self._item(service, facts, lines.get(service, [])) for service in facts.offered)
        return Visit(
            life_event_id=life_event_id, kind=facts.kind or "", subject=facts.subject or "", offered_at=facts.offered_at, items=items
        )  # fmt: skip

    def _item(self, service: str, facts: Bundle, lines: list[LedgerLine]) -> Item:
        name = self.agreements[service].name if service in self.agreements else service
        ended = [line.actioned_at for line in lines if line.progress is LineState.ACTIONED and line.actioned_at is not None]
        at = min([*ended, *([facts.done[service]] if service in facts.done else [])], default=None)
        return Item(service=service, name=name, state=_state(service, facts, lines, done=at is not None), done_at=at)


def _state(service: str, facts: Bundle, lines: list[LedgerLine], *, done: bool) -> ItemState:
    if done:
        return ItemState.DONE
    if service not in facts.taken:
        return ItemState.NOT_TAKEN
    withheld = bool(lines) and all(line.state is LineState.WITHHELD for line in lines)
    return ItemState.WITHHELD if withheld else ItemState.UNDER_WAY
