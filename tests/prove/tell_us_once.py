"""A hundred and fifty life events (in full two thousand) reach exactly those entitled, in order, under their own references, whatever dies.

Deaths, moves, births and lost jobs are said shuffled and twice, corrected, cancelled and put back; links are found late, undone and found
again; fathers and sons, twins and namesakes are linked and not proved; an agreement ends, processing is restricted; recipients are shut
for days. The process that decides, carries and answers is killed again and again. What lies in the recipients' letterboxes is held against
a reckoning that shares no code with the hub (tests/prove/told_reference.py). The control: a letterbox from which one message was taken,
and one with a message too many, must be noticed.
"""

import json
import os
import signal
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

from hub.cli.composition import House, closing
from hub.cli.telling import courier
from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason, Informant
from hub.contracts.life_events import AddressChanged, BirthRegistered, DeathRegistered, DeathRegistrationUpdated, EmploymentEnded
from hub.contracts.notification_words import NoticeTransport
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.contracts.privacy import RestrictionSet
from hub.contracts.records import PartySetChanged
from hub.engine import catalogue
from hub.engine.bundle import Bundle
from hub.engine.following import Follower
from hub.engine.migrations import upgrade
from hub.engine.outbox import enqueue, last_seq, unpack, unpack_offsets
from hub.level_policies import known
from hub.model.errors import Unavailable
from hub.model.event import Event
from hub.model.personal import Plain
from hub.people.gathering import Gathering
from hub.privacy.agreements import load_agreements
from hub.privacy.instance import make_instance
from hub.privacy.partnership import load_partnership
from hub.privacy.search_index import SearchIndex
from hub.settings import Settings
from hub.sharing.agreement import NoticeAgreement, Status
from hub.shipped import shipped
from hub.telling.notice import Notice
from hub.telling.transport import Delivered
from projections import by_agreements, known_records
from projections.ledger_routes import LIFE_EVENTS, LINES
from tests.engine_harness import Engine, Record, contracts
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven
from tests.prove.told_reference import Moment, Right, agreements, right

BEGIN, DAYS = datetime(2026, 11, 2, 9, tzinfo=UTC), 24
ENDS = {"electoral-register": date(2026, 11, 14)}
SHUT: Mapping[str, range] = {"council-tax": range(3, 5), "housing": range(6, 13), "registered-housing-provider": range(2, 20, 3)}
"""Days on which a recipient takes nothing: for a while, for a week, now and again."""
SYSTEMS = ("council-tax", "housing", "benefits", "parking", "library")
CHOICES = ("library", "registered-housing-provider", "citizens-advice", "waste", "general-practice", "school-meals")
GIVE_UP = 240.0
STREAM = "connector/proof"


@dataclass(slots=True, kw_only=True)
class Life:
    """One life event: what is said on which day, and how things stand at the end of each day on which something was."""

    number: int
    kind: str
    said: list[tuple[int, Event]] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    @property
    def life_event_id(self) -> str:
        """Its id."""
        return f"life-{self.number:05d}"

    @property
    def subject(self) -> str:
        """The party under which it is told."""
        return f"gro-{self.number}" if self.kind == "bereavement" else f"desk-{self.number}"


@dataclass(slots=True)
class Box:
    """A recipient's letterbox: a file to which every message is added for good."""

    path: Path
    kind: NoticeTransport = NoticeTransport.TOPIC
    at_once: int = 50
    shut: bool = False

    def deliver(self, notices: Sequence[Notice]) -> Iterator[Delivered]:
        """As a transport does."""
        for each in notices:
            if self.shut:
                raise Unavailable("the letterbox")
            kept = {name: each.values[name] for name in ("message_id", "life_event_id", "number", "instruction", "reference")}
            with self.path.open("ab") as file:
                file.write(json.dumps(kept).encode() + b"\n")
            yield Delivered(evidence=self.path.name)

    def close(self) -> None:
        """Nothing to let go of."""


