"""A courier carries what one source says into the outbox: records, memory and cursor in one transaction; none gets ahead of the others.

    poll ─▶ translate ─▶ stamp ─▶ seal ─▶ [cursor + memory + quarantine + outbox] ─▶ poll …

A record that cannot be translated goes to quarantine, sealed, with its origin and a code; the page goes on. An outage offers the same
cursor again.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import orjson

from hub.connect.presence import gone, note
from hub.connect.written_topics import note_topics
from hub.engine.effects import plain_json
from hub.engine.failpoints import Failpoints
from hub.engine.hearing import anything_heard, next_version
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.rows import time_in
from hub.engine.store import Store, Transaction
from hub.model.connector import Page, Said, Source
from hub.model.errors import Rejected
from hub.model.event import Event
from hub.model.values import replace
from hub.privacy.ids import IdMaker, derived_id
from hub.privacy.keyed import Keyed
from hub.privacy.scope import KeyScope, record_scope

Encode = Callable[[Sequence[Event]], list[Outgoing]]
Seal = Callable[[bytes, str, KeyScope | None], bytes]
Numbering = Callable[[str, int], int]


class Bad(NamedTuple):
    """A record that did not become events."""

    origin: str
    code: str
    fields: str
    original: bytes
    party: str | None = None


class Memory(NamedTuple):
    """The last version of one fact that an unversioned source said, and the digest of what it said."""

    n: int
    digest: bytes


class LeaseLost(Exception):
    """The connector's lease is somebody else's."""


@dataclass(slots=True, kw_only=True)
class Courier:
    """Carries one source."""

    source: Source
    store: Store
    ids: IdMaker
    digest_key: bytes
    encode: Encode
    """Seals and encodes stamped events; drops those of erased people."""
    seal_original: Seal
    holder: str
    failpoints: Failpoints
    alone: bool = False
    """It has the store to itself; otherwise it carries only while `holder` has the connector's lease."""
    events: int = 0
    records: int = 0
    rejected: int = 0
    _digests: Keyed = field(init=False)

    def __post_init__(self) -> None:
        """The key is made ready once."""
        self._digests = Keyed(self.digest_key)

    def cursor(self) -> str | None:
        """Where the source stands, by the store."""
        with self.store.read() as tx:
            rows = tx.rows("SELECT cursor FROM cursor WHERE connector = ?", (self.source.name,))
        return rows[0][0] if rows else None

    async def round(self) -> bool:
        """One page from poll to outbox; true if more is waiting. Raises Unavailable, LeaseLost."""
        since = self.cursor()
        page = await self.source.poll(since)
        if page.records or page.rejected or page.cursor != since:
            self.carry(page, since)
        return page.more

    def carry(self, page: Page, since: str | None) -> None:
        """One page into the store, if the cursor still stands where the page was asked from; raises LeaseLost otherwise."""
        said, bad = self._translate(page)
        held = {one.local_id for one in said if one.lasting}
        with self.store.read() as tx:
            now, missing = tx.now(), gone(tx, self.source, page, held, all_read=not bad)
            said += [one for local_id in missing if self.source.absent for one in self.source.absent(local_id, now)]
            memory = self._remembered(tx, [s.local_id for s in said if s.version is None])
            events, learned = self._stamp(said, memory, now, self._numbering(tx))
        records = self.encode(events)
        boxes = [self.seal_original(b.original, f"{self.source.name}/{b.origin}", self._scope(b, now)) for b in bad]
        with self.store.write() as tx:
            self._still_holds(tx)
            self._keep_cursor(tx, since, page.cursor)
            self._learn(tx, learned)
            note(tx, self.source, page, held, missing)
            self._enqueue(tx, records, now)
            self._release(tx, page, bad)
            self._quarantine(tx, bad, boxes, now)
            self.failpoints.reach("source_uncommitted")
        self.store.outbox_filled.set()
        self.failpoints.reach("source_committed")
        self.events += len(records)
        self.records += len(page.records) + len(page.rejected)
        self.rejected += len(bad)

    def _translate(self, page: Page) -> tuple[list[Said], list[Bad]]:
        said: list[Said] = []
        bad = [Bad(b.origin, b.code, "", b.original) for b in page.rejected]
        for record in page.records:
            try:
                said.extend(self.source.translate(record))
            except Rejected as rejection:
                original = getattr(record, "original", None) or orjson.dumps(record, default=str, option=orjson.OPT_NON_STR_KEYS)
                party = self.source.party(record) if self.source.party else None
                bad.append(Bad(self.source.origin(record), rejection.code, ",".join(rejection.fields), original, party))
        return said, bad

    def _scope(self, bad: Bad, now: datetime) -> KeyScope | None:
        """The key of whoever the record is about, which dies with their erasure and after 30 days; none where nobody knows."""
        return record_scope(self.source.controller, bad.party, now) if bad.party else None

    def _numbering(self, tx: Transaction) -> Numbering:
        """The version after n; a store brought back from a backup passes over those that the log has of what the lost one said."""
        if not anything_heard(tx):
            return lambda _, n: n + 1
        return lambda local_id, n: next_version(tx, lambda version: self.ids.of(self.source.system, local_id, version), n + 1)

    def _stamp(
        self, said: Sequence[Said], memory: dict[str, Memory], now: datetime, after: Numbering
    ) -> tuple[list[Event], dict[str, Memory]]:
        """The events among what was said (a fact whose content has not changed since it was last said is none), and what to remember."""
        events, learned, stories = [], {}, dict[str, str]()
        for one in said:
            version = one.version
            if version is None:
                digest, known = self._digest(one.event), memory.get(one.local_id)
                if known is not None and hmac.compare_digest(known.digest, digest):
                    continue
                n = after(one.local_id, known.n if known is not None else 0)
                memory[one.local_id] = learned[one.local_id] = Memory(n, digest)
                version = str(n)
            events.append(self._stamped(one, version, now, stories))
        return events, learned

    def _learn(self, tx: Transaction, learned: Mapping[str, Memory]) -> None:
        tx.run_many(
            "INSERT INTO said (connector, local_id, n, digest) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (connector, local_id) DO UPDATE SET n = excluded.n, digest = excluded.digest",
            [(self.source.name, local_id, m.n, m.digest) for local_id, m in learned.items()],
        )

    def _stamped(self, one: Said, version: str, now: datetime, stories: dict[str, str]) -> Event:
        source, story = self.source, one.local_id.split("/", 1)[0]
        if story not in stories:
            stories[story] = derived_id("story", source.system, story)
        return replace(
            one.event,
            event_id=self.ids.of(source.system, one.local_id, version),
            recorded_at=now,
            source=source.system,
            controller=one.event.controller or source.controller,
            correlation_id=one.event.correlation_id or stories[story],
        )

    def _digest(self, event: Event) -> bytes:
        """What an event says; keyed, because an unkeyed digest of a personal value could be guessed."""
        said = type(event).__name__.encode() + orjson.dumps(event, default=plain_json)
        digest: bytes = self._digests.of(said).digest()[:16]
        return digest

    def _remembered(self, tx: Transaction, local_ids: Sequence[str]) -> dict[str, Memory]:
        if not local_ids:
            return {}
        head = "SELECT local_id, n, digest FROM said WHERE connector = ? AND local_id "
        if self.store.dialect == "postgresql":
            rows = tx.rows(head + "= ANY(?)", (self.source.name, list(local_ids)))
        else:
            rows = tx.rows(head + "IN (SELECT value FROM json_each(?))", (self.source.name, orjson.dumps(list(local_ids)).decode()))
        return {local_id: Memory(n, bytes(digest)) for local_id, n, digest in rows}

    def _enqueue(self, tx: Transaction, records: Sequence[Outgoing], now: datetime) -> None:
        stream = f"connector/{self.source.name}"
        enqueue(tx, stream, last_seq(tx, stream) + 1, records, now, self.store.dialect)
        note_topics(tx, self.source.name, {record.topic for record in records})

    def _release(self, tx: Transaction, page: Page, bad: Sequence[Bad]) -> None:
        """What was refused where it stands, and could be taken in now, leaves quarantine."""
        name, still = self.source.name, {b.origin for b in bad}
        if tx.rows("SELECT 1 FROM quarantine WHERE connector = ? LIMIT 1", (name,)):
            origins = {self.source.origin(record) for record in page.records} - still
            tx.run_many("DELETE FROM quarantine WHERE connector = ? AND origin = ?", [(name, origin) for origin in sorted(origins)])

    def _quarantine(self, tx: Transaction, bad: Sequence[Bad], boxes: Sequence[bytes], now: datetime) -> None:
        at = time_in(self.store.dialect)(now)
        tx.run_many(
            "INSERT INTO quarantine (connector, origin, code, fields, original, recorded_at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (connector, origin) DO UPDATE SET code = excluded.code, fields = excluded.fields, original = excluded.original",
            [(self.source.name, b.origin, b.code, b.fields, box, at) for b, box in zip(bad, boxes, strict=True)],
        )

    def _still_holds(self, tx: Transaction) -> None:
        """Nobody has taken over, and nobody can before this transaction ends: the lease's row is locked."""
        lease = f"connector/{self.source.name}"
        if not self.alone and tx.run("UPDATE lease SET holder = ? WHERE name = ? AND holder = ?", (self.holder, lease, self.holder)) != 1:
            raise LeaseLost(self.source.name)

    def _keep_cursor(self, tx: Transaction, since: str | None, cursor: str | None) -> None:
        """Move the cursor from where the page was asked to where it ends: two couriers cannot both."""
        name, at = self.source.name, time_in(self.store.dialect)(tx.now())
        if since is None:
            moved = tx.run(
                "INSERT INTO cursor (connector, cursor, updated_at) VALUES (?, ?, ?) ON CONFLICT (connector)"
                " DO UPDATE SET cursor = excluded.cursor, updated_at = excluded.updated_at WHERE cursor.cursor IS NULL",
                (name, cursor, at),
            )
        else:
            moved = tx.run("UPDATE cursor SET cursor = ?, updated_at = ? WHERE connector = ? AND cursor = ?", (cursor, at, name, since))
        if moved != 1:
            raise LeaseLost(name)
