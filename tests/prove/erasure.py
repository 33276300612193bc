"""Who is erased cannot be read again: not in the log, not in the store's files, not in the index, with no key that is left.

Sixty people (in full two hundred), each with twelve values that are nobody else's, said by two sources, in a case, in a contact and in a
record that could not be taken in; five of them are erased. Before, every value is found through the keys, and every writing of a value by
the scan: so either search would find it. Afterwards a scan of every file for every writing of their values, and an opening of everything
sealed with every key that lives, find none of theirs and all of the others'. Sources that go on saying it, a log read again from its
beginning, a view rebuilt, a rematch released, a new owner of identity and a store brought back from a backup of the day before bring
nothing back. On SQLite, and on PostgreSQL, whose own files are scanned too: in short there with fewer people, and without beginning anew.
"""

import json
import os
import shutil
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from confluent_kafka import Consumer, TopicPartition

from connectors import Configured
from hub import logs
from hub.cli import seeing
from hub.cli.composition import House, closing, open_house
from hub.cli.instance import begin_views, make, prepare
from hub.cli.roles import Running, begin_roles
from hub.commands import PRIVACY
from hub.commands.privacy import ConfirmErasure, DecideErasure, RequestErasure
from hub.contracts.people_words import ErasureOutcome
from hub.engine.bundle import Bundle
from hub.engine.commanding import Accepted, Request
from hub.engine.outbox import unpack
from hub.engine.watch import Watch, consumer_config
from hub.kafka import broker
from hub.model.connector import Page, Said, Source
from hub.model.errors import Rejected, Unavailable
from hub.model.event import Event
from hub.people.gathering import plain_values
from hub.people.registering import Register
from hub.privacy.sealing import unseal_all
from hub.privacy.search_index import SearchIndex
from hub.privacy.search_words import words_of
from hub.settings import IdentitySettings, KafkaSettings, Role, Settings, WorkerSettings
from tests.canaries import forms
from tests.prove.brought_back import brought_back, copied, rebuilt, rematched
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.planted import SOURCES, Person, events_of, people
from tests.prove.proving import Case, Proven
from tests.prove.world import NotQuiet, as_url
from tests.services.postgresql import postgresql

CLASSES = ("parties", "cases", "contacts")
WITHIN = 60.0
"""Seconds after the erasure was due within which nothing may be readable."""
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


# --- The hub under proof


class Unreadable(NamedTuple):
    """A record that cannot be taken in, of somebody who is known."""

    party: str
    original: bytes


@dataclass(slots=True)
class Feed:
    """What a source has to say, held in memory alone: a file of it would be the source's own copy."""

    name: str
    said: list[tuple[str, Event, str] | Unreadable] = field(default_factory=list)

    async def poll(self, cursor: str | None) -> Page:
        """Everything that was not yet said."""
        at = int(cursor or 0)
        return Page(records=tuple(self.said[at:]), cursor=str(len(self.said)), more=False)

    def configured(self) -> Configured:
        """The source as the hub runs it."""
        source = Source(
            name=self.name, system=self.name, controller="tameside", poll=self.poll, translate=_translate, party=_whose,
            origin=lambda record: _whose(record) or "record",
        )  # fmt: skip
        return Configured(source=source, every_seconds=0.1, most_per_second=None)


def _whose(record: Any) -> str | None:
    return record.party if isinstance(record, Unreadable) else None


def _translate(record: Any) -> Iterator[Said]:
    if isinstance(record, Unreadable):
        raise Rejected("unreadable")
    local_id, event, version = record
    yield Said(local_id=local_id, event=event, version=version)