@cache
def agreed() -> dict[str, NoticeAgreement]:
    """The shipped agreements but for the day on which one ends."""
    found = load_agreements(shipped("policies"), load_partnership(shipped("policies")))
    return {name: replace(each, valid_to=ENDS.get(name, each.valid_to)) for name, each in found.items()}


@dataclass(slots=True, kw_only=True)
class Bench:
    """A hub that tells, on a real store; what is said day by day, and where its recipients keep what they get."""

    folder: Path
    days: list[list[Event]]
    without: str

    def house(self) -> House:
        """The hub's parts, with one agreement that ends on the way."""
        told, ledger = by_agreements(agreed, known(shipped("policies")))
        views = Bundle(name="views", projections=(known_records.PROJECTION, told, ledger), routes=(LIFE_EVENTS, LINES))
        settings = Settings(folder=self.folder / "hub", controller="borough-of-exampleton", without_guard=self.without)
        return House(settings=settings, contracts=contracts(), views=views)

    def work(self) -> None:
        """Day after day, from wherever the store says that an earlier process came."""
        with closing(self.house()) as house:
            bundle = house.views
            catalogue.create(house.store, bundle, house.partitions(bundle), {}, house.fingerprints(bundle))
            desk = Desk(house=house, engine=Engine(house=house, bundle=bundle, serving=house.serving(bundle)), bench=self)
            desk.begin()
            for day in range(desk.done(), len(self.days)):
                desk.live(day)
        (self.folder / "done").touch()


@dataclass(slots=True, kw_only=True)
class Desk:
    """One process at work."""

    house: House
    engine: Engine
    bench: Bench
    follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        house = self.house
        gathering = Gathering(store=house.store, contracts=house.contracts, keys=house.keys, index=SearchIndex(house.instance.id_secret))
        self.follower = Follower(task=gathering, store=house.store, contracts=house.contracts)

    def begin(self) -> None:
        """The logs as the outbox remembers them, and every partition claimed."""
        with self.house.store.read() as tx:
            rows = tx.rows("SELECT records, sent, sent_at FROM outbox WHERE sent IS NOT NULL ORDER BY stream, seq")
        placed: dict[tuple[str, int], dict[int, Record]] = defaultdict(dict)
        for blob, sent, sent_at in rows:
            at_ms = int(datetime.fromisoformat(sent_at).timestamp() * 1000)
            for record, offset in zip(unpack(bytes(blob)), unpack_offsets(bytes(sent)), strict=True):
                placed[record.topic, record.partition][offset] = Record(record.key, record.value, at_ms)
        self.engine.logs = {place: [records[offset] for offset in sorted(records)] for place, records in placed.items()}
        self.engine.claim()

    def done(self) -> int:
        """How many days have been said."""
        with self.house.store.read() as tx:
            rows = tx.rows("SELECT cursor FROM cursor WHERE connector = 'proof'")
        return int(rows[0][0]) if rows else 0

    def live(self, day: int) -> None:
        """One day: it is said with the cursor in one transaction, decided, carried; the day before is gone through once more first."""
        at = BEGIN + timedelta(days=day)
        self.engine.now = max(BEGIN, at - timedelta(days=1))
        self._carry(max(0, day - 1))
        self.engine.now = at
        self.engine.beat(at)
        records = self.house.encode(self.bench.days[day])
        with self.house.store.write() as tx:
            tx.run("DELETE FROM cursor WHERE connector = 'proof'")
            tx.run("INSERT INTO cursor (connector, cursor, updated_at) VALUES ('proof', ?, ?)", (str(day + 1), at.isoformat()))
            enqueue(tx, STREAM, last_seq(tx, STREAM) + 1, records, at, "sqlite")
        (self.bench.folder / "progress").write_text(str(day))
        self._carry(day)
        if day == len(self.bench.days) - 1:
            self.engine.beat(at + timedelta(days=2))
            self._carry(day)

    def _carry(self, day: int) -> None:
        """Until nothing moves: rows, follower, couriers."""
        self._settle()
        for name, agreement in agreed().items():
            if agreement.status is Status.ACTIVE:
                box = Box(self.bench.folder / f"{name}.jsonl", shut=day in SHUT.get(name, ()) and day < len(self.bench.days) - 1)
                carrier = courier(self.house, agreement, box)
                try:
                    while carrier.round():
                        self._settle()
                except Unavailable:
                    self._settle()

    def _settle(self) -> None:
        self.engine.settle()
        for place, position in self.follower.positions().items():
            log = self.engine.logs.get(place, [])
            if len(log) > position:
                self.follower.take(place, position, [(n, log[n].value) for n in range(position, len(log))], len(log))


