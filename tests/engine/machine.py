"""A machine that looks for trouble in the engine: two workers on a real store, and a reference that says what must have come of it.

It delivers, repeats, leaves out, lets commits fail, kills workers and lets others take over (the frozen one wakes and goes on), buries,
redrives, skips, stops, mends and lets days pass. After every step the store must say what the reference says: each record folded once
and in order, everything else accounted for, and others told exactly what they should know.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.cli.composition import House
from hub.contracts.partitioning import partition_of
from hub.contracts.responsibilities import ResponsibilityTransferred
from hub.engine.batch import Lost
from hub.engine.bundle import Fetched
from hub.engine.dues import caught_up, fire
from hub.engine.folding import Culprit
from hub.engine.outbox import unpack
from hub.engine.ownership import resume
from hub.engine.redrive import drain, waiting_keys
from hub.engine.serving import Serving
from hub.model.errors import Unavailable
from hub.settings import Settings
from tests.engine.escalations import escalations
from tests.engine.reference import BugMet, Case, Kind, Partition, Record, State
from tests.engine.troubles import Died, Faults, event_of, instant, ms
from tests.engine_harness import NOON, contracts, stamped

PARTITIONS = (0, 1)
CASES = tuple(
    name for partition in PARTITIONS for name in [f"case-{n}" for n in range(200) if partition_of(f"case-{n}", 12) == partition][:2]
)
WINDOWS = ("fetched_undecoded", "decoded_unapplied", "derived_event_enqueued", "applied_uncommitted")
"""The places between two steps where a worker fails or dies here."""

who_ = st.sampled_from((0, 1))
case_ = st.sampled_from(CASES)
kind_ = st.sampled_from(("promised",) * 4 + ("noted",) * 4 + ("resolved", "rubbish", "refused", "refused", "bug"))
pieces_ = st.permutations(PARTITIONS).flatmap(lambda order: st.tuples(*(st.tuples(st.just(p), st.integers(0, 4)) for p in order)))


class Model(RuleBasedStateMachine):
    """One hub with two workers, and what it must have come to."""

    def __init__(self, template: Path, guard: str) -> None:
        super().__init__()
        self.folder = template.with_name(f"run-{next(_runs)}")
        copytree(template, self.folder)
        self.house = House(
            settings=Settings(folder=self.folder, controller="tameside", without_guard=guard),
            contracts=contracts(),
            views=escalations(mended=False),
        )
        self.faults = self.house.__dict__["failpoints"] = Faults()
        self.truth = {partition: Partition() for partition in PARTITIONS}
        self.logs: dict[int, list[tuple[int, bytes | None, bytes | None]]] = {partition: [] for partition in PARTITIONS}
        self.mended, self.today = False, 0
        self.servings = [self.begun(), self.begun()]
        self.positions: list[dict[int, int]] = [{}, {}]
        self.owner: dict[int, int] = {}

    def begun(self) -> Serving:
        """A worker of this release that holds nothing yet."""
        return self.house.serving(escalations(mended=self.mended))

    def teardown(self) -> None:
        self.house.store.close()
        if "keys" in self.house.__dict__:
            self.house.keys.close()
        rmtree(self.folder)

    # What is said.

    @rule(said=st.lists(st.tuples(case_, kind_, st.integers(0, 9)), min_size=1, max_size=5), at_once=st.booleans())
    def say(self, said: Sequence[tuple[str, Kind, int]], *, at_once: bool) -> None:
        """Records come into the logs, and perhaps at once to the owners of their partitions."""
        events = [stamped(event_of(*each), f"{next(_names)}") for each in said]
        for (case, kind, day), event, (_, partition, key, value) in zip(said, events, self.house.encode(events), strict=True):
            self.truth[partition].log.append(Record(case, kind, event.event_id, day))
            self.logs[partition].append((len(self.logs[partition]), key, (value or b"") + b"\0" * (kind == "rubbish")))
        if at_once:
            self.deliver_all_to_their_owners()

    # How it comes.

    def fetched(self, start: int, partition: int, most: int) -> Fetched:
        after = min(start + most, len(self.logs[partition]))
        return Fetched("cases", partition, start, self.logs[partition][start:after], max(start, after), ms(self.today))

    def polled(self, who: int, pieces: Sequence[tuple[int, int]]) -> list[Fetched]:
        at = self.positions[who]
        return [self.fetched(at[partition], partition, most) for partition, most in pieces if partition in at]

    def offer(self, who: int, fetched: Sequence[Fetched]) -> None:
        """One poll for one worker: what it owns is taken in, what it does not is not."""
        worker = self.servings[who].worker
        outcome = worker.process(fetched, NOON)
        for each in fetched:
            if self.owner.get(each.partition) == who and not self.truth[each.partition].stopped:
                self.truth[each.partition].take(each.next, mended=self.mended)
                assert (each.partition in outcome.stopped) == self.truth[each.partition].stopped
                self.positions[who][each.partition] = each.next
            else:
                held = worker.holdings.get(each.partition)
                assert self.owner.get(each.partition) == who or held is None or not held.running

    @rule(who=who_, pieces=pieces_)
    def deliver(self, who: int, pieces: Sequence[tuple[int, int]]) -> None:
        self.offer(who, self.polled(who, pieces))

    @rule()
    def deliver_all_to_their_owners(self) -> None:
        for who in (0, 1):
            fetched = self.polled(who, [(partition, 99) for partition in PARTITIONS])
            self.offer(who, [each for each in fetched if self.owner.get(each.partition) == who])

    @rule(who=who_, partition=st.sampled_from(PARTITIONS), back=st.integers(1, 3), most=st.integers(1, 5))
    def deliver_again(self, who: int, partition: int, back: int, most: int) -> None:
        at = self.positions[who].get(partition)
        if at is not None:
            again = self.fetched(max(0, at - back), partition, most)
            self.offer(who, [again._replace(next=max(again.next, again.start))] if again.next >= at else [])

    @rule(who=who_, partition=st.sampled_from(PARTITIONS))
    def deliver_all_but_the_first(self, who: int, partition: int) -> None:
        at = self.positions[who].get(partition, len(self.logs[partition]))
        if at < len(self.logs[partition]) and self.owner.get(partition) == who and not self.truth[partition].stopped:
            outcome = self.servings[who].worker.process([self.fetched(at + 1, partition, 9)], NOON)
            if outcome.seek:
                assert outcome.seek == {("cases", partition): self.truth[partition].next}

    @rule(who=who_, pieces=st.lists(pieces_, min_size=1, max_size=3))
    def deliver_together(self, who: int, pieces: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Several polls in one transaction; trouble in it takes back all of them."""
        worker, before = self.servings[who].worker, dict(self.positions[who])
        for each in pieces:
            fetched = self.polled(who, each)
            if worker.process(fetched, NOON, hold=True).careful:
                break
            self.positions[who] |= {one.partition: one.next for one in fetched}
        else:
            if not worker.process([], NOON).careful:
                for partition, at in self.positions[who].items():
                    if self.owner.get(partition) == who and not self.truth[partition].stopped:
                        self.truth[partition].take(at, mended=self.mended)
                return
        self.positions[who] = before

    # What goes wrong.

    @rule(who=who_, pieces=pieces_, window=st.sampled_from(WINDOWS), dies=st.booleans())
    def deliver_in_vain(self, who: int, pieces: Sequence[tuple[int, int]], window: str, *, dies: bool) -> None:
        with self.faults.armed(window, Died() if dies else Unavailable("the store")):
            try:
                self.offer(who, self.polled(who, pieces))
            except Unavailable:
                pass
            except Died:
                self.kill(who, who)

    @rule(who=who_, heir=who_)
    def kill(self, who: int, heir: int) -> None:
        """What it had, another takes over, or it itself once it is back."""
        self.servings[who], self.positions[who] = self.begun(), {}
        had = [partition for partition, owner in self.owner.items() if owner == who]
        for partition in had:
            del self.owner[partition]
        if had:
            self.claim(heir, had)

    @initialize(days=st.integers(1, 4))
    def the_first_has_all(self, days: int) -> None:
        self.claim(0, PARTITIONS)
        self.time_passes(days)

    @rule(who=who_, partitions=st.sampled_from(((0,), (1,), (0, 1))))
    def claim(self, who: int, partitions: Sequence[int]) -> None:
        """Also what another had: it is frozen and does not know."""
        positions = self.servings[who].worker.claim(partitions, NOON)
        self.positions[who] = {p: at for p, at in self.positions[who].items() if p not in partitions}
        self.positions[who] |= {partition: at for (_, partition), at in positions.items()}
        self.owner |= dict.fromkeys(partitions, who)

    # What people decide.

    def dead(self) -> list[tuple[int, str, int]]:
        """Undecided dead letters: partition, case, offset."""
        return [
            (partition, name, offset)
            for partition, truth in self.truth.items()
            for name, case in truth.cases.items()
            for offset, state in case.aside.items()
            if state == "dead"
        ]

    @precondition(lambda self: self.dead())
    @rule(data=st.data(), state=st.sampled_from(("redrive", "skip")))
    def decide(self, data: st.DataObject, state: State) -> None:
        """Somebody decides about one dead letter; its owner has not looked yet."""
        self.decided(*data.draw(st.sampled_from(self.dead())), state)

    @precondition(lambda self: self.dead())
    @rule(states=st.permutations(("redrive", "skip", "skip")))
    def decide_about_all(self, states: Sequence[State]) -> None:
        """Somebody goes through all that is dead, and through what is dead then; the owners look each time."""
        for state in states:
            for partition, name, offset in self.dead():
                self.decided(partition, name, offset, state)
            for who in set(self.owner.values()):
                self.carry_out(who)

    def decided(self, partition: int, name: str, offset: int, state: State) -> None:
        """As `hub dlq redrive` and `skip` write it down."""
        with self.house.store.write() as tx:
            changed = tx.run(
                "UPDATE dead_letter SET state = ? WHERE partition = ? AND position = ? AND key = ? AND state = 'dead'",
                (state, partition, offset, name.encode()),
            )
        assert changed == 1
        self.truth[partition].cases[name].aside[offset] = state

    @rule(who=who_)
    def carry_out(self, who: int) -> None:
        """What the owner does about decisions, key by key, until one of them shows that it is not the owner, or meets a bug."""
        worker = self.servings[who].worker
        worker.renew()
        for partition, holding in list(worker.holdings.items()):
            with self.house.store.read() as tx:
                keys = waiting_keys(tx, "escalations", partition) if holding.running else []
            any(not self.carried_out(who, partition, key) for key in keys)

    def carried_out(self, who: int, partition: int, key: bytes) -> bool:
        """Whether the worker may go on to the next key."""
        serving, truth = self.servings[who], self.truth[partition]
        try:
            drain(serving.committer, serving.worker.holdings[partition], key, serving.plans, NOON)
        except Lost:
            assert self.owner.get(partition) != who
            serving.worker.forget([partition])
            return False
        except Culprit as culprit:
            serving.worker.doubt([partition])
            serving.worker.stop(partition, str(culprit))
            if self.owner.get(partition) == who:
                with pytest.raises(BugMet):
                    truth.carry_out(key.decode(), mended=self.mended)
            return False
        assert self.owner.get(partition) == who
        truth.carry_out(key.decode(), mended=self.mended)
        return True

    @precondition(lambda self: not self.mended)
    @rule()
    def mend(self) -> None:
        self.mended = True
        self.kill(0, 0)
        self.kill(1, 1)

    @precondition(lambda self: any(truth.stopped for truth in self.truth.values()))
    @rule()
    def resume(self) -> None:
        stopped = [partition for partition, truth in self.truth.items() if truth.stopped]
        with self.house.store.write() as tx:
            assert resume(tx, "escalations", stopped) == len(stopped)
        for partition in stopped:
            self.truth[partition].stopped = False
            self.owner.pop(partition, None)

    # What time does.

    @rule(days=st.integers(1, 3), fails=st.booleans())
    def time_passes(self, days: int, *, fails: bool = False) -> None:
        self.today += days
        with self.faults.armed("due_claimed" if fails else "", Unavailable("the store")):
            for who, serving in enumerate(self.servings):
                serving.worker.renew()
                for partition, holding in list(serving.worker.holdings.items()):
                    if holding.running and caught_up(holding, {("cases", partition): len(self.logs[partition])}):
                        self.judge(who, partition)

    def judge(self, who: int, partition: int) -> None:
        """One worker lets fire what has fallen due in one partition."""
        serving = self.servings[who]
        try:
            fire(serving.committer, serving.worker.holdings[partition], instant(self.today))
        except Unavailable:
            return
        except Lost:
            assert self.owner.get(partition) != who
            serving.worker.forget([partition])
        else:
            assert self.owner.get(partition) == who
            self.truth[partition].hear(self.today)

    # What must be true.

    @invariant()
    def every_record_is_folded_once_and_in_order(self) -> None:
        with self.house.store.read() as tx:
            events = {key: orjson.loads(text) for key, text in tx.rows("SELECT key, events FROM folded_v1")}
            counts: dict[str, int] = dict(tx.rows("SELECT key, events FROM count_v1"))
        folded = {name: [r.name for r in case.folded] for t in self.truth.values() for name, case in t.cases.items() if case.folded}
        assert {key: found for key, found in events.items() if found} == folded
        assert {key: found for key, found in counts.items() if found} == {name: len(records) for name, records in folded.items()}

    @invariant()
    def every_record_is_accounted_for(self) -> None:
        with self.house.store.read() as tx:
            rows = tx.rows(
                "SELECT partition, next, consumed - duplicate, applied, dead, parked, skipped FROM inbox WHERE partition IN (0, 1)"
            )
        for partition, at, taken, *became in rows:
            truth = self.truth[partition]
            assert (at, taken) == (truth.next, truth.next)
            assert Counter(dict(zip(("applied", "dead", "parked", "skipped"), became, strict=True))) == truth.accounts()

    @invariant()
    def others_are_told_what_they_should_know_and_nothing_twice(self) -> None:
        told: dict[str, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
        ids: Counter[str] = Counter()
        for event in self.sent():
            ids[event.event_id] += 1
            if event.source == "hub/folded":
                told[event.case_id][(event.at - NOON).days].append(isinstance(event, ResponsibilityTransferred))
        assert all(said == [nth % 2 == 0 for nth in range(len(said))] for days in told.values() for said in days.values())
        assert set(ids.values()) <= {1}
        for name in CASES:
            truth = self.truth[partition_of(name, 12)]
            case = truth.cases.get(name, Case(judged=truth.clock))
            if case.judged == truth.clock:
                assert {day for day, said in told[name].items() if said[-1]} == case.wanted()

    def sent(self) -> Iterator[Any]:
        """Everything the outbox holds, in order."""
        with self.house.store.read() as tx:
            rows = tx.rows("SELECT records FROM outbox ORDER BY stream, seq")
        return (_decode(record.value) for (blob,) in rows for record in unpack(bytes(blob)))


_runs, _names = count(), count()
_decode: Callable[[Any], Any] = contracts().decoder()
