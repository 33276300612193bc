"""The single view, read from what a follower gathered: resolved late, by the party ids that are one customer now or were on a day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from hub.contracts import Contracts
from hub.contracts.parties import AccessNeedNoted, PartyAsserted
from hub.engine.reading import Query, Reading
from hub.engine.store import Store, Transaction
from hub.model.event import EPOCH, Event
from hub.model.personal import Plain
from hub.people.gathering import events_of
from hub.people.links import Link, customers_of, kept_as, links_of
from hub.people.person import CLASS_OF, Fact, Known, Sights, facts
from hub.people.standing import NOW, When, standing
from hub.privacy.access import Allowed, Asked, Sight
from hub.privacy.keys import KeyStore
from hub.privacy.sealing import unseal_all
from projections.case_timeline import PROJECTION as CASES
from projections.contact_log import PROJECTION as CONTACTS

ASKED_CLASSES = (*dict.fromkeys(CLASS_OF.values()), "cases", "contacts")
NEEDS = "access_needs"
MOST_RECORDS = 200
"""Cases and contacts of one party that are shown, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The customer was absorbed by a merge: `to` is who it is now."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A customer's parties with everything that is known of them; nothing of it has been shown yet."""

    customer_id: str
    parties: tuple[Known, ...]
    undone: frozenset[str]
    """Parties that belonged to the customer then and do not any more."""

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What must be allowed, and recorded, before anything is shown."""
        return tuple(
            Asked(record_class=name, controller=known.opened[-1].controller, party=known.standing.party_id)
            for known in self.parties
            if known.opened and not known.hidden
            for name in ASKED_CLASSES
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One case or contact of the person, in one line."""

    at: datetime
    kind: str
    id: str
    party_id: str
    role: str
    organisation: str | None
    status: str | None
    open: bool | None
    promised_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a noted need makes staff offer; `words` is None where they may not be seen, or none were noted."""

    party_id: str
    channels: tuple[str, ...]
    words: str | None
    noted_at: datetime
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody may see of a customer."""

    customer_id: str
    parties: tuple[Known, ...]
    undone: frozenset[str]
    facts: tuple[Fact, ...]
    records: tuple[Record, ...]
    offers: tuple[Offer, ...] = ()


def sights(allowed: Mapping[Asked, Allowed]) -> Sights:
    """How much may be seen of each party's fields, by what was allowed."""
    of = {(asked.party, asked.record_class): decision for asked, decision in allowed.items()}

    def sight(party: str, field: str) -> Sight:
        decision = of.get((party, CLASS_OF[field]))
        return Sight.HIDDEN if decision is None else decision.sight(field)

    return sight