def prove(case: Case) -> Proven:
    """All of the above."""
    random = Random(case.seed)
    lives = [_life(random, number) for number in range(case.pick(150, 2_000))]
    files = agreements(shipped("policies"), ENDS)
    rights = {life.life_event_id: right(files, life.moments) for life in lives}
    findings: list[Finding] = []
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="foss-hub-told-")))
        make_instance(folder / "hub")
        bench = Bench(folder=folder, days=_days(random, lives), without=case.without)
        with closing(bench.house()) as house:
            upgrade(house.store_url)
        kills = _killed_again_and_again(bench, random, case.pick(8, 30), findings)
        got = {name: _read(folder / f"{name}.jsonl") for name in files}
    findings += _held(got, rights)
    if not case.without and not (_noticed_missing(got, rights) and _noticed_too_many(got, rights)):
        findings.append(Finding("unaccounted", "a letterbox that was tampered with is not noticed"))
    kinds = Counter(_COLUMN.get(finding.kind, "unaccounted") for finding in findings)
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": sum(len(life.said) for life in lives)} | kinds
    return Proven(verdict=Verdict(counts=counts, findings=findings), kills=kills)


_COLUMN = {"lost": "lost", "duplicate_effect": "duplicate_effects", "inversion": "inversions", "stale_effect": "stale_effects"}


# --- What is said


_REASONS = (DeathUpdateReason.CANCELLED, DeathUpdateReason.FORMAL_CORRECTION, DeathUpdateReason.CANCELLATION_REMOVED)


def _life(random: Random, number: int) -> Life:
    kind = random.choices(("bereavement", "move", "birth", "unemployment"), (5, 4, 1, 2))[0]
    life = Life(number=number, kind=kind)
    systems = random.sample(SYSTEMS, random.randint(1, 3))
    records = {f"{system}-{number}": system for system in systems}
    self_record = {} if kind == "bereavement" else {life.subject: "front-office"}
    alike = kind == "bereavement" and random.random() < 0.4  # a father, a twin, a namesake: linked, never proved
    day = random.randrange(2, 8)
    start = {party for party in records if random.random() < 0.7}
    linked, restricted = set(start), frozenset[str]()
    chosen = tuple(random.sample(CHOICES, random.randint(0, 4)))
    said_by_system = {"bereavement": "gro", "birth": "gro"}.get(kind, "front-office")
    told = random.random() < 0.2
    already = ("council-tax",) if told else ()
    for party, system in (records | self_record | ({life.subject: "gro"} if kind == "bereavement" else {})).items():
        life.said.append((0, _asserted(party, system)))
        life.said.append((0, _set(life, 0, party, [party], [party], system)))
    if random.random() < 0.1:
        restricted = frozenset({"borough-of-exampleton"})
        life.said += [(0, _restricted(party)) for party in (*records, life.subject)]
    offset, turn, stands = 1, 0, True

    def link(on: int) -> None:
        nonlocal offset
        offset += 1
        together = sorted([life.subject, *linked])
        sure = [life.subject] if alike else together
        for party in together:
            mine = [party] if alike else sure
            life.said.append((on, _set(life, offset, party, together, mine, None)))
        for party in set(records) - linked:
            life.said.append((on, _set(life, offset, party, [party], [party], None)))

    def note(on: int) -> None:
        here = {party: records[party] for party in linked} | self_record
        sure = frozenset(self_record) | (frozenset() if alike else frozenset(linked))
        life.moments.append(
            Moment(
                day=(BEGIN + timedelta(days=on)).date(), kind=kind, revision=f"{life.life_event_id}/{turn}", stands=stands,
                origin=said_by_system, already_told=frozenset(already), chosen=frozenset(chosen), records=here, proved=sure,
                restricted_by=restricted,
            )
        )  # fmt: skip

    link(day - 1)
    life.said.append((day, _event(life, turn, day, chosen, already, said_by_system, DeathUpdateReason.QUALITY_ASSURANCE)))
    note(day)
    for _ in range(random.randint(0, 5)):
        day += random.randint(1, 3)
        if day >= DAYS - 2:
            break
        if random.random() < 0.5:
            linked ^= {random.choice(sorted(records))}
            link(day)
        else:
            turn += 1
            reason = random.choice(
                (DeathUpdateReason.CANCELLED, DeathUpdateReason.FORMAL_CORRECTION, DeathUpdateReason.CANCELLATION_REMOVED)
            )
            stands = kind != "bereavement" or reason is not DeathUpdateReason.CANCELLED
            life.said.append((day, _event(life, turn, day, chosen, already, said_by_system, reason)))
        note(day)
    return life


