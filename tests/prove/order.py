"""Reports come in any order: shuffled within a day, late, dated a month ahead, folded by processes whose clocks are minutes wrong."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

from tests.prove.ledger import Line, Story, tell
from tests.prove.proving import Case, Proven, finish, last_due, several
from tests.prove.world import World, now, world

AHEAD, BEHIND = "600", "-600"
"""Seconds by which clocks are wrong."""
DUES = (-20.0, 120.0)
"""Reminders fall before anybody has heard of them, while the proof runs, or after it, yet within what a clock is ahead."""
SOON = timedelta(seconds=5)


def prove(case: Case) -> Proven:
    """See above; one process after another on SQLite, then several at once on PostgreSQL."""
    if case.without:
        return _on_sqlite(case, 2_000)
    events = case.pick(2_000, 20_000)
    several_at_once: Callable[[], Proven] = lambda: _on_postgresql(case, events)  # noqa: E731 - as the other
    return several([lambda: _on_sqlite(case, events), several_at_once])


def _lines(seed: int, events: int) -> list[Line]:
    """A job's reports in any order: the closing may come first, a correction before what it corrects, the instant after it has passed."""
    return tell(Story(seed=seed, events=events, start=now(), dues=DUES, shuffled=True))


def _on_sqlite(case: Case, events: int) -> Proven:
    with world(on_postgresql=False, without=case.without) as hub:
        lines = _lines(case.seed, events)
        size = -(-len(lines) // 4)
        for skew, start in zip(cycle((AHEAD, BEHIND)), range(0, len(lines), size), strict=False):
            running = hub.start("connect,relay,worker", "--skew", skew, feeder="bulk")
            hub.say(lines[start : start + size])
            hub.quiet()
            hub.look()
            hub.end(running)
        hub.start("connect,relay,worker", "--skew", AHEAD, feeder="bulk")
        return finish(hub, past=last_due(lines, now() + SOON))


def _on_postgresql(case: Case, events: int) -> Proven:
    with world(on_postgresql=True) as hub:
        lines = _lines(case.seed + 1, events)
        hub.start("connect,relay", "--skew", BEHIND)
        hub.start("worker", "--skew", AHEAD)
        hub.start("worker", "--skew", BEHIND)
        for piece in _pieces(lines, 10):
            hub.say(piece)
            _read(hub)
            hub.look()
        return finish(hub, past=last_due(lines, now() + SOON))


def _pieces(lines: list[Line], count: int) -> list[list[Line]]:
    size = -(-len(lines) // count)
    return [lines[start : start + size] for start in range(0, len(lines), size)]


def _read(hub: World) -> None:
    """The sources have been read to their ends."""
    hub.until(lambda: "unread sources" not in hub.open_ends(), 60, "the sources to be read")
