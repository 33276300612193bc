"""An erasure is carried out: keys destroyed, rows gone, nothing left behind in the store's own files, and a certificate that says so.

    confirmed and due ─▶ noted ─▶ keys destroyed ─▶ words and rows deleted ─▶ store scrubbed ─▶ PartyErased for each party

Every step done again changes nothing, so an erasure that a death interrupted is simply carried out again. Only parties that were verified
for the requester are touched, never one that is linked by a score alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from threading import Event as Signal
from typing import Any

from hub.commands import PRIVACY
from hub.commands.privacy import RecordErased
from hub.contracts import Contracts
from hub.contracts.people_words import ParticipantRole
from hub.engine.commanding import Accepted, Commander, Request
from hub.engine.reading import Query, Reading
from hub.engine.store import Store
from hub.model.errors import Unavailable
from hub.model.projection import Projection
from hub.people.gathering import events_of
from hub.people.person import RECORD_CLASS
from hub.people.registering import Gone, Register
from hub.people.standing import Standing, standing
from hub.privacy.keys import KeyStore
from hub.privacy.scope import EVERY_BUCKET, ONE_RECORD, KeyScope
from hub.privacy.search_index import SearchIndex
from projections.case_timeline import PROJECTION as CASES
from projections.contact_log import PROJECTION as CONTACTS

LOOK_SECONDS = 2.0
AT_ONCE = 1_000
"""Rows of one page."""
_OWN: Mapping[str, tuple[Projection[Any], str, str]] = {
    "cases": (CASES, "opened_at", "case_id"),
    "contacts": (CONTACTS, "contacted_at", "contact_id"),
}
"""Classes whose texts may be kept under the record's own key: where its rows are, newest by, and how a part names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What an erasure takes of one party."""

    party_id: str
    controller: str
    generation: int
    records: Mapping[str, tuple[str, ...]]
    """Cases and contacts whose own texts go too, by class."""

    def scopes(self, classes: Iterable[str]) -> list[KeyScope]:
        """The tombstones for these classes; with the party go its records that could not be taken in."""
        named = sorted({*classes, ONE_RECORD} if RECORD_CLASS in classes else classes)
        own = [KeyScope(self.controller, self.party_id, name, EVERY_BUCKET) for name in named]
        return own + [KeyScope(self.controller, key, name, EVERY_BUCKET) for name in named for key in self.records.get(name, ())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was done; it names ids and counts, and nothing of the person."""

    request_id: str
    at: str
    party_ids: tuple[str, ...]
    record_classes: tuple[str, ...]
    keys_destroyed: int
    search_words_deleted: int
    rows_deleted: int
    partner_copies: tuple[str, ...]
    """Topics of partners, who hold what they were told in plain text by agreement; each goes with its topic's last segment."""

    @property
    def digest(self) -> str:
        """By which the events and a copy of the certificate are held against each other."""
        return sha256(dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def _every(snapshot: Any, projection: Projection[Any], newest: str, where: Mapping[str, str] | None = None) -> Iterator[tuple[str, Any]]:
    """Every row, however many there are, a page at a time."""
    after, more = None, True
    while more:
        page = snapshot.page(projection, Query(newest=newest, limit=AT_ONCE, where=where or {}, after=after))
        yield from ((item.key, item.facts) for item in page.items)
        after, more = page.after, page.after is not None


@dataclass(frozen=True, kw_only=True)
class Eraser:
    """Carries out what was confirmed, when its time has come."""

    store: Store
    contracts: Contracts
    keys: KeyStore
    index: SearchIndex
    commander: Commander
    reading: Reading
    clock: Callable[[], datetime]

    def run(self, stop: Signal) -> None:
        """Look for what is due every two seconds until told to stop; an outage is waited for."""
        while not stop.is_set():
            try:
                self.run_due()
            except Unavailable as outage:
                stop.wait(outage.retry_after or LOOK_SECONDS)
            stop.wait(LOOK_SECONDS)

    def run_due(self) -> list[Certificate]:
        """Carry out everything that is due now."""
        now, done = self.clock(), []
        for key, state in self._asked():
            for request_id, classes in state.due(now).items():
                request = state.asked(request_id, "ErasureRequested")
                if request is not None and (certificate := self.carry_out(request_id, request.parties or (key,), classes)) is not None:
                    done.append(certificate)
        return done

    def late_seconds(self) -> float:
        """For how long the first erasure has been due that was not carried out and that no hold stops; 0 where there is none."""
        now = self.clock()
        return max((seconds for _, state in self._asked() for seconds in _late(state, now)), default=0.0)

    def held(self) -> list[tuple[str, frozenset[str]]]:
        """Who has records under a hold, and which classes of them."""
        known = ((key, self.commander.known(PRIVACY, key).state) for key, _ in self._asked())
        return [(key, state.held()) for key, state in known if state.held()]

    def expansion(self, parties: Sequence[str]) -> list[Part]:
        """What would go, party by party: to be shown before anybody confirms."""
        found = [self._part(party) for party in parties]
        return [part for part in found if part is not None]

    def carry_out(self, request_id: str, parties: Sequence[str], classes: Sequence[str]) -> Certificate | None:
        """Erase these classes of these parties, but what a hold keeps; None where nothing was left to do."""
        left = [party for party in parties if not self._held(party, classes) and not self._recorded(party, request_id)]
        parts = self.expansion(left)
        if not parts:
            return None
        at = self.clock()
        if RECORD_CLASS in classes:  # who only has cases erased is still known
            with self.store.write() as tx:
                Register(store=self.store).note(tx, [Gone(p.party_id, p.controller, p.generation, at, request_id, None) for p in parts])
        destroyed = {part.party_id: self.keys.tombstone(part.scopes(classes)) for part in parts}
        words, rows = self._delete(parts, classes)
        self.store.scrub()
        certificate = Certificate(
            request_id=request_id, at=at.isoformat(), party_ids=tuple(part.party_id for part in parts), record_classes=tuple(classes),
            keys_destroyed=sum(destroyed.values()), search_words_deleted=words, rows_deleted=rows,
            partner_copies=tuple(topic.name for topic in self.contracts.topics.values() if topic.name.startswith("tell-us-once-")),
        )  # fmt: skip
        for part in parts:
            self._record(part, certificate, destroyed[part.party_id], at)
        return certificate

    def _asked(self) -> list[tuple[str, Any]]:
        """Everybody of whom something was asked, the newest first."""
        with self.reading.snapshot() as snapshot:
            return list(_every(snapshot, PRIVACY.state, "newest_at"))

    def _held(self, party: str, classes: Sequence[str]) -> bool:
        return bool({*classes, "*"} & self.commander.known(PRIVACY, party).state.held())

    def _recorded(self, party: str, request_id: str) -> bool:
        return self.commander.known(PRIVACY, party).state.asked(request_id, "PartyErased") is not None

    def _part(self, party: str) -> Part | None:
        """What goes of this party; of one whose rows went already, by what was noted of it before they did."""
        with self.store.read() as tx:
            stands = standing(party, events_of(tx, party, self.contracts.decoder()))
        known = stands.said[-1] if stands.said else Register(store=self.store).gone(party)
        if known is None:
            return None
        records = {name: self._records(name, party, stands) for name in _OWN}
        return Part(party_id=party, controller=known.controller, generation=known.generation, records=records)

    def _records(self, name: str, party: str, stands: Standing) -> tuple[str, ...]:
        """The cases or contacts that are this party's; those of another subject keep what is written in them."""
        projection, newest, field = _OWN[name]
        parts = {getattr(part, field) for part in stands.parts if part.role is ParticipantRole.SUBJECT} - {None}
        with self.reading.snapshot() as snapshot:
            named = {key for key, _ in _every(snapshot, projection, newest, {"subject": party})}
            shared = {key for key in parts if getattr(snapshot.facts(projection, key), "subject", None) not in {None, party}}
        return tuple(sorted(named | (parts - shared)))

    def _delete(self, parts: Sequence[Part], classes: Sequence[str]) -> tuple[int, int]:
        if RECORD_CLASS not in classes:
            return 0, 0
        with self.store.write() as tx:
            words = sum(self.index.forget(tx, part.party_id) for part in parts)
            rows = sum(tx.run("DELETE FROM party_event WHERE party = ? AND topic = 'parties'", (part.party_id,)) for part in parts)
        return words, rows

    def _record(self, part: Part, certificate: Certificate, destroyed: int, at: datetime) -> None:
        command = RecordErased(
            party_id=part.party_id, at=at, request_id=certificate.request_id, generation=part.generation,
            record_classes=certificate.record_classes, keys_destroyed=destroyed, certificate_digest=certificate.digest,
        )  # fmt: skip
        named = sha256(f"erased {certificate.request_id} {part.party_id}".encode()).hexdigest()
        request = Request(key=part.party_id, command=command, idempotency_key=named, said=named.encode())
        answer = self.commander.carry_out(PRIVACY, request)
        if not isinstance(answer, Accepted):
            raise Unavailable("the erasure could not be recorded yet")


def _late(state: Any, now: datetime) -> Iterator[float]:
    for request_id, classes in state.due(now).items():
        if not {*classes, "*"} & state.held():
            decided = state.decisions(request_id)
            yield from ((now - decided[name].execute_after).total_seconds() for name in classes)