def _stamp(event_id: str, day: int, source: str) -> dict[str, Any]:
    at = BEGIN + timedelta(days=day)
    return {
        "event_id": event_id, "occurred_at": at, "recorded_at": at, "source": source, "controller": "borough-of-exampleton",
        "correlation_id": event_id,
    }  # fmt: skip


def _asserted(party: str, system: str) -> Event:
    return PartyAsserted(
        **_stamp(f"said-{party}", 0, system), party_id=party, generation=1, kind=PartyKind.PERSON, match_domain=MatchDomain.GENERAL,
        complete=True, source_reference=Plain(f"reference of {party}"),
    )  # fmt: skip


def _restricted(party: str) -> Event:
    return RestrictionSet(
        **_stamp(f"restricted-{party}", 0, "front-office"), party_id=party, request_id=f"r-{party}", record_classes=(), ground="contested"
    )


def _set(life: Life, offset: int, party: str, together: Sequence[str], sure: Sequence[str], system: str | None) -> Event:
    return PartySetChanged(
        **_stamp(f"set-{party}-{offset}", 0, "hub/identity"), party_id=party, customer_id=f"c-{life.number}", said_by=system,
        said_for=None if system is None else "borough-of-exampleton", party_ids=tuple(together), proved=tuple(sure), silent=(),
        input_offset=offset, ordinal=0,
    )  # fmt: skip


def _event(
    life: Life, turn: int, day: int, chosen: tuple[str, ...], already: tuple[str, ...], source: str, reason: DeathUpdateReason
) -> Event:
    about: dict[str, Any] = {
        **_stamp(f"{life.life_event_id}/{turn}", day, source), "life_event_id": life.life_event_id, "origin": source,
        "already_told": already, "informant": Informant.SUBJECT, "chosen": chosen, "declined": (), "subject": life.subject,
    }  # fmt: skip
    dead: dict[str, Any] = {"death_precision": DatePrecision.DAY, "birth_precision": DatePrecision.DAY}
    if life.kind == "bereavement":
        return DeathRegistered(**about, **dead) if turn == 0 else DeathRegistrationUpdated(**about, **dead, reason=reason)
    if life.kind == "move":
        return AddressChanged(**about, moved_on=date(2026, 11, 1), also_for=())
    if life.kind == "birth":
        return BirthRegistered(**about | {"subject": f"child-{life.number}"}, parents=(life.subject,))
    return EmploymentEnded(**about, ended_on=date(2026, 11, 1))


def _days(random: Random, lives: Sequence[Life]) -> list[list[Event]]:
    """Each day shuffled, one thing in ten said twice."""
    days: list[list[Event]] = [[] for _ in range(DAYS)]
    for life in lives:
        for day, event in life.said:
            days[day] += [event] * (1 + (random.random() < 0.1))
    for events in days:
        random.shuffle(events)
    return days