@dataclass(frozen=True, kw_only=True)
class View:
    """Reads customers from one store."""

    store: Store
    contracts: Contracts
    keys: KeyStore
    reading: Reading

    @cached_property
    def decode(self) -> Callable[[bytes], Any]:
        """Made once: a decoder is generated from every schema there is."""
        return self.contracts.decoder()

    def find(self, customer_id: str, when: When = NOW, *, restricted_too: bool = False) -> Found | Moved | None:
        """The customer's parties as they stood; None where nobody has heard of it. Raises Unavailable."""
        with self.store.read() as tx:
            kept = kept_as(tx, customer_id)
            if kept != customer_id and when.known_at is None:
                return Moved(to=kept)
            links = links_of(tx, customer_id, when.known_at)
            known = self._known(tx, links, when, restricted_too=restricted_too)
            now = customers_of(tx, [link.party for link in links])
        if not links:
            return None
        undone = frozenset(link.party for link in links if now.get(link.party) != kept)
        return Found(customer_id=customer_id, parties=known, undone=undone)

    def parties(self, parties: Sequence[str], when: When = NOW) -> tuple[Known, ...]:
        """These parties, whoever they belong to."""
        with self.store.read() as tx:
            homes = customers_of(tx, parties)
            links = [Link(party, homes.get(party, ""), EPOCH, None, "") for party in parties]
            return self._known(tx, links, when)

    def show(self, found: Found, allowed: Mapping[Asked, Allowed], when: When = NOW) -> Seen:
        """What of it may be seen."""
        shown = tuple(sorted(self._records(found, allowed, when), key=lambda each: (each.at, each.id), reverse=True))
        return Seen(
            customer_id=found.customer_id, parties=found.parties, undone=found.undone, facts=facts(found.parties, sights(allowed)),
            records=shown, offers=tuple(_offers(found.parties, allowed)),
        )  # fmt: skip

    def _known(self, tx: Transaction, links: Sequence[Link], when: When, *, restricted_too: bool = False) -> tuple[Known, ...]:
        stands = [standing(link.party, events_of(tx, link.party, self.decode), when) for link in links]
        said: list[Event] = [event for each in stands for event in (*each.said, *each.needs[-1:])]
        opened = {event.event_id: event for event in unseal_all(said, self.contracts, self.keys)}
        return tuple(
            Known(
                standing=each, link=link, opened=tuple(_of(PartyAsserted, opened, each.said)),
                noted=tuple(_of(AccessNeedNoted, opened, each.needs[-1:])), restricted_too=restricted_too,
            )
            for each, link in zip(stands, links, strict=True)
        )  # fmt: skip

    def _records(self, found: Found, allowed: Mapping[Asked, Allowed], when: When) -> Iterator[Record]:
        may = {(asked.party, asked.record_class) for asked in allowed}
        with self.reading.snapshot() as snapshot:
            for known in found.parties:
                party = known.standing.party_id
                if (party, "cases") in may and not known.restricted("cases"):
                    rows = snapshot.page(CASES, Query(newest="opened_at", limit=MOST_RECORDS, where={"subject": party})).items
                    named = {part.case_id: part.role.value for part in known.standing.parts if part.case_id}
                    yield from _dated(party, "case", _with(snapshot, CASES, rows, named), named, when)
                if (party, "contacts") in may and not known.restricted("contacts"):
                    rows = snapshot.page(CONTACTS, Query(newest="contacted_at", limit=MOST_RECORDS, where={"subject": party})).items
                    named = {part.contact_id: part.role.value for part in known.standing.parts if part.contact_id}
                    yield from _dated(party, "contact", _with(snapshot, CONTACTS, rows, named), named, when)


E = TypeVar("E", bound=Event)


def _of(kind: type[E], opened: Mapping[str, Event], events: Sequence[Event]) -> Iterator[E]:
    return (found for event in events if isinstance(found := opened[event.event_id], kind))


def _offers(parties: Sequence[Known], allowed: Mapping[Asked, Allowed]) -> Iterator[Offer]:
    """Of each party what was noted last, for whoever may see what it needs."""
    may = {asked.party: decision for asked, decision in allowed.items() if asked.record_class == CLASS_OF[NEEDS]}
    for known in parties:
        party = known.standing.party_id
        if known.noted and party in may and not known.hidden:
            noted = known.noted[-1]
            words = noted.needs.text if isinstance(noted.needs, Plain) and may[party].sight(NEEDS) is Sight.SHOWN else None
            channels = tuple(channel.value for channel in noted.channels)
            yield Offer(party_id=party, channels=channels, words=words, noted_at=noted.occurred_at, review_on=noted.review_on)


def _with(snapshot: Any, projection: Any, rows: Sequence[Any], named: Mapping[str, str]) -> dict[str, Any]:
    """Rows that name the party as their subject, and those in which it takes part."""
    found = {row.key: row.facts for row in rows}
    found |= {key: facts for key in named if key not in found and (facts := snapshot.facts(projection, key)) is not None}
    return found


def _dated(party: str, kind: str, rows: Mapping[str, Any], named: Mapping[str, str], when: When) -> Iterator[Record]:
    """One line for each that had begun by then."""
    for key, row in rows.items():
        at = row.opened_at if kind == "case" else row.contacted_at
        if at is None or any(limit is not None and at > limit for limit in (when.as_of, when.known_at)):
            continue
        case = kind == "case"
        yield Record(
            at=at, kind=kind, id=key, party_id=party, role=named.get(key, "SUBJECT"), organisation=row.organisation,
            status=str(row.status) if case and row.status else None, open=row.open if case else None,
            promised_due=row.promised_due if case else None,
        )  # fmt: skip
