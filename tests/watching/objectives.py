"""Objectives, as rules that page when their allowance is used up too fast: `python -m tests.watching.objectives` writes objectives.yml.

Burn rates over a long and a short window, as in Google's Site Reliability Workbook, chapter 5: 14.4 times the allowance over an hour
spends 2 % of a month's, 6 times over six hours 5 %; the short window ends the alert soon after the trouble ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "deploy/prometheus/rules/objectives.yml"
BURNS = ((14.4, "1h", "5m"), (6, "6h", "30m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """So many in a hundred of `total` are `good`; where too many are not, `alert` says so."""

    name: str
    percent: float
    good: str
    total: str
    alert: str
    summary: str
    description: str


OBJECTIVES = (
    Objective(
        name="visible_late", percent=99.9, good='hub_event_end_to_end_delay_seconds_bucket{le="10.0"}',
        total="hub_event_end_to_end_delay_seconds_count", alert="VisibleTooLate",
        summary="{{ $value | humanizePercentage }} of batches became visible later than ten seconds after they were written.",
        description="At this rate the allowance of one in a thousand in a month is gone within five days.",
    ),
)  # fmt: skip


def rules() -> str:
    """The file of rules."""
    return "\n".join(["# Written by `python -m tests.watching.objectives`; a test keeps it current.", "groups:", *_groups()]) + "\n"


def _groups() -> Iterator[str]:
    for each in OBJECTIVES:
        yield f"  - name: hub-objective-{each.name.replace('_', '-')}"
        yield "    rules:"
        for window in sorted({window for _, *windows in BURNS for window in windows}):
            yield f"      - record: hub:{each.name}:ratio{window}"
            yield f"        expr: 1 - sum(rate({each.good}[{window}])) / sum(rate({each.total}[{window}]))"
        yield from _alert(each)


def _alert(each: Objective) -> Iterator[str]:
    allowed = round(1 - each.percent / 100, 6)
    burning = " or ".join(
        f"(hub:{each.name}:ratio{long} > {times} * {allowed} and hub:{each.name}:ratio{short} > {times} * {allowed})"
        for times, long, short in BURNS
    )
    yield f"      - alert: {each.alert}"
    yield f"        expr: {burning}"
    yield "        labels: {severity: page}"
    yield "        annotations:"
    yield f'          summary: "{each.summary}"'
    yield f"          description: {each.description}"
    yield f"          runbook_url: docs/runbooks/{each.alert}.md"


if __name__ == "__main__":
    RULES.write_text(rules())
