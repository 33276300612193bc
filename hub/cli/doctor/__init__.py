"""`hub doctor`: what is wrong with this hub, why, and what to do about it; it changes nothing.

Each check is asked once what it rests on answers, so that one cause is said once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing, open_house
from hub.cli.doctor import broker, machine, material, schemas, work
from hub.cli.doctor.faults import FAULTS, Finding, found
from hub.cli.output import Config, Json, say, settings
from hub.model.errors import Misconfigured, Unavailable

__all__ = ["FAULTS", "doctor"]

Look = Callable[[House, date], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look, and the checks that must have found nothing before it is worth taking."""

    name: str
    look: Look
    rests_on: tuple[str, ...] = ()
    unanswered: str = ""
    """What is found where it cannot be taken because something does not answer."""


def _undated(look: Callable[[House], Iterator[Finding]]) -> Look:
    return lambda house, _: look(house)


CHECKS = (
    Check(name="disk", look=_undated(machine.disk)),
    Check(name="ports", look=_undated(machine.ports)),
    Check(name="certificates", look=machine.certificates),
    Check(name="agreements", look=work.agreements),
    Check(name="readers", look=_undated(schemas.readers)),
    Check(name="registry", look=_undated(schemas.registry)),
    Check(name="keys", look=_undated(material.keys)),
    Check(name="store", look=_undated(material.store), rests_on=("keys",)),
    Check(name="connectors", look=_undated(machine.connector_files), rests_on=("keys", "store")),
    Check(name="work", look=_undated(work.waiting), rests_on=("store",), unanswered="store-unreachable"),
    Check(name="kafka", look=_undated(broker.reached)),
    Check(name="topics", look=_undated(broker.logs), rests_on=("store", "kafka"), unanswered="kafka-unreachable"),
    Check(name="clocks", look=_undated(broker.clocks), rests_on=("topics",), unanswered="kafka-unreachable"),
)


def doctor(
    *,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Judge what ends by this day.", show_default="today")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what is wrong with this hub, why, and how it is mended; changes nothing. Ends with 1, 2 or 3, as bad as the worst is."""
    states, findings = examine(config, (on or datetime.now(UTC)).date())
    if as_json:
        say({"ok": not findings, "checks": states, "findings": [each.row() for each in findings]}, as_json=True)
    else:
        for line in _lines(states, findings):
            typer.echo(line)
    if findings:
        raise typer.Exit(max(each.fault.code for each in findings))


def examine(config: Path | None, day: date) -> tuple[dict[str, str], list[Finding]]:
    """Every check with `ok`, `found` or `not asked`, and what was found."""
    try:
        inside = settings(config)
    except Misconfigured as error:
        return {"settings": "found"}, [found("settings-wrong", error.key, error.why, error.mend)]
    with closing(open_house(inside)) as house:
        states, findings = looked_at(house, day)
    return {"settings": "ok", **states}, findings


def looked_at(house: House, day: date) -> tuple[dict[str, str], list[Finding]]:
    """As `examine`, of a hub whose settings can be read."""
    states, findings = dict[str, str](), list[Finding]()
    for check in CHECKS:
        if any(states[other] != "ok" for other in check.rests_on):
            states[check.name] = "not asked"
            continue
        met = _taken(check, house, day)
        states[check.name] = "found" if met else "ok"
        findings += met
    return states, findings


def _taken(check: Check, house: House, day: date) -> list[Finding]:
    try:
        return list(check.look(house, day))
    except Unavailable as outage:  # it answered a moment ago
        return [found(check.unanswered or "store-unreachable", check.name, outage.what)]


def _lines(states: Mapping[str, Any], findings: list[Finding]) -> Iterator[str]:
    fine = [name for name, state in states.items() if state == "ok"]
    yield f"in order: {', '.join(fine) or 'nothing'}"
    for each in findings:
        yield f"\n{each.fault.name}: {each.where}: {each.cause}"
        yield f"  means  {each.fault.means}"
        yield f"  do     {each.mend}"
    if unasked := [name for name, state in states.items() if state == "not asked"]:
        yield f"\nnot asked before that is mended: {', '.join(unasked)}"
    yield f"\n{len(findings)} {'thing is' if len(findings) == 1 else 'things are'} wrong" if findings else "nothing is wrong"