# --- What is done to it


def _killed_again_and_again(bench: Bench, random: Random, deaths: int, findings: list[Finding]) -> int:
    kills, began = 0, monotonic()
    while not (bench.folder / "done").exists():
        if monotonic() - began > GIVE_UP + 60 * deaths:
            findings.append(Finding("unaccounted", "the hub did not come to its end"))
            return kills
        before, pid = _progress(bench), _forked(bench)
        if kills < deaths:
            _until(lambda before=before: _progress(bench) > before or (bench.folder / "done").exists())
            sleep(random.uniform(0, 0.5))  # where in the day it dies
            os.kill(pid, signal.SIGKILL)
            kills += 1
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            findings.append(Finding("unaccounted", "a process ended by itself"))
            return kills
    return kills


def _progress(bench: Bench) -> int:
    path = bench.folder / "progress"
    return int(path.read_text() or -1) if path.exists() else -1


def _until(condition: Any) -> None:
    began = monotonic()
    while not condition() and monotonic() - began < GIVE_UP:
        sleep(0.01)


def _forked(bench: Bench) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        bench.work()
        code = 0
    finally:
        os._exit(code)


# --- What came of it

Got = Mapping[str, Sequence[dict[str, Any]]]


def _read(path: Path) -> list[dict[str, Any]]:
    """What lies in a letterbox; the last line may be half of one, where the writer was killed."""
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _held(got: Got, rights: Mapping[str, Right]) -> list[Finding]:
    """Every letterbox line by line: in order, quoting its own reference, right in the end, and nothing for nobody."""
    findings: list[Finding] = []
    seen: dict[tuple[str, str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for name, messages in got.items():
        for message in messages:
            reference = message["reference"]
            record = None if reference is None else str(reference).removeprefix("reference of ")
            line = seen[message["life_event_id"], name, record]
            if all(message["message_id"] != each["message_id"] for each in line):  # sent again after a death, under its own id
                line.append(message)
    for (life, name, record), messages in seen.items():
        if (name, record) not in rights[life].ever:
            findings.append(Finding("stale_effect", f"{name} was told of {life} for {record}, and never should have been"))
        findings += _in_order(f"{life}/{name}/{record}", messages)
        stands = messages[-1]["instruction"] != "WITHDRAW"
        if stands and (name, record) not in rights[life].stands:
            findings.append(Finding("stale_effect", f"{life}/{name}/{record} still stands"))
    for life, found in rights.items():
        for name, record in found.stands:
            messages = seen.get((life, name, record), [])
            if not messages or messages[-1]["instruction"] == "WITHDRAW":
                findings.append(Finding("lost", f"{name} does not know {life} for {record}"))
    return findings


_AFTER = {"": {"TELL"}, "TELL": {"CORRECT", "WITHDRAW"}, "CORRECT": {"CORRECT", "WITHDRAW"}, "WITHDRAW": {"REINSTATE"},
          "REINSTATE": {"CORRECT", "WITHDRAW"}}  # fmt: skip


def _in_order(line: str, messages: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    before = ""
    for number, message in enumerate(messages, 1):
        if message["number"] != number:
            yield Finding("inversion", f"{line} got {message['number']} as its {number}.")
        if message["instruction"] not in _AFTER[before]:
            yield Finding("duplicate_effect", f"{line} got {message['instruction']} after {before or 'nothing'}")
        before = message["instruction"]


def _noticed_missing(got: Got, rights: Mapping[str, Right]) -> bool:
    """Without the last message of a recipient something must be found."""
    return bool(_held({name: [m for m in messages if m["number"] > 1] for name, messages in got.items()}, rights))


def _noticed_too_many(got: Got, rights: Mapping[str, Right]) -> bool:
    """A message about somebody who was never to be told of must be found."""
    life = next(iter(rights))
    extra = {"message_id": "x", "life_event_id": life, "number": 1, "instruction": "TELL", "reference": "reference of nobody"}
    return bool(_held({"dwp": [extra]}, {life: rights[life]}))
