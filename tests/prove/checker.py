"""The verdict of a proof: what sources said and what a run left behind, held against a fold of its own.

Shares no code with the hub, waits for nothing, reads nothing: evidence in, findings out. The classes are those of Jepsen's queue checker,
told apart so that a finding says where to look:

    lost               said, but not in the log; or wanted, but never told
    unseen             in the log, but not applied
    phantom            applied or told, but never said
    duplicate_effect   applied more often than it stands in the log, decided twice, or told twice with nothing new to say
    order_inversion    a key's reports in another order than they were said, applied or told
    stale_effect       told what no state ever called for: by a worker that had lost its partition, or before its facts were safe
    inconsistent       two readers saw different records at one offset
    early              told before its instant, or before all that preceded the instant was applied
    unaccounted        the inbox's sums do not balance

Allowed: what was never acknowledged may be missing, and a record may stand in the log more than once.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

COUNTED = {
    "lost": "lost", "unseen": "lost", "duplicate_effect": "duplicate_effects", "order_inversion": "inversions",
    "stale_effect": "stale_effects",
    "phantom": "stale_effects", "inconsistent": "stale_effects", "early": "early", "unaccounted": "unaccounted",
}  # fmt: skip
COLUMNS = ("sourced", "lost", "duplicate_effects", "inversions", "stale_effects", "early", "unaccounted")
MILESTONE, REMINDER = "milestone", "reminder"

Place = tuple[str, int, int]
"""Topic, partition, offset."""


class Entry(NamedTuple):
    """One line of a source's ledger."""

    number: int
    job: str
    team: str
    kind: str
    at: datetime
    step: int = 0
    revision: int = 0
    points: int = 0
    answer_by: datetime | None = None


class Record(NamedTuple):
    """One report as it stands in the log; `number` is None where the bytes say nothing."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: str
    number: int | None


class Telling(NamedTuple):
    """One telling as it stands in the log: the n-th of its effect; `content` is None where it takes back."""

    partition: int
    offset: int
    at: datetime
    event_id: str
    job: str
    kind: str
    about: Hashable
    n: int | None
    content: Hashable


class Inbox(NamedTuple):
    """One reader's position in one topic partition, and what became of everything before it."""

    reader: str
    topic: str
    partition: int
    next: int
    end: int
    consumed: int
    applied: int
    duplicate: int
    dead: int
    parked: int
    skipped: int
    gap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of one job."""

    since: datetime | None = None
    steps: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    answer_by: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a run left behind. `every` are the milestones' distances, one for each version of the fold that told others, in their order."""

    entries: Sequence[Entry]
    reports: Sequence[Record] = ()
    routed: Sequence[Record] = ()
    tellings: Sequence[Telling] = ()
    seen: Sequence[tuple[int, int, str]] = ()
    """Partition, offset and event id of every telling that a reader saw while the faults ran."""
    written: Sequence[str] = ()
    """Event ids of the tellings put into the outbox."""
    passed_on: Sequence[int] = ()
    """Numbers of the reports put into the outbox for the routed topic."""
    told: Mapping[tuple[str, str, Hashable], int] = field(default_factory=dict)
    """How often each effect was told, by the store."""
    step_log: Mapping[str, Sequence[int]] = field(default_factory=dict)
    team_log: Mapping[str, Sequence[int]] = field(default_factory=dict)
    progress: Mapping[str, State] = field(default_factory=dict)
    inboxes: Sequence[Inbox] = ()
    asides: Mapping[Place, str] = field(default_factory=dict)
    """Records set aside: `dead`, `done` or `skipped`, and `parked`."""
    clocks: Mapping[int, datetime] = field(default_factory=dict)
    """The broker time up to which each partition's instants were judged."""
    torn: Sequence[str] = ()
    """Jobs whose facts and tellings did not agree in some snapshot taken while the faults ran."""
    every: Sequence[int] = (5,)
    spoilt: frozenset[int] = frozenset()
    """Numbers whose bytes were spoilt on purpose: they may never be applied."""
    cut: bool = False
    """The log lost its tail: what it then held again stands later, and counting is not asked for."""
    shuffled: bool = False
    """The harness itself wrote the log, so that its order is not the ledger's."""