@dataclass(slots=True, kw_only=True)
class Ground:
    """One hub with everything it wrote."""

    folder: Path
    house: House
    feeds: Mapping[str, Feed]
    running: Running
    found: list[Finding] = field(default_factory=list)
    open: str = ""
    database: Path | None = None
    """Where PostgreSQL keeps its files."""

    def again(self, views: Bundle | None = None) -> None:
        """End the hub as an operator does, and begin it anew, with these views if any are given."""
        self.end()
        self.house = House(
            settings=self.house.settings, contracts=self.house.contracts, views=views or self.house.views, sources=self.house.sources
        )
        if views is not None:
            begin_views(self.house)
        self.running = begin_roles(self.house, ROLES)

    def end(self) -> None:
        """End it."""
        self.running.end()
        with closing(self.house):
            pass

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 240.0) -> None:
        """Wait until it is so; raises NotQuiet."""
        end, pause = time.monotonic() + seconds, threading.Event()
        while not condition():
            if time.monotonic() > end or self.running.failed:
                raise NotQuiet(f"{what}: {self.running.failed or self.open or 'not in time'}")
            pause.wait(0.1)

    def say(self, some: Iterable[Person], version: str, at: datetime) -> None:
        """The sources say this of these people."""
        for source, feed in self.feeds.items():
            feed.said += [
                (f"{person.n}/{name}", event, version) for person in some for name, event in events_of(person, source, at)
            ]  # fmt: skip

    def spoil(self, some: Iterable[Person]) -> None:
        """Each source has a record of each of these people that cannot be taken in."""
        for source, feed in self.feeds.items():
            feed.said += [Unreadable(person.party(source), "\n".join(person.values.values()).encode()) for person in some]

    def settled(self) -> bool:
        """Everything said is in the log, and everybody has read it all."""
        self.open = self._open()
        return not self.open

    def _open(self) -> str:
        """What is still on its way, in words."""
        with self.house.store.read() as tx:
            cursors: dict[str, str] = dict(tx.rows("SELECT connector, cursor FROM cursor"))
            unsent = tx.rows("SELECT COUNT(*) FROM outbox WHERE sent IS NULL AND stream <> 'meta'")[0][0]
            readers = tx.rows("SELECT reader, topic, partition, next FROM inbox WHERE NOT retired")
            readers += tx.rows("SELECT name, topic, partition, next FROM follower")
            stopped = tx.rows("SELECT bundle, reason FROM owner WHERE status <> 'running'")
        unread = [name for name, feed in self.feeds.items() if int(cursors.get(name) or 0) < len(feed.said)]
        if unread or unsent or not any(reader == "people" for reader, *_ in readers):
            states = {charge.name: (charge.state, charge.cause) for charge in self.running.charges}
            return f"unread {unread}, unsent {unsent}, connectors {states}"
        ends = self.ends([(topic, partition) for _, topic, partition, _ in readers])
        if stopped:
            return f"stopped: {stopped}"
        behind = [(name, topic, at, ends[topic, place]) for name, topic, place, at in readers if at < ends[topic, place]]
        return ", ".join(f"{name} of {topic} at {at} of {end}" for name, topic, at, end in behind)

    def ends(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """Where these logs end; a partition made a moment ago has no leader yet, and is asked again for a minute."""
        watch, asked, again_until = Watch(kafka=self.house.kafka, group="proof"), dict.fromkeys(places), time.monotonic() + 60
        try:
            while True:
                try:
                    return watch.ends(asked)
                except Unavailable:
                    if time.monotonic() > again_until:
                        raise
                    threading.Event().wait(0.2)
        finally:
            watch.close()

    # --- what can be read

    def records(self) -> list[bytes]:
        """Every record of every log, decompressed, and every record in the outbox."""
        places = [(topic.name, partition) for topic in self.house.contracts.topics.values() for partition in range(topic.partitions)]
        return [*_dump(self.house.kafka, self.ends(places)), *self._outbox()]

    def _outbox(self) -> list[bytes]:
        with self.house.store.read() as tx:
            return [record.value for (blob,) in tx.rows("SELECT records FROM outbox") for record in unpack(bytes(blob))]

    def readable(self) -> set[str]:
        """Every personal value that any live key opens, wherever it lies."""
        decode, events = self.house.contracts.decoder(), []
        for value in self.records():
            try:
                events.append(decode(value))
            except Rejected:
                continue
        opened = unseal_all([event for event in events if event is not None], self.house.contracts, self.house.keys)
        return {text for event in opened for text in plain_values(event).values()} | set(self.refused())

    def refused(self) -> list[str]:
        """What can be read of the records that could not be taken in."""
        with self.house.store.read() as tx:
            rows = tx.rows("SELECT connector, origin, original FROM quarantine")
        texts = []
        for connector, origin, box in rows:
            with suppress(Rejected):
                texts.append(self.house.originals.open(bytes(box), f"{connector}/{origin}").decode())
        return texts

    def files(self) -> Iterator[tuple[Path, bytes]]:
        """Every file there is: broker, store and its log, keys, what was printed."""
        for folder in (self.folder, self.database):
            for path in sorted(folder.rglob("*")) if folder is not None else ():
                with suppress(FileNotFoundError):  # the server drops files while this looks
                    if path.is_file() and not path.is_symlink():
                        yield path, _held(path)


def _held(path: Path) -> bytes:
    """The parts of a file that are there: index files of the broker are mostly holes."""
    parts = []
    with path.open("rb") as file:
        size, at = path.stat().st_size, 0
        while at < size:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:
                break
            end = os.lseek(file.fileno(), at, os.SEEK_HOLE)
            file.seek(at)
            parts.append(file.read(end - at).rstrip(b"\0"))
            at = end
    return b"".join(parts)


def _dump(kafka: Mapping[str, Any], ends: Mapping[tuple[str, int], int]) -> list[bytes]:
    waiting, values = {place: end for place, end in ends.items() if end}, list[bytes]()
    consumer = Consumer(consumer_config(kafka, "proof-dump"))
    try:
        consumer.assign([TopicPartition(*place, 0) for place in waiting])
        patience = time.monotonic() + 30
        while waiting:
            if time.monotonic() > patience:
                raise NotQuiet("the logs could not be read to their ends")
            for message in consumer.consume(5000, 0.2):
                place = (str(message.topic()), int(message.partition() or 0))
                values += [message.value() or b"", message.key() or b""]
                if int(message.offset() or 0) + 1 >= waiting.get(place, 0):
                    waiting.pop(place, None)
    finally:
        consumer.close()
    return values


ROLES: tuple[Role, ...] = ("connect", "relay", "worker")


@contextmanager
def ground(dsn: str = "", database: Path | None = None) -> Iterator[Ground]:
    """A new hub at work in this process, with a broker of its own; all of it gone at the end."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="hub-prove-"))
        if not os.environ.get("HUB_PROVE_KEEP"):
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(_printed(folder / "hub.log"))
        kafka = broker.start(folder / "kafka")
        stack.callback(broker.stop, folder / "kafka")
        feeds = {name: Feed(name) for name in SOURCES}
        settings = Settings(
            folder=folder / "hub", store=dsn, controller="tameside", heartbeat_seconds=1.0, kafka=KafkaSettings(bootstrap=kafka.bootstrap),
            worker=WorkerSettings(feeder="bulk"), identity=IdentitySettings(accept_reserved=True), demonstration=True,
        )  # fmt: skip
        bare = open_house(settings)
        with closing(bare):
            make(bare)
            prepare(bare)
        opened = open_house(settings)
        sources = tuple(feed.configured() for feed in feeds.values())
        house = House(settings=settings, contracts=opened.contracts, views=opened.views, sources=sources)
        made = Ground(folder=folder, house=house, feeds=feeds, running=begin_roles(house, ROLES), database=database)
        stack.callback(made.end)
        yield made


@contextmanager
def _printed(path: Path) -> Iterator[None]:
    """Everything the hub prints and logs goes into a file that is scanned too."""
    logs.configure()
    sys.stderr.flush()
    kept = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)


# --- The proof


def prove(case: Case) -> Proven:
    """See above."""
    on_sqlite, whole = _proven(case.seed, case.pick(60, 200)), case.size == "full"
    with postgresql() as server, server.database() as dsn, psycopg.connect(dsn) as asking:
        ((files,),) = asking.execute("SHOW data_directory").fetchall()
        return on_sqlite.and_(_proven(case.seed, case.pick(12, 200), as_url(dsn), Path(files), whole=whole))


def _proven(seed: int, many: int, dsn: str = "", database: Path | None = None, *, whole: bool = True) -> Proven:
    """One hub; with `whole` it is begun anew too, its people matched anew and a view rebuilt, and its backup brought back."""
    everybody = people(seed, many)
    gone, others = everybody[:5], everybody[5:]
    with ground(dsn, database) as hub:
        try:
            hub.say(everybody, "1", NOW)
            hub.spoil(everybody)
            hub.until(hub.settled, "what was said to be gathered", 480)
            _all_found(hub, everybody)
            if whole:
                hub.again()  # identity keeps its state when it ends, and begins with what it kept
                hub.until(hub.settled, "the hub to go on", 120)
            before, copy = _bystanders(hub, others), copied(hub)
            _erase(hub, gone)
            _come_late(hub, gone)
            _read_again(hub)
            _none_found(hub, gone, "after all was read again")
            if whole:
                hub.found += [*rematched(hub), *rebuilt(hub), *brought_back(hub, copy, gone)]
                _none_found(hub, gone, "after a rematch, a rebuild and a restore")
            if _bystanders(hub, others) != before:
                hub.found.append(Finding("inconsistent", "what is held of others changed"))
            _present(hub, others, "afterwards")
        except NotQuiet as still:
            hub.found.append(Finding("unaccounted", str(still)))
        counts = dict.fromkeys(COLUMNS, 0) | {"sourced": len(everybody), "lost": len(hub.found)}
        return Proven(verdict=Verdict(counts=counts, findings=list(hub.found)), kills=0)


def _all_found(hub: Ground, everybody: Sequence[Person]) -> None:
    """The control: with the keys, the search finds every value of everybody, and everybody is in the index."""
    _present(hub, everybody, "before")
    without = [person.n for person in everybody if not _words(hub, person)]
    if without:
        hub.found.append(Finding("lost", f"{len(without)} people cannot be found by search"))
    if without_value := [person.n for person in everybody if not any(person.values["NINO"] in text for text in hub.refused())]:
        hub.found.append(Finding("lost", f"{len(without_value)} records that could not be taken in cannot be opened"))
    some = everybody if hub.database is None else everybody[:5]
    _scan(hub, some, "before any erasure")
    _each_writing_is_found(hub, everybody[0])


def _each_writing_is_found(hub: Ground, person: Person) -> None:
    """The control: a file that has each writing of a value is found to have each."""
    value, path = person.values["address"], hub.folder / "control.txt"
    low = value.encode()
    quoted, url = json.dumps(value)[1:-1].encode(), value.replace(" ", "%20").encode()
    ways = [value.upper().encode(), value.encode("utf-16-le"), value.encode("utf-16-be"), b64encode(low), low.hex().encode(), quoted, url]
    for way in ways:
        path.write_bytes(b"before " + way + b" after")
        if not any(form in path.read_bytes().lower() for form in forms(value)):
            hub.found.append(Finding("unaccounted", "the scan does not find a writing of a value"))
    path.unlink()


def _present(hub: Ground, some: Sequence[Person], when: str) -> None:
    text = "\n".join(hub.readable())
    missing = [f"{what} of person {person.n}" for person in some for what, value in person.values.items() if value not in text]
    hub.found += [Finding("lost", f"{each} cannot be read {when}") for each in missing]


def _none_found(hub: Ground, gone: Sequence[Person], when: str) -> None:
    text = "\n".join(hub.readable())
    left = [f"{what} of person {person.n}" for person in gone for what, value in person.values.items() if value in text]
    hub.found += [Finding("phantom", f"{each} can be read {when}") for each in left]
    hub.found += [Finding("phantom", f"person {person.n} can be searched for {when}") for person in gone if _words(hub, person)]
    _scan(hub, gone, when)
    _scan_tokens(hub, gone, when)


def _scan(hub: Ground, some: Sequence[Person], when: str) -> None:
    """No file has any writing of any of these values."""
    planted = {form: f"{what} of person {person.n}" for person in some for what, value in person.values.items() for form in forms(value)}
    for path, held in hub.files():
        low = held.lower()
        hub.found += [Finding("phantom", f"{what} in {path.name} {when}") for form, what in planted.items() if form in low]


def _scan_tokens(hub: Ground, gone: Sequence[Person], when: str) -> None:
    """No file of the store has a word's digest that only they were found by."""
    index, tokens = SearchIndex(hub.house.instance.id_secret), dict[bytes, int]()
    for person in gone:
        only = words_of({"nino": person.values["NINO"], "emails": person.values["e-mail"]})
        tokens |= {index.token(word): person.n for word in only}
    for path, held in hub.files():
        if (path.parent.name == "hub" and path.name.startswith("hub.sqlite")) or "base" in path.parts:
            left = [n for token, n in tokens.items() if token in held]
            hub.found += [Finding("phantom", f"a search word of person {n} in {path.name} {when}") for n in left]


def _words(hub: Ground, person: Person) -> int:
    with hub.house.store.read() as tx:
        return sum(tx.rows("SELECT COUNT(*) FROM search_term WHERE party = ?", (person.party(source),))[0][0] for source in SOURCES)


_KEPT = (
    "SELECT controller, kind, token FROM search_term WHERE party = ? ORDER BY kind, token",
    "SELECT topic, event FROM party_event WHERE party = ? ORDER BY topic, position",
)


def _bystanders(hub: Ground, others: Sequence[Person]) -> str:
    """A digest of all that is kept to search for others and to show them."""
    digest = sha256()
    with hub.house.store.read() as tx:
        for party in (person.party(source) for person in others for source in SOURCES):
            digest.update(repr([tx.rows(sql, (party,)) for sql in _KEPT]).encode())
    return digest.hexdigest()


def _erase(hub: Ground, gone: Sequence[Person]) -> None:
    """Each asks, one officer decides, another confirms; within a minute nothing of theirs is readable."""
    commander = seeing.commander(hub.house)
    for person in gone:
        for n, command in enumerate(_asked(person, datetime.now(UTC))):
            named = f"proof-{person.n:03}-{n:03}"
            request = Request(key=command.party_id, command=command, idempotency_key=named, said=b"")
            if not isinstance(commander.carry_out(PRIVACY, request), Accepted):
                hub.found.append(Finding("unaccounted", f"the erasure of person {person.n} was not accepted"))
    began = time.monotonic()
    hub.until(lambda: all(not _words(hub, person) for person in gone) and _certified(hub, gone), "the erasures to be carried out", WITHIN)
    _none_found(hub, gone, f"{time.monotonic() - began:.0f} s after the erasure")


def _asked(person: Person, at: datetime) -> list[Any]:
    """What is asked, decided and confirmed, in order."""
    parties, request = tuple(person.party(source) for source in SOURCES), f"request-{person.n}"
    about: dict[str, Any] = {"party_id": parties[0], "at": at, "request_id": request}
    decided: dict[str, Any] = {"outcome": ErasureOutcome.ERASED, "decided_by": "officer-1"}
    return [
        RequestErasure(**about, record_classes=CLASSES, verified_party_ids=parties),
        *(DecideErasure(**about, record_class=name, **decided) for name in CLASSES),
        ConfirmErasure(**about, confirmed_by="officer-2", delay=timedelta(0)),
    ]


def _certified(hub: Ground, gone: Sequence[Person]) -> bool:
    commander = seeing.commander(hub.house)
    states = {person.party(source): commander.known(PRIVACY, person.party(source)).state for person in gone for source in SOURCES}
    return all(any(step.what == "PartyErased" for step in state.steps) for state in states.values())


def _come_late(hub: Ground, gone: Sequence[Person]) -> None:
    """The sources go on saying it: dropped and counted, and said of each source once."""
    keys = set(hub.house.keys.live_scopes())
    hub.say(gone, "2", NOW + timedelta(days=1))
    expected = len(gone) * len(SOURCES)
    hub.until(lambda: Register(store=hub.house.store).counted() >= expected and hub.settled(), "late events to be counted")
    made = [scope for scope in set(hub.house.keys.live_scopes()) - keys if scope.owner in {p.party(s) for p in gone for s in SOURCES}]
    if made:
        hub.found.append(Finding("phantom", f"{len(made)} keys were made for erased people"))
    _none_found(hub, gone, "after late events")


def _read_again(hub: Ground) -> None:
    """The follower loses its position and reads everything again."""
    with hub.house.store.write() as tx:
        tx.run("DELETE FROM follower")
    again = seeing.follower(hub.house)
    again.positions()
    hub.until(hub.settled, "the log to be read again", 480)
