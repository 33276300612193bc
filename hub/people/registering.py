"""Who was erased, and what becomes of what is said of them afterwards: dropped and counted, or the first word of a next generation.

A source that registers somebody anew after the erasure is heard again, under another party id that nothing joins to the one before; what a
source merely goes on saying cannot be kept, and it is said of the source that it does not honour the erasure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hub.contracts.parties import PartyAsserted
from hub.contracts.privacy import ErasureNotHonouredBySource
from hub.engine.store import Store, Transaction, marks
from hub.model.event import Event
from hub.model.values import replace
from hub.privacy.books import instant, micros
from hub.privacy.ids import derived_id

SPEAKS_OF = ("party_id", "subject")
"""Fields that hold the party an event speaks of."""


class Gone(NamedTuple):
    """One party that was erased."""

    party: str
    controller: str
    generation: int
    at: datetime
    request_id: str
    successor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who was erased, in the store."""

    store: Store

    def note(self, tx: Transaction, parties: Iterable[Gone]) -> None:
        """These were erased; noted once."""
        tx.run_many(
            "INSERT INTO erased (party, controller, generation, at, late, request_id, successor) VALUES (?, ?, ?, ?, 0, ?, NULL)"
            " ON CONFLICT (party) DO NOTHING",
            [(each.party, each.controller, each.generation, micros(each.at), each.request_id) for each in parties],
        )

    def gone(self, party: str) -> Gone | None:
        """What was noted of a party that was erased; None of any other."""
        with self.store.read() as tx:
            return _gone(tx, {party}).get(party)

    def current(self, events: Sequence[Event]) -> list[Event]:
        """The events, each of the generation it speaks of."""
        named = {party for event in events for party in _spoken_of(event).values()}
        if not named:
            return list(events)
        with self.store.read() as tx:
            gone = _gone(tx, named)
        return [self._of_its_generation(event, gone) for event in events] if gone else list(events)

    def late(self, events: Sequence[Event]) -> list[Event]:
        """Count what came too late; gives what is to be said of the sources that go on, once each."""
        complaints: list[Event] = []
        with self.store.write() as tx:
            for event in events:
                for party in set(_spoken_of(event).values()):
                    first = tx.run("UPDATE erased SET late = late + 1 WHERE party = ? AND late = 0", (party,)) == 1
                    if not first:
                        tx.run("UPDATE erased SET late = late + 1 WHERE party = ?", (party,))
                    elif isinstance(event, PartyAsserted):
                        complaints.append(_complaint(event, _gone(tx, {party})[party]))
        return complaints

    def counted(self) -> int:
        """How many events came after the erasure of whom they speak of."""
        with self.store.read() as tx:
            return int(tx.rows("SELECT COALESCE(SUM(late), 0) FROM erased")[0][0])

    def _of_its_generation(self, event: Event, gone: Mapping[str, Gone]) -> Event:
        changes: dict[str, Any] = {}
        for field, party in _spoken_of(event).items():
            if party in gone and (successor := self._successor(event, gone[party])) is not None:
                changes[field] = successor
                if isinstance(event, PartyAsserted):
                    changes["generation"] = gone[party].generation + 1
        return replace(event, **changes) if changes else event

    def _successor(self, event: Event, gone: Gone) -> str | None:
        """The party id of the next generation, where there is one or this event opens it."""
        if not isinstance(event, PartyAsserted):
            return gone.successor
        if event.registered_on is None or event.registered_on <= gone.at.date():
            return None
        successor = derived_id("generation", gone.party, gone.generation + 1)
        if gone.successor is None:
            with self.store.write() as tx:
                tx.run("UPDATE erased SET successor = ? WHERE party = ?", (successor, gone.party))
        return successor


def _spoken_of(event: Event) -> dict[str, str]:
    return {field: party for field in SPEAKS_OF if (party := getattr(event, field, None))}


def _gone(tx: Transaction, parties: set[str]) -> dict[str, Gone]:
    sql = f"SELECT party, controller, generation, at, request_id, successor FROM erased WHERE party IN ({marks(len(parties))})"
    rows = tx.rows(sql, sorted(parties))
    return {row[0]: Gone(row[0], row[1], row[2], instant(row[3]), row[4], row[5]) for row in rows}


def _complaint(event: PartyAsserted, gone: Gone) -> Event:
    event_id = derived_id("not honoured", event.party_id, event.source, gone.request_id)
    return ErasureNotHonouredBySource(
        event_id=event_id, occurred_at=event.recorded_at, recorded_at=event.recorded_at, source="hub/erasure", controller=event.controller,
        correlation_id=event_id, causation_id=event.event_id, party_id=event.party_id, source_system=event.source,
        request_id=gone.request_id,
    )  # fmt: skip
