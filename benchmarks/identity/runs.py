"""One pass of the matcher over records in their order, timed, and the same at other thresholds."""

import gc
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from benchmarks.identity.scores import Scores, scores
from hub.identity.batch import matched
from hub.identity.identity import Identity
from hub.identity.inputs import Asserted
from hub.identity.model import Model
from hub.identity.normalise import facts
from hub.identity.said import Said

SWEEP = (0.0, 1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0, 9.0, 10.0, 12.0)
"""Join thresholds, in bits, among which the lowest that reaches a wanted precision is sought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one pass found and how long it took; times are of this process's CPU."""

    customers: list[int]
    records_per_cpu_second: float
    p50_us: float
    p99_us: float
    review_per_1000: float


def run(model: Model, records: Sequence[Said]) -> Run:
    """Every record taken in and decided on, one after the other, as the hub does; normalising included."""
    identity = Identity(model, accept_reserved=True)
    times: list[int] = []
    clock = time.thread_time_ns
    gc.collect()
    gc.freeze()
    gc.disable()
    began = time.process_time()
    for offset, record in enumerate(records):
        before = clock()
        identity.evolve(identity.decide(Asserted(record), offset), offset)
        times.append(clock() - before)
    taken = time.process_time() - began
    gc.enable()
    gc.unfreeze()
    times.sort()
    return Run(
        customers=list(identity.world.customer),
        records_per_cpu_second=len(records) / taken,
        p50_us=times[len(times) // 2] / 1000,
        p99_us=times[len(times) * 99 // 100] / 1000,
        review_per_1000=1000 * len(identity.world.reviews.open_ones) / len(records),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The lowest threshold tried whose precision is at least what was wanted, and what it finds."""

    join: float
    scores: Scores
    customers: list[int]


def reached(model: Model, records: Sequence[Said], persons: Sequence[str], wanted: Sequence[float]) -> list[Reached | None]:
    """For each precision wanted, the lowest threshold that reaches it; none where none does. Precision is taken to rise with it."""
    known = [facts(record, accept_reserved=True, fillers=model.fillers) for record in records]

    @cache
    def found(place: int) -> Reached:
        customers = matched(known, at(model, SWEEP[place]))
        return Reached(join=SWEEP[place], scores=scores(persons, customers), customers=customers)

    places = [bisect_left(range(len(SWEEP)), True, key=lambda place: found(place).scores.precision >= least) for least in wanted]
    return [found(place) if place < len(SWEEP) else None for place in places]


def at(model: Model, join: float) -> Model:
    """The same model with another threshold for joining, and for making two customers one."""
    return replace(model, thresholds=replace(model.thresholds, join=join, merge=join, review=min(model.thresholds.review, join)))
