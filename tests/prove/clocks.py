"""Every clock falls due when a walk through time says so, and a day proclaimed in mid-flight moves only the clocks that run over it.

Random policies, nations, starts, pauses and extensions; the walk shares no code with the hub (tests/clocks/oracle.py). A clock that falls
due too soon counts as early, one that falls due too late as unaccounted. The control: without pauses the two must disagree.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hub.clock_policies import BANK_HOLIDAYS, load, published
from hub.clocks import london
from hub.clocks.bank_holidays import Published
from hub.clocks.due import Clock, due
from hub.clocks.packs import Policies, StageName
from hub.shipped import shipped
from tests.clocks.oracle import Case as Asked
from tests.clocks.oracle import expected
from tests.clocks.random_clocks import case as drawn
from tests.clocks.random_clocks import said_by_the_hub
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven

CONTROL = 200
FROM = date(2026, 1, 1)
PROCLAIMED = date(2027, 5, 14)


def prove(case: Case) -> Proven:
    """All of the above."""
    policies, random = load(shipped("policies")), Random(case.seed)
    many = case.pick(10_000, 100_000)
    found = [finding for _ in range(many) for finding in _judged(policies, drawn(random))]
    found += _in_mid_flight(policies)
    spoilt = (drawn(random) for _ in range(CONTROL))
    if not any(said_by_the_hub(policies, replace(asked, pauses=())).at != expected(asked) for asked in spoilt):
        found.append(Finding("unaccounted", "the loss of every pause is not noticed"))
    early = sum(finding.kind == "early" for finding in found)
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": many, "early": early, "unaccounted": len(found) - early}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _judged(policies: Policies, asked: Asked) -> Iterator[Finding]:
    said, right = said_by_the_hub(policies, asked).at, expected(asked)
    if said != right:
        early = said is not None and (right is None or said < right)
        yield Finding("early" if early else "unaccounted", f"{asked} is due {said}, and not {right}")


def _in_mid_flight(old: Policies) -> Iterator[Finding]:
    """A day proclaimed for England moves the clocks started before it and due on it or later, and no other."""
    listed = published(shipped("policies") / BANK_HOLIDAYS)
    english = {**listed.days["england-and-wales"], PROCLAIMED: "Proclaimed"}
    new = load(shipped("policies"), Published(days={**listed.days, "england-and-wales": english}))
    stage = old.packs["lgsco-2024"].stages[StageName.STAGE_2]
    for start in (FROM + timedelta(days=n) for n in range(730)):
        clock = Clock(start=london.midnight(start))
        before, after = (due(stage, each.calendars["england-and-wales"], clock).last_day for each in (old, new))
        if before is None or after is None or (before < after) != (start < PROCLAIMED <= before):
            yield Finding("unaccounted", f"started on {start}: {before} became {after}")
