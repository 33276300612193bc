"""The figures as a table for people, and in docs/benchmarks/engine.md between the marks that this module owns."""

import os
import platform
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from benchmarks.engine.rounds import Figures, Run

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks" / "engine.md"
BEGIN, END = "<!-- figures: written by python -m benchmarks.engine --write -->", "<!-- end of figures -->"
_MEASURES = ("events_per_second", "events_per_cpu_second", "memory_mb")


def table(medians: Mapping[str, Figures], runs: Sequence[Run], absent: Mapping[str, str]) -> Table:
    """Medians with the range of the rounds, and who is absent and why."""
    shown = Table(title="Medians; in brackets the rounds' lowest and highest", title_justify="left")
    for column in ("engine", "events/s", "events per CPU second", "MB", "rounds"):
        shown.add_column(column, justify="left" if column == "engine" else "right")
    for name, found in medians.items():
        mine = [run for run in runs if run.engine == name]
        shown.add_row(name, *_cells(found, mine))
    for name, why in absent.items():
        shown.add_row(name, f"[red]{why[:90]}[/]")
    return shown


def _cells(found: Figures, runs: Sequence[Run]) -> tuple[str, str, str, str]:
    wall = sorted(run.counted_events / run.wall_seconds for run in runs)
    cost = sorted(run.counted_events / run.cpu_seconds for run in runs)
    return (
        f"{found.events_per_second:,} ({wall[0]:,.0f}–{wall[-1]:,.0f})",
        f"{found.events_per_cpu_second:,} ({cost[0]:,.0f}–{cost[-1]:,.0f})",
        f"{found.memory_mb:,.0f}",
        str(len(runs)),
    )


def machine(kafka: str, how: str) -> str:
    """On what and when the figures were taken, and how."""
    models = (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    return (
        f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores ({next(models, 'unknown')}), Linux {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, Kafka {kafka}; {how}."
    )


def write_down(medians: Mapping[str, Figures], runs: Sequence[Run], absent: Mapping[str, str], circumstances: str) -> None:
    """Replace the figures in the document; the words around them are left alone."""
    replace_between(BEGIN, END, [circumstances, "", *_markdown(medians, runs, absent), "", *_ratios(medians)])


def replace_between(begin: str, end: str, lines: Sequence[str]) -> None:
    """Put these lines between two marks of the document."""
    text = DOCUMENT.read_text()
    figures = "\n".join([begin, "", *lines, "", end])
    DOCUMENT.write_text(re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: figures, text, flags=re.DOTALL))


def _markdown(medians: Mapping[str, Figures], runs: Sequence[Run], absent: Mapping[str, str]) -> list[str]:
    lines = ["| engine | events/s | events per CPU second | MB | rounds |", "|---|---:|---:|---:|---:|"]
    for name, found in medians.items():
        cells = _cells(found, [run for run in runs if run.engine == name])
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines + [f"| {name} | {why.splitlines()[0]} | | | |" for name, why in absent.items()]


_CLAIMS = (
    ("hub-sqlite-bulk", "faust-table", "events_per_cpu_second", 10.0, "bar"),
    ("hub-sqlite-bulk", "quixstreams-exactly-once", "events_per_cpu_second", 2.0, "bar"),
    ("hub-sqlite-faust", "hub-sqlite-bulk", "events_per_second", 0.6, "bar"),
    ("hub-sqlite-faust", "hub-sqlite-bulk", "events_per_second", 0.8, "goal"),
    ("hub-sqlite-bulk", "kafka-streams-exactly-once-cache0", "events_per_cpu_second", 1.0, "goal"),
    ("hub-postgresql-bulk-2-workers", "kafka-streams-exactly-once-cache0", "events_per_second", 1.0, "goal"),
    ("hub-postgresql-bulk-2-workers", "kafka-streams-exactly-once-cache0-2-threads", "events_per_second", 1.0, "beyond the goal"),
)


def _ratios(medians: Mapping[str, Figures]) -> list[str]:
    lines = ["| claim | wanted | measured | |", "|---|---:|---:|---|"]
    for ours, theirs, measure, wanted, kind in _CLAIMS:
        if ours in medians and theirs in medians:
            ratio = getattr(medians[ours], measure) / getattr(medians[theirs], measure)
            verdict = "holds" if ratio >= wanted else "does not hold"
            lines.append(f"| {ours} against {theirs}, {measure.replace('_', ' ')} ({kind}) | ≥ {wanted:g} × | {ratio:.2f} × | {verdict} |")
    return lines
