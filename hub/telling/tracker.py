"""What became of life events, as people follow them: each as a list of tasks, those that need somebody, and those of one person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.engine.reading import Item
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Status, Told
from hub.telling.ledger import Ledger, Short
from hub.telling.starting import DESK, Starting
from hub.telling.tasks import LEAVES_WITHIN, Task, task
from hub.telling.tasks import Status as TaskStatus
from projections.told_ledger import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One life event of one person, and its tasks, those that need somebody first."""

    life_event_id: str
    kind: str
    subject: str
    customer: str | None
    """Whose record the subject is, where that was decided."""
    origin: str | None
    said_at: datetime | None
    stands: bool
    tasks: tuple[Task, ...]

    @property
    def at_desk(self) -> bool:
        """Whether it is a death that was told at a desk and stands: what can be taken back there."""
        return self.stands and self.origin == DESK and self.kind == LifeEventKind.BEREAVEMENT


@dataclass(frozen=True, kw_only=True)
class Tracker:
    """Reads one store; `ways` are the agreements whose messages can travel. Every method raises Unavailable."""

    ledger: Ledger
    terms: Terms
    ways: Collection[str]
    starting: Starting

    def one(self, life_event_id: str, now: datetime) -> Followed | None:
        """The life event; None where nobody is told of it."""
        lines = self.ledger.one(life_event_id)
        return self._followed(life_event_id, lines, now) if lines else None

    def needing(self, limit: int, now: datetime) -> list[Short]:
        """Life events that need somebody, those told last first; `late` and the other counts are of all their lines."""
        return self.ledger.needing(limit, sorted(self.ways), now - LEAVES_WITHIN)

    def of(self, parties: Sequence[str], now: datetime) -> list[Followed]:
        """What happened to these records, the latest first."""
        found: dict[str, list[Item]] = {}
        for item in (each for party in parties for each in self.ledger.about(party)):
            found.setdefault(item.facts.life_event_id, []).append(item)
        made = [self._followed(name, sorted(lines), now) for name, lines in found.items()]
        return sorted(made, key=lambda each: (each.said_at is not None and each.said_at.timestamp(), each.life_event_id), reverse=True)

    def choices(self, kind: LifeEventKind) -> list[NoticeAgreement]:
        """The agreements whose recipients are told of this kind only if somebody asks."""
        return [
            each
            for each in self.terms.agreements.values()
            if each.status is Status.ACTIVE and each.by_choice and isinstance(each.life_events[kind], Told)
        ]

    def _followed(self, life_event_id: str, lines: Sequence[Item], now: datetime) -> Followed:
        facts = lines[0].facts
        agreements, order = self.terms.agreements, list(TaskStatus)
        tasks = [task(each.facts, agreements.get(each.facts.agreement), self.ways, self.terms.calendar, now) for each in lines]
        said = self.ledger.said(life_event_id, facts.subject)
        return Followed(
            life_event_id=life_event_id, kind=facts.kind or "", subject=facts.subject,
            customer=self.ledger.customer(facts.subject), origin=said.origin if said else None,
            said_at=said.at if said else None, stands=said is not None and said.stands,
            tasks=tuple(sorted(tasks, key=lambda each: (order.index(each.why.status), each.name))),
        )  # fmt: skip