class Finding(NamedTuple):
    """One thing that must not be."""

    kind: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All findings, counted by column."""

    counts: Mapping[str, int]
    findings: Sequence[Finding]

    @property
    def holds(self) -> bool:
        """Nothing was found."""
        return not self.findings


def judge(evidence: Evidence) -> Verdict:
    """Hold everything against everything."""
    checks = (_said, _ordered, _applied, _folded, _passed_on, _explained, _settled, _reminded, _told, _seen, _balanced, _whole)
    findings = [finding for check in checks for finding in check(evidence)]
    counts = dict.fromkeys(COLUMNS, 0) | Counter(COUNTED[finding.kind] for finding in findings)
    return Verdict(counts=counts | {"sourced": len(evidence.entries)}, findings=findings)


# --- The reference fold -----------------------------------------------------------------------------------------------


def known_of(state: State, entry: Entry) -> State:
    """The state after one more entry, whatever came before."""
    since = entry.at if state.since is None else min(state.since, entry.at)
    if entry.kind == "closed":
        return State(since=since, steps=state.steps, answer_by=state.answer_by, closed=True)
    steps = dict(state.steps)
    if entry.step not in steps or steps[entry.step][0] < entry.revision:
        steps[entry.step] = (entry.revision, entry.points)
    instants = [at for at in (state.answer_by, entry.answer_by) if at is not None]
    return State(since=since, steps=steps, answer_by=min(instants, default=None), closed=state.closed)


def fold(entries: Iterable[Entry]) -> State:
    """What these entries of one job say together."""
    state = State()
    for entry in entries:
        state = known_of(state, entry)
    return state


def milestones(state: State, every: int) -> dict[Hashable, Hashable]:
    """What should have been told of the job's milestones: number → (points, since)."""
    done = [points for _, (_, points) in sorted(state.steps.items()) if points]
    return {nth: (sum(done[: nth * every]), state.since) for nth in range(1, len(done) // every + 1)}


def standing(state: State, every: int, clock: datetime | None) -> set[tuple[str, Hashable]]:
    """Every effect that should stand when the partition's instants have been judged up to `clock`."""
    found: set[tuple[str, Hashable]] = {(MILESTONE, nth) for nth in milestones(state, every)}
    if state.answer_by is not None and not state.closed and clock is not None and state.answer_by <= clock:
        found.add((REMINDER, state.answer_by))
    return found


# --- From the ledger to the rows --------------------------------------------------------------------------------------


def _said(evidence: Evidence) -> Iterator[Finding]:
    """Every line of a ledger is in the log, and nothing else."""
    entries, logged = (
        {entry.number for entry in evidence.entries},
        {record.number for record in evidence.reports if record.number is not None},
    )
    yield from (Finding("lost", f"report {number} is not in the log") for number in sorted(entries - logged - evidence.spoilt))
    yield from (Finding("phantom", f"report {number} was never said") for number in sorted(logged - entries))


def _ordered(evidence: Evidence) -> Iterator[Finding]:
    """A job's reports first appear in the log, and in the routed log of each team, in the order in which they were said."""
    if evidence.cut or evidence.shuffled:
        return
    place = {number: nth for nth, number in enumerate(dict.fromkeys(entry.number for entry in evidence.entries))}
    job = {entry.number: entry.job for entry in evidence.entries}
    for name, records in (("log", evidence.reports), ("routed log", evidence.routed)):
        last: dict[tuple[str, str], int] = {}
        for number, key in _first(records):
            if number in place:
                series = (key, job[number])
                if place[number] < last.get(series, -1):
                    yield Finding("order_inversion", f"report {number} of {job[number]} comes late in the {name}")
                last[series] = max(place[number], last.get(series, -1))


def _first(records: Iterable[Record]) -> Iterator[tuple[int, str]]:
    """Each report where it first stands."""
    met: set[int] = set()
    for record in sorted(records, key=lambda record: (record.partition, record.offset)):
        if record.number is not None and record.number not in met:
            met.add(record.number)
            yield record.number, record.key


def _applied(evidence: Evidence) -> Iterator[Finding]:
    """The counting projections noted every readable record once, in the order of its partition."""
    for name, records, rows in (("step log", evidence.reports, evidence.step_log), ("team log", evidence.routed, evidence.team_log)):
        expected = _by_key(records, evidence.asides)
        for key in sorted(expected.keys() | rows.keys()):
            compare = _met if evidence.cut else _same
            yield from compare(f"{name} of {key}", expected.get(key, []), list(rows.get(key, ())))


def _by_key(records: Iterable[Record], asides: Mapping[Place, str]) -> dict[str, list[int]]:
    expected: dict[str, list[int]] = defaultdict(list)
    for record in sorted(records, key=lambda record: (record.partition, record.offset)):
        if record.number is not None and asides.get((record.topic, record.partition, record.offset)) in (None, "done"):
            expected[record.key].append(record.number)
    return expected


def _same(what: str, expected: list[int], actual: list[int]) -> Iterator[Finding]:
    missing, extra = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    yield from (Finding("unseen", f"{what}: report {number}") for number in missing.elements())
    for number in extra.elements():
        yield Finding("duplicate_effect" if number in expected else "phantom", f"{what}: report {number}")
    if not missing and not extra and expected != actual:
        yield Finding("order_inversion", what)


def _met(what: str, expected: list[int], actual: list[int]) -> Iterator[Finding]:
    """As _same where counting is not asked for."""
    yield from (Finding("unseen", f"{what}: report {number}") for number in sorted(set(expected) - set(actual)))
    yield from (Finding("phantom", f"{what}: report {number}") for number in sorted(set(actual) - set(expected)))


def _folded(evidence: Evidence) -> Iterator[Finding]:
    """The rows equal a fold over the ledger, whatever happened on the way."""
    held_back = _held_back(evidence)
    for job, entries in _jobs(evidence).items():
        applied = [entry for entry in entries if entry.number not in held_back]
        if fold(applied) != evidence.progress.get(job, State()):
            yield Finding("unseen", f"the row of {job} is not what its reports say")
    yield from (
        Finding("phantom", f"a row of {job}") for job in sorted(evidence.progress.keys() - {entry.job for entry in evidence.entries})
    )


def _held_back(evidence: Evidence) -> set[int]:
    """Numbers of reports that stand nowhere in the log but where they were set aside."""
    places: dict[int, set[bool]] = defaultdict(set)
    for record in evidence.reports:
        if record.number is not None:
            aside = evidence.asides.get((record.topic, record.partition, record.offset))
            places[record.number].add(aside not in (None, "done"))
    return {number for number, aside in places.items() if aside == {True}} | set(evidence.spoilt)


def _jobs(evidence: Evidence) -> dict[str, list[Entry]]:
    jobs: dict[str, list[Entry]] = defaultdict(list)
    for entry in evidence.entries:
        jobs[entry.job].append(entry)
    return jobs


def _passed_on(evidence: Evidence) -> Iterator[Finding]:
    """Every applied step was handed to the routed topic once for each time it stands in the log, and arrived there."""
    kinds = {entry.number: entry.kind for entry in evidence.entries}
    numbers = [number for series in _by_key(evidence.reports, evidence.asides).values() for number in series if kinds.get(number) == "step"]
    compare = _met if evidence.cut else _same
    for finding in compare("outbox to the teams", sorted(numbers), sorted(evidence.passed_on)):
        yield Finding("lost", finding.where) if finding.kind == "unseen" else finding
    arrived = {record.number for record in evidence.routed}
    yield from (Finding("lost", f"report {number} is not in the routed log") for number in sorted(set(evidence.passed_on) - arrived))


# --- From the rows to what others were told ---------------------------------------------------------------------------


def _tellings(evidence: Evidence) -> dict[str, list[Telling]]:
    """By job, each telling where it first stands; what was sent again says nothing new. Where a log was cut, each where it stands last."""
    jobs: dict[str, list[Telling]] = defaultdict(list)
    log = sorted(evidence.tellings, key=lambda telling: (telling.partition, telling.offset), reverse=evidence.cut)
    for telling in {telling.event_id: telling for telling in reversed(log)}.values():
        jobs[telling.job].append(telling)
    return {job: sorted(tellings, key=lambda telling: telling.offset) for job, tellings in jobs.items()}


def _explained(evidence: Evidence) -> Iterator[Finding]:
    """Each effect's tellings are numbered 1, 2, 3 … in the log's order, never say the same twice in a row, and each was once called for."""
    states = {} if evidence.cut else _histories(evidence)
    for job, tellings in _tellings(evidence).items():
        last: dict[tuple[str, Hashable], Telling] = {}
        for telling in tellings:
            yield from _follows(last.get((telling.kind, telling.about)), telling)
            last[telling.kind, telling.about] = telling
        if not evidence.cut:
            yield from _called_for(job, tellings, states.get(job, [State()]), evidence.every)


def _follows(before: Telling | None, telling: Telling) -> Iterator[Finding]:
    what = f"{telling.kind} {telling.about} of {telling.job}"
    if telling.n is None:
        yield Finding("phantom", f"{what}: no telling of it has the id {telling.event_id}")
        return
    if telling.n != (1 if before is None or before.n is None else before.n + 1):
        yield Finding("order_inversion", f"{what}: telling {telling.n} after {before.n if before else 'none'}")
    if (before.content if before is not None else None) == telling.content:
        yield Finding("duplicate_effect", f"{what}: telling {telling.n} says what stood already")


def _histories(evidence: Evidence) -> dict[str, list[State]]:
    """By job, the states it went through in the order of the log."""
    entries = {entry.number: entry for entry in evidence.entries}
    states: dict[str, list[State]] = {}
    for job, numbers in _by_key(evidence.reports, evidence.asides).items():
        states[job] = [State()]
        for number in dict.fromkeys(numbers):
            if number in entries:
                states[job].append(known_of(states[job][-1], entries[number]))
    return states


def _called_for(job: str, tellings: Sequence[Telling], states: Sequence[State], every: Sequence[int]) -> Iterator[Finding]:
    """Milestones as told fit states of the job that follow one another; a newer version of the fold comes after the older one."""
    wanted = [[milestones(state, distance) for state in states] for distance in every]
    earliest: list[int | None] = [0] * len(every)
    for telling in tellings:
        if telling.kind == MILESTONE:
            after = [_next(wanted[version], earliest[: version + 1], telling) for version in range(len(every))]
            if any(at is not None for at in after):
                earliest = after
            else:
                yield Finding("stale_effect", f"milestone {telling.about} of {job}: nothing called for telling {telling.n}")


def _next(wanted: Sequence[Mapping[Hashable, Hashable]], since: Sequence[int | None], telling: Telling) -> int | None:
    """The first state that calls for the telling and is not before what this version, or an older one, told last."""
    known = [at for at in since if at is not None]
    found = (at for at in range(min(known), len(wanted)) if wanted[at].get(telling.about) == telling.content) if known else iter(())
    return next(found, None)


def _settled(evidence: Evidence) -> Iterator[Finding]:
    """What others were told last is what should stand now; and nothing was decided twice."""
    held_back, tellings = _held_back(evidence), _tellings(evidence)
    for job, entries in _jobs(evidence).items():
        stands = {told.about: told.content for told in tellings.get(job, ()) if told.kind == MILESTONE}
        stands = {about: content for about, content in stands.items() if content is not None}
        wanted = milestones(fold(entry for entry in entries if entry.number not in held_back), evidence.every[-1])
        yield from (Finding("lost", f"milestone {nth} of {job} was not told as it is") for nth in wanted if stands.get(nth) != wanted[nth])
        yield from (Finding("stale_effect", f"milestone {nth} of {job} still stands") for nth in stands.keys() - wanted.keys())
    for event_id, times in Counter(evidence.written).items():
        yield from [Finding("duplicate_effect", f"telling {event_id} was decided {times} times")] * (times - 1)
    arrived = {telling.event_id for telling in evidence.tellings}
    yield from (Finding("lost", f"telling {event_id} was decided and is not in the log") for event_id in set(evidence.written) - arrived)
    yield from (Finding("phantom", f"telling {event_id} was never decided") for event_id in arrived - set(evidence.written))


def _reminded(evidence: Evidence) -> Iterator[Finding]:
    """A reminder falls once its instant has passed by the broker's time, unless the job had been closed by then; never earlier."""
    held_back, tellings, closings = _held_back(evidence), _tellings(evidence), _closings(evidence)
    homes = {record.key: record.partition for record in evidence.reports}
    for job, entries in _jobs(evidence).items():
        state = fold(entry for entry in entries if entry.number not in held_back)
        reminders = [telling for telling in tellings.get(job, ()) if telling.kind == REMINDER]
        for telling in reminders:
            yield from _in_time(job, telling, closings.get(job))
        stands = {told.about for told in {told.about: told for told in reminders}.values() if told.content is not None}
        clock = evidence.clocks.get(homes.get(job, -1))
        wanted = {about for kind, about in standing(state, evidence.every[-1], clock) if kind == REMINDER}
        yield from (Finding("lost", f"reminder {about} of {job} never fell") for about in wanted - stands)
        yield from (Finding("stale_effect", f"reminder {about} of {job} still stands") for about in stands - wanted)


def _in_time(job: str, telling: Telling, closed: datetime | None) -> Iterator[Finding]:
    due: Any = telling.about
    if telling.content is None:
        return
    if telling.at < due:
        yield Finding("early", f"reminder of {job} fell at {telling.at}, due {due}")
    if closed is not None and (due - closed).total_seconds() > 0.002:
        yield Finding("early", f"reminder of {job} fell though the job had been closed")


def _closings(evidence: Evidence) -> dict[str, datetime]:
    """When each job's closing first came to stand in the log."""
    closing = {entry.number: entry.job for entry in evidence.entries if entry.kind == "closed"}
    closed: dict[str, datetime] = {}
    for record in evidence.reports:
        if record.number in closing:
            job = closing[record.number]
            closed[job] = min(record.at, closed.get(job, record.at))
    return closed


def _told(evidence: Evidence) -> Iterator[Finding]:
    """The store remembers as many tellings of each effect as the log has."""
    counted: dict[tuple[str, str, Hashable], int] = Counter()
    for job, tellings in _tellings(evidence).items():
        for telling in tellings:
            counted[telling.kind, job, telling.about] += 1
    for effect in counted.keys() | evidence.told.keys():
        if counted.get(effect, 0) != evidence.told.get(effect, 0):
            kind = "duplicate_effect" if counted.get(effect, 0) > evidence.told.get(effect, 0) else "lost"
            yield Finding(
                kind,
                f"{effect[0]} {effect[2]} of {effect[1]}: {counted.get(effect, 0)} in the log, {evidence.told.get(effect, 0)} in the store",
            )


def _seen(evidence: Evidence) -> Iterator[Finding]:
    """A reader that was there while the faults ran saw what the log still says."""
    if evidence.cut:
        return
    stands = {(telling.partition, telling.offset): telling.event_id for telling in evidence.tellings}
    for partition, offset, event_id in evidence.seen:
        if stands.get((partition, offset)) != event_id:
            yield Finding("inconsistent", f"two readers saw different tellings at {partition}/{offset}")


# --- The sums ---------------------------------------------------------------------------------------------------------


def _balanced(evidence: Evidence) -> Iterator[Finding]:
    """Consumed = applied + duplicate + dead + parked + skipped + gap, every offset once, and the asides as many as were counted."""
    for inbox in evidence.inboxes:
        what = f"{inbox.reader} on {inbox.topic}/{inbox.partition}"
        rest = inbox.applied + inbox.dead + inbox.parked + inbox.skipped + inbox.gap
        if inbox.consumed != rest + inbox.duplicate:
            yield Finding("unaccounted", f"{what}: consumed {inbox.consumed}, accounted for {rest + inbox.duplicate}")
        if not evidence.cut and rest != inbox.next:
            yield Finding("unaccounted", f"{what}: position {inbox.next}, accounted for {rest}")
        if inbox.next != inbox.end:
            yield Finding("unaccounted", f"{what}: position {inbox.next}, the log ends at {inbox.end}")
        here = Counter(
            state for (topic, partition, _), state in evidence.asides.items() if (topic, partition) == (inbox.topic, inbox.partition)
        )
        if (inbox.dead, inbox.parked, inbox.skipped) != (here["dead"], here["parked"], here["skipped"]):
            yield Finding(
                "unaccounted", f"{what}: {inbox.dead} dead, {inbox.parked} parked, {inbox.skipped} skipped; set aside are {dict(here)}"
            )


def _whole(evidence: Evidence) -> Iterator[Finding]:
    """Whenever somebody looked, facts and tellings agreed."""
    yield from (Finding("stale_effect", f"facts and tellings of {what} parted") for what in evidence.torn)
