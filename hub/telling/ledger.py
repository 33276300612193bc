"""The ledger as it is read: one life event with its lines, all life events in short, and whether somebody must not be written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hub.contracts.notification_words import NoticeRejection
from hub.engine.reading import Item, Query, Reading
from hub.engine.rows import time_in, time_out
from hub.engine.store import Store, Transaction, marks
from hub.model.projection import Projection
from hub.people.links import customers_of, links_of
from hub.sharing.agreement import LifeEventKind
from hub.sharing.planning import Said
from projections.ledger_lines import LineState

MOST_LINES = 200
FINISHED = frozenset({LineState.ACTIONED, LineState.REJECTED})


class Short(NamedTuple):
    """One life event in one line."""

    life_event_id: str
    kind: str
    planned_at: datetime | None
    told: int
    withheld: int
    actioned: int
    late: int


class Silence(NamedTuple):
    """Somebody died, as is known for sure: nobody writes to them any more."""

    life_event_id: str
    since: datetime


def begun(tx: Transaction) -> bool:
    """Whether this store has a ledger yet: `hub provision` begins it."""
    return bool(tx.rows("SELECT 1 FROM pointer WHERE projection = 'told-ledger' LIMIT 1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Reads one store; every method raises Unavailable."""

    store: Store
    reading: Reading
    lines: Projection[Any]
    told: Projection[Any]

    def one(self, life_event_id: str) -> tuple[Item, ...]:
        """The lines of one life event, by agreement and record."""
        page = self.reading.page(self.lines, Query(newest="planned_at", limit=MOST_LINES, where={"life_event_id": life_event_id}))
        return tuple(sorted(page.items))

    def many(self, limit: int) -> list[Short]:
        """Life events, those that were told last first."""
        return self._short(limit, "", [])

    def needing(self, limit: int, ways: Sequence[str], left_by: datetime) -> list[Short]:
        """Those with a line that needs somebody (hub/telling/tasks.py): `ways` can travel, and should have left by then."""
        settled = [NoticeRejection.ALREADY_KNOWN, NoticeRejection.NOT_OURS, NoticeRejection.ERASED]
        needs = (
            f"undo_open OR (progress = 'REJECTED' AND reason NOT IN ({marks(len(settled))}))"
            " OR (state = 'WITHHELD' AND reason = 'ASSURANCE')"
            f" OR (progress = 'PLANNED' AND (planned_at < ? OR agreement NOT IN ({marks(len(ways))})))"
            " OR (late = 'ESCALATED' AND progress IN ('SENT', 'RECEIVED', 'ACKNOWLEDGED'))"
        )
        wanted = f" AND life_event_id IN (SELECT life_event_id FROM told_ledger_v1 WHERE {needs})"
        return self._short(limit, wanted, [*settled, time_in(self.store.dialect)(left_by), *ways])

    def _short(self, limit: int, wanted: str, values: Sequence[Any]) -> list[Short]:
        sql = (
            "SELECT life_event_id, MIN(kind), MAX(planned_at), SUM(CASE WHEN number > 0 THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN state = 'WITHHELD' THEN 1 ELSE 0 END), SUM(CASE WHEN progress IN ('ACTIONED', 'REJECTED') THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN late IS NOT NULL THEN 1 ELSE 0 END)"
            f" FROM told_ledger_v1 WHERE life_event_id IS NOT NULL{wanted} GROUP BY life_event_id"
            " ORDER BY MAX(planned_at) IS NULL, MAX(planned_at) DESC, life_event_id LIMIT ?"
        )
        with self.store.read() as tx:
            rows = tx.rows(sql, (*values, limit)) if begun(tx) else []
        out = time_out(self.store.dialect)
        return [Short(row[0], row[1], None if row[2] is None else out(row[2]), *map(int, row[3:])) for row in rows]

    def about(self, party: str) -> tuple[Item, ...]:
        """The lines of everything that happened to this record."""
        page = self.reading.page(self.lines, Query(newest="planned_at", limit=MOST_LINES, where={"subject": party}))
        return page.items

    def said(self, life_event_id: str, subject: str) -> Said | None:
        """What was said of it last; None where its subject's row is gone."""
        affairs = self.reading.find(self.told, subject).facts
        words = [] if affairs is None else [each for each in affairs.said.values() if each.life_event_id == life_event_id]
        return max(words, key=lambda each: each.order, default=None)

    def customer(self, party: str) -> str | None:
        """Whose record it is; None where nobody decided."""
        with self.store.read() as tx:
            return customers_of(tx, [party]).get(party)

    def silence(self, customer_id: str) -> Silence | None:
        """The death of a customer, where it stands and one of their records is proved to be of the dead; None where nothing is known."""
        with self.store.read() as tx:
            parties = [link.party for link in links_of(tx, customer_id)]
        found = (self._died(party, parties) for party in parties)
        return next((each for each in found if each is not None), None)

    def _died(self, party: str, parties: Sequence[str]) -> Silence | None:
        affairs = self.reading.find(self.told, party).facts
        if affairs is None:
            return None
        deaths = [(each.order, each) for each in affairs.said.values() if each.kind is LifeEventKind.BEREAVEMENT]
        if not deaths:
            return None
        _, last = max(deaths, key=lambda each: each[0])
        sure = any(
            states[-1].known and states[-1].proved and record in parties and states[-1].system != last.system
            for record, states in affairs.records.items()
        )
        return Silence(last.life_event_id, last.at) if last.stands and sure else None
