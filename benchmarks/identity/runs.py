"""One pass of the matcher over records in their order, timed, and the same at other thresholds."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.identity.files import Truth
from benchmarks.identity.scores import Scores, scores
from hub.identity.batch import matched
from hub.identity.facts import Facts
from hub.identity.identity import Identity
from hub.identity.inputs import Asserted
from hub.identity.model import Model
from hub.identity.normalise import facts
from hub.identity.said import Said

SWEEP = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Join thresholds tried for recall at a wanted precision, in bits."""


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


def recalls_at(model: Model, records: Sequence[Said], truth: Truth, wanted: Sequence[float]) -> list[float]:
    """The best recall of any threshold tried whose precision is at least each of these; 0 where none is."""
    found = [each for _, each in sweep(model, normalised(records), truth.persons)]
    return [max((each.recall for each in found if each.precision >= least), default=0.0) for least in wanted]


def sweep(model: Model, known: Sequence[Facts], persons: Sequence[str]) -> list[tuple[float, Scores]]:
    """The scores at each threshold."""
    return [(join, scores(persons, matched(known, at(model, join)))) for join in SWEEP]


def at(model: Model, join: float) -> Model:
    """The same model with another threshold for joining."""
    return replace(model, thresholds=replace(model.thresholds, join=join, review=min(model.thresholds.review, join)))


def normalised(records: Sequence[Said]) -> list[Facts]:
    """What can be compared of these records."""
    return [facts(record, accept_reserved=True) for record in records]
