"""The checker is itself checked: it finds each kind of fault that is put in front of it, and nothing where there is none."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.prove.checker import Entry, Evidence, Inbox, Record, State, Telling, fold, judge

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = NINE + timedelta(minutes=5)
LONG_AGO = datetime(2021, 3, 2, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


ENTRIES = (
    *(Entry(step, "bins", "north", "step", LONG_AGO, step, 0, 1) for step in range(1, 6)),
    Entry(6, "bins", "north", "closed", LONG_AGO),
    Entry(7, "potholes", "north", "step", LONG_AGO, 1, 0, 3, DUE),
)
"""Five steps of one job, which is then closed; one step of another that nobody answers in time."""


def steps(*numbers: int, topic: str = "steps") -> tuple[Record, ...]:
    """These reports, one a minute; the bins stand in partition 0, the potholes in partition 1."""
    return tuple(
        Record(topic, int(number == 7), number % 7, at(number / 10), "potholes" if number == 7 else "bins", number) for number in numbers
    )


def routed(*numbers: int) -> tuple[Record, ...]:
    """These reports under the team that said so."""
    return tuple(Record("steps-by-team", 0, nth, at(1), "north", number) for nth, number in enumerate(numbers))


MILESTONE = Telling(0, 0, at(1), "m1", "bins", "milestone", 1, 1, (5, LONG_AGO))
REMINDER = Telling(1, 0, DUE + timedelta(seconds=2), "r1", "potholes", "reminder", DUE, 1, (DUE,))


def inbox(reader: str, topic: str, partition: int, end: int, **changed: int) -> Inbox:
    """Everything applied up to the end."""
    sums = {"consumed": end, "applied": end, "duplicate": 0, "dead": 0, "parked": 0, "skipped": 0, "gap": 0} | changed
    return Inbox(reader, topic, partition, end, end, **sums)


SOUND = Evidence(
    entries=ENTRIES,
    reports=(*(each._replace(offset=nth) for nth, each in enumerate(steps(1, 2, 3, 4, 5, 6))), *steps(7)),
    routed=routed(1, 2, 3, 4, 5, 7),
    tellings=(MILESTONE, REMINDER),
    seen=((0, 0, "m1"), (1, 0, "r1")),
    written=("m1", "r1"),
    passed_on=(1, 2, 3, 4, 5, 7),
    told={("milestone", "bins", 1): 1, ("reminder", "potholes", DUE): 1},
    step_log={"bins": (1, 2, 3, 4, 5, 6), "potholes": (7,)},
    team_log={"north": (1, 2, 3, 4, 5, 7)},
    progress={"bins": fold(ENTRIES[:6]), "potholes": fold(ENTRIES[6:])},
    inboxes=(inbox("job-progress", "steps", 0, 6), inbox("job-progress", "steps", 1, 1)),
    clocks={0: at(10), 1: at(10)},
)


def found(**changed: Any) -> set[str]:
    """The kinds of fault in a run that was sound but for this."""
    return {finding.kind for finding in judge(replace(SOUND, **changed)).findings}


def test_a_sound_run_holds() -> None:
    verdict = judge(SOUND)
    assert verdict.findings == []
    assert verdict.counts == {
        "sourced": 7, "lost": 0, "duplicate_effects": 0, "inversions": 0, "stale_effects": 0, "early": 0, "unaccounted": 0,
    }  # fmt: skip


def test_a_record_that_stands_in_the_log_twice_is_allowed_if_it_was_applied_twice() -> None:
    again = Record("steps", 1, 1, at(2), "potholes", 7)
    assert not found(
        reports=(*SOUND.reports, again), step_log={**SOUND.step_log, "potholes": (7, 7)}, routed=routed(1, 2, 3, 4, 5, 7, 7),
        passed_on=(*SOUND.passed_on, 7), team_log={"north": (1, 2, 3, 4, 5, 7, 7)}, inboxes=(SOUND.inboxes[0], inbox("j", "steps", 1, 2)),
    )  # fmt: skip


def test_a_telling_that_was_sent_again_says_nothing_new() -> None:
    assert not found(tellings=(*SOUND.tellings, MILESTONE._replace(offset=1)))


FAULTS: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "a line of the ledger is not in the log": ("lost", lambda: {"reports": SOUND.reports[1:]}),
    "a record was never said": ("phantom", lambda: {"reports": (*SOUND.reports, Record("steps", 1, 1, at(2), "potholes", 99))}),
    "a record was not applied": ("unseen", lambda: {"step_log": {**SOUND.step_log, "potholes": ()}}),
    "a record was applied twice": ("duplicate_effect", lambda: {"step_log": {**SOUND.step_log, "potholes": (7, 7)}}),
    "something was applied that is in no log": ("phantom", lambda: {"step_log": {**SOUND.step_log, "potholes": (7, 98)}}),
    "records were applied in another order": ("order_inversion", lambda: {"step_log": {**SOUND.step_log, "bins": (1, 2, 3, 4, 6, 5)}}),
    "records came to stand in another order": ("order_inversion", lambda: {"entries": (ENTRIES[1], ENTRIES[0], *ENTRIES[2:])}),
    "a row is not what the reports say": ("unseen", lambda: {"progress": {**SOUND.progress, "potholes": State()}}),
    "a row came from nowhere": ("phantom", lambda: {"progress": {**SOUND.progress, "bridges": State(closed=True)}}),
    "a report was passed on twice": ("duplicate_effect", lambda: {"passed_on": (*SOUND.passed_on, 7)}),
    "a report was not passed on": ("lost", lambda: {"passed_on": SOUND.passed_on[:-1]}),
    "what was passed on did not arrive": ("lost", lambda: {"routed": SOUND.routed[:-1]}),
    "a milestone was not told": ("lost", lambda: {"tellings": (REMINDER,)}),
    "a milestone was decided twice": ("duplicate_effect", lambda: {"written": ("m1", "m1", "r1")}),
    "a telling was never decided": ("phantom", lambda: {"written": ("m1",)}),
    "a telling says again what stands": ("duplicate_effect", lambda: _told_again(MILESTONE.content)),
    "a telling says what no state called for": ("stale_effect", lambda: _told_again((4, LONG_AGO))),
    "a milestone was taken back though it stands": ("stale_effect", lambda: _told_again(None)),
    "a telling was left out of the numbering": ("order_inversion", lambda: {"tellings": (MILESTONE._replace(n=2), REMINDER)}),
    "nobody knows a telling's number": ("phantom", lambda: {"tellings": (MILESTONE._replace(n=None), REMINDER)}),
    "a reminder fell before its instant": ("early", lambda: {"tellings": (MILESTONE, REMINDER._replace(at=DUE - timedelta(seconds=1)))}),
    "a reminder fell for a job that had been closed": ("early", lambda: _reminded_of_the_bins()),  # noqa: PLW0108 - it is defined below
    "a reminder never fell": ("lost", lambda: {"tellings": (MILESTONE,), "written": ("m1",), "seen": SOUND.seen[:1]}),
    "the store remembers fewer tellings than there were": ("duplicate_effect", lambda: {"told": {("milestone", "bins", 1): 1}}),
    "two readers saw different tellings": ("inconsistent", lambda: {"seen": ((0, 0, "r1"),)}),
    "the sums do not balance": ("unaccounted", lambda: {"inboxes": (inbox("j", "steps", 0, 6, applied=5),)}),
    "offsets were passed over": ("unaccounted", lambda: {"inboxes": (inbox("j", "steps", 0, 6, applied=5, consumed=5),)}),
    "a dead letter is counted and is not there": ("unaccounted", lambda: {"inboxes": (inbox("j", "steps", 0, 6, applied=5, dead=1),)}),
    "a reader is behind": ("unaccounted", lambda: {"inboxes": (inbox("j", "steps", 0, 6)._replace(end=7),)}),
    "facts and tellings parted for a moment": ("stale_effect", lambda: {"torn": ("bins",)}),
    "spoilt bytes were applied": ("unseen", lambda: {"spoilt": frozenset({7})}),
}


def _told_again(content: object) -> dict[str, Any]:
    again = MILESTONE._replace(offset=1, event_id="m2", n=2, content=content)
    return {"tellings": (MILESTONE, again, REMINDER), "written": ("m1", "m2", "r1"), "told": {**SOUND.told, ("milestone", "bins", 1): 2}}


def _reminded_of_the_bins() -> dict[str, Any]:
    due = at(3)
    fell = Telling(0, 1, at(4), "r2", "bins", "reminder", due, 1, (due,))
    return {"tellings": (MILESTONE, fell, REMINDER), "entries": (ENTRIES[0]._replace(answer_by=due), *ENTRIES[1:])}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_found_when(fault: str) -> None:
    kind, change = FAULTS[fault]
    assert kind in found(**change())


def test_a_later_version_of_the_fold_may_say_otherwise_but_only_once_it_has_taken_over() -> None:
    later = MILESTONE._replace(offset=1, event_id="m2", n=2, content=(4, LONG_AGO))
    told = {"tellings": (MILESTONE, later, REMINDER), "written": ("m1", "m2", "r1"), "told": {**SOUND.told, ("milestone", "bins", 1): 2}}
    assert not found(**told, every=(5, 4))
    back = later._replace(offset=2, event_id="m3", n=3, content=MILESTONE.content)
    both = {
        "tellings": (MILESTONE, later, back, REMINDER),
        "written": ("m1", "m2", "m3", "r1"),
        "told": {**SOUND.told, ("milestone", "bins", 1): 3},
    }
    assert "stale_effect" in found(**both, every=(5, 4))


def test_a_fold_does_not_mind_order_or_repeats() -> None:
    corrected = Entry(8, "bins", "north", "step", LONG_AGO - timedelta(days=1), 2, 1, 0)
    assert fold([*ENTRIES[:6], corrected]) == fold([corrected, *reversed(ENTRIES[:6]), *ENTRIES[:3]])
