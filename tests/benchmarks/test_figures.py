"""An engine's figures count only if it did the work, and only for the time it took."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import fastavro
import pytest

from benchmarks.engine.case_load import PROJECTION, BenchmarkChannel, BenchmarkEvent, BenchmarkKind, CaseLoad, contracts
from benchmarks.engine.rounds import Run, Wrong, figures, judge
from benchmarks.engine.sample import HEADER, SCHEMA, Known, Sample, learn, record, samples
from benchmarks.engine.states import micros
from benchmarks.engine.timeline import Reading, result


def known(events: int = 3000, seed: int = 1) -> dict[str, Known]:
    cases: dict[str, Known] = {}
    for sample in samples(events, seed):
        learn(cases, sample)
    return cases


def test_an_engine_that_kept_everything_counts() -> None:
    assert judge(known(), known(), seed=1) == 1000


def test_an_engine_that_forgot_a_case_does_not_count() -> None:
    kept = known()
    kept.pop(next(iter(kept)))
    with pytest.raises(Wrong, match="keys kept"):
        judge(kept, known(), seed=1)


def test_an_engine_that_skipped_an_event_does_not_count() -> None:
    kept = known()
    next(iter(kept.values())).count -= 1
    with pytest.raises(Wrong, match="events counted"):
        judge(kept, known(), seed=1)


def test_an_engine_that_kept_another_last_event_does_not_count() -> None:
    kept = known()
    for case in kept.values():
        case.last -= 1
    with pytest.raises(Wrong, match="keys differ"):
        judge(kept, known(), seed=1)


def test_the_same_seed_gives_the_same_events_and_no_two_happened_at_one_instant() -> None:
    events = list(samples(5000, 7))
    assert events == list(samples(5000, 7))
    assert len({event.occurred_at for event in events}) == 5000


def test_the_first_quarter_is_not_counted() -> None:
    worker = [Reading(0.0, 0, 0.0), Reading(1.0, 25, 0.9), Reading(2.0, 60, 1.6), Reading(3.0, 100, 2.5)]
    assert result([worker], (), 100, 50.0)[1:4] == (75, 2.0, 1.6)


def test_what_a_second_worker_has_in_hand_when_counting_begins_is_not_counted() -> None:
    first = [Reading(0.0, 0, 0.0), Reading(2.0, 50, 2.0)]
    second = [Reading(0.0, 0, 0.0), Reading(4.0, 50, 4.0)]
    assert result([first, second], (), 100, 50.0)[1:4] == (25, 2.0, 2.0)


def test_the_database_servers_time_is_the_engines() -> None:
    worker, server = [Reading(0.0, 25, 0.0), Reading(2.0, 100, 1.0)], [Reading(-1.0, 0, 5.0), Reading(3.0, 0, 9.0)]
    assert result([worker], server, 100, 50.0).cpu_seconds == 1.0 + 2.0


def test_a_run_that_did_not_apply_every_event_gives_no_figures() -> None:
    with pytest.raises(ValueError, match="99 of 100"):
        result([[Reading(0.0, 0, 0.0), Reading(1.0, 99, 1.0)]], (), 100, 50.0)


def test_the_median_of_three_rounds_is_what_an_engine_is_known_by() -> None:
    run = Run(engine="e", events=4, counted_events=300, wall_seconds=1.0, cpu_seconds=2.0, memory_mb=9.0, keys_checked=1)
    rounds = [run, replace(run, wall_seconds=3.0), replace(run, wall_seconds=2.0)]
    assert figures(rounds)["e"].events_per_second == 150


def test_the_hub_counts_as_the_reference_does() -> None:
    facts: dict[str, CaseLoad] = {}
    for sample in samples(3000, 3):
        facts[sample.case_id] = PROJECTION.apply(facts.get(sample.case_id, CaseLoad()), told(sample))
    assert {case_id: kept(each) for case_id, each in facts.items()} == known(3000, 3)


def test_what_the_loader_writes_is_what_the_hub_reads() -> None:
    sample = next(samples(1, 1))
    frame = io.BytesIO()
    frame.write(HEADER)
    fastavro.schemaless_writer(frame, fastavro.parse_schema(SCHEMA), record(sample))
    event = contracts().decoder()(frame.getvalue())
    assert len(frame.getvalue()) == 281
    assert isinstance(event, BenchmarkEvent)
    assert (event.case_id, event.kind, event.channel) == (sample.case_id, sample.kind, sample.channel)


def told(sample: Sample) -> BenchmarkEvent:
    at = record(sample)["occurred_at"]
    return BenchmarkEvent(
        occurred_at=instant(at), case_id=sample.case_id, kind=BenchmarkKind(sample.kind), channel=BenchmarkChannel(sample.channel)
    )


def instant(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def kept(facts: CaseLoad) -> Known:
    assert facts.first is not None
    assert facts.last is not None
    return Known(facts.count, micros(facts.first), micros(facts.last), str(facts.last_kind), set(map(str, facts.channels)))
