"""What the routes and the page of evidence share: ask the entrance first, party by party, have the look recorded, and only then read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from pydantic import Field

from hub.commands import EVIDENCE
from hub.commands.evidence import Evidence as State
from hub.contracts.evidence import EvidenceKind
from hub.engine.reading import Query
from hub.people.view import Found, Moved
from hub.privacy.access import Act, Allowed, Asked, decide_access
from hub.web.answers import Answer
from hub.web.desk import Desk
from hub.web.entrance import Visitor
from hub.web.fields import Body, Code, Day, Id, Name
from hub.web.people_seen import People

CLASS = "cases"
"""Evidence is seen and relied on by whoever may work on the cases of the person, and may know who that is."""
MOST = 50
"""Pieces of evidence of one party that are shown, the newest."""


class NewEvidence(Body):
    """Somebody showed evidence, and it was verified."""

    subject: Id = Field(description="The record of whom it is evidence: one of the person's.")
    kind: EvidenceKind
    organisation: Name = Field(description="Who verified it.")
    valid_until: Day | None = Field(default=None, description="The last day on which it may be relied on; it does not age, if left out.")
    contact_id: Id | None = None
    case_id: Id | None = None


class Reliance(Body):
    """Somebody relied on evidence that was verified before, and did not ask for it again."""

    organisation: Name = Field(description="Who relied on it.")
    service: Code | None = Field(default=None, description="LGSL code.")
    contact_id: Id | None = None
    case_id: Id | None = None


class Reused(Answer):
    """Somebody did not ask for it again."""

    at: datetime
    organisation: str
    service: str | None


class EvidenceShown(Answer):
    """A piece of evidence: what it shows, who verified it, until when it counts, and who relied on it."""

    evidence_id: str
    subject: str
    kind: EvidenceKind
    organisation: str
    verified_at: datetime
    valid_until: date | None
    valid: bool = Field(description="Whether it may be relied on today.")
    reused: list[Reused]


class EvidenceList(Answer):
    """What a person showed before, the newest first."""

    items: list[EvidenceShown]


@dataclass(frozen=True, kw_only=True)
class EvidenceSeen:
    """Reads evidence for whoever may see it; every method raises Refused and Unavailable."""

    desk: Desk
    people: People

    async def parties(self, visitor: Visitor, route: str, customer_id: str, act: Act = Act.READ) -> frozenset[str] | None:
        """The customer's records whose evidence this visitor may see or write, the look recorded; None for an unknown customer."""
        entrance = self.people.entrance
        purpose = entrance.policy.purposes.get(visitor.purpose or "")
        find = partial(self.people.view.find, restricted_too=purpose is not None and purpose.sees_restricted)
        found = await self.desk.threads.run(find, customer_id)
        if isinstance(found, Moved):
            found = await self.desk.threads.run(find, found.to)
        asked = _asked(found, act) if isinstance(found, Found) else []
        await self._may_know(visitor, route, asked)
        if not asked:
            await entrance.look(visitor, route, Asked(record_class=CLASS, controller=visitor.account.organisation, act=act))
            return frozenset() if isinstance(found, Found) else None
        return frozenset(each.party for each in await entrance.look(visitor, route, *asked, partly=True))

    async def _may_know(self, visitor: Visitor, route: str, asked: Collection[Asked]) -> None:
        """Whoever may work on cases, but not know whose they are, is refused: evidence is about a person."""
        policy, mine = self.people.entrance.policy, Asked(record_class="person", controller=visitor.account.organisation)
        persons = [Asked(record_class="person", controller=each.controller, party=each.party) for each in asked] or [mine]
        if not any(isinstance(decide_access(policy, visitor.reader, each), Allowed) for each in persons):
            await self.people.entrance.look(visitor, route, *persons)

    async def shown(self, parties: Collection[str]) -> list[EvidenceShown]:
        """What was shown of these records."""
        return await self.desk.threads.run(self._rows, sorted(parties))

    async def subject(self, evidence_id: str) -> str | None:
        """Of which record it is; None where no such evidence is known."""
        known = await self.desk.threads.run(self.desk.commander.known, EVIDENCE, evidence_id)
        state: State = known.state
        return state.subject

    def _rows(self, parties: Collection[str]) -> list[EvidenceShown]:
        today = self.desk.now().date()
        with self.desk.reading.snapshot() as snapshot:
            rows = [
                row
                for party in parties
                for row in snapshot.page(EVIDENCE.state, Query(newest="verified_at", limit=MOST, where={"subject": party})).items
            ]
        made = [_shown(row.key, row.facts, today) for row in rows]
        return sorted(made, key=lambda each: (each.verified_at, each.evidence_id), reverse=True)


def _asked(found: Found, act: Act) -> list[Asked]:
    return [
        Asked(record_class=CLASS, controller=known.opened[-1].controller, act=act, party=known.standing.party_id)
        for known in found.parties
        if known.opened and not known.hidden and not known.restricted(CLASS)
    ]


def _shown(key: str, facts: Any, today: date) -> EvidenceShown:
    return EvidenceShown(
        evidence_id=key, subject=facts.subject, kind=facts.kind, organisation=facts.organisation, verified_at=facts.verified_at,
        valid_until=facts.valid_until, valid=facts.valid(today),
        reused=sorted((Reused.model_validate(each) for each in facts.reuses.values()), key=lambda each: each.at),
    )  # fmt: skip
