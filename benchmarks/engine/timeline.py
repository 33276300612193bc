"""From what each worker noted while it worked to one result: what happened between the first quarter and the last event."""

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Reading(NamedTuple):
    """At `wall` (the machine's monotonic clock, shared by its processes) this process had committed `events` and spent `cpu` seconds."""

    wall: float
    events: int
    cpu: float


class Result(NamedTuple):
    """What one run of one engine came to."""

    events: int
    counted_events: int
    wall_seconds: float
    cpu_seconds: float
    memory_mb: float

    def line(self) -> str:
        """As the one line of JSON that an engine prints."""
        return json.dumps(self._asdict())


Readings = Sequence[Reading]


def result(workers: Sequence[Readings], server: Readings, events: int, memory_mb: float) -> Result:
    """From the first commit at which a quarter is done to the last commit; raises ValueError if events are missing.

    A worker stands between two of its commits while another commits: what it has done by then is read off the straight line between them.
    """
    done = sum(worker[-1].events for worker in workers)
    if done < events:
        raise ValueError(f"{done} of {events} events were applied")
    commits = sorted(reading.wall for worker in workers for reading in worker)
    start = next(at for at in commits if _sum(workers, at).events >= events // 4)
    end = commits[-1]
    everyone = [*workers, server] if server else workers
    spent = _sum(everyone, end).cpu - _sum(everyone, start).cpu
    return Result(events, events - _sum(workers, start).events, round(end - start, 4), round(spent, 4), memory_mb)


def _sum(series: Sequence[Readings], instant: float) -> Reading:
    at = [_at(each, instant) for each in series]
    return Reading(instant, sum(reading.events for reading in at), sum(reading.cpu for reading in at))


def _at(readings: Readings, instant: float) -> Reading:
    position = bisect_right(readings, instant, key=lambda reading: reading.wall)
    if position in (0, len(readings)):
        return readings[max(position - 1, 0)]
    before, after = readings[position - 1], readings[position]
    share = (instant - before.wall) / (after.wall - before.wall)
    return Reading(instant, round(before.events + share * (after.events - before.events)), before.cpu + share * (after.cpu - before.cpu))
