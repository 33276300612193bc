"""`hub clocks`: which policies there are, and when something is due by them, day by day."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.output import Json, say
from hub.clocks.packs import Pack, Stage

app = typer.Typer(help="What is due when, by which policy.", no_args_is_help=True)

Folder = Annotated[Path | None, typer.Option("--policies", help="The folder of policies.", show_default="the one in force")]


@app.callback()
def about() -> None:
    """What is due when, by which policy."""


@app.command("list")
def listed(*, policies: Folder = None, as_json: Json = False) -> None:
    """Every stage of every policy: how long it is, by which calendar, and who says so."""
    from hub.cli.clock_answers import in_force

    found = in_force(policies)
    rows = [_row(pack, stage) for pack in found.packs.values() for stage in pack.stages.values()]
    say(rows if as_json else [{name: row[name] for name in _SEEN} for row in rows], as_json=as_json)


@app.command("due")
def due_when(
    policy: Annotated[str, typer.Option(help="A policy of `hub clocks list`.")],
    stage: Annotated[str, typer.Option(help="acknowledgement, stage-1, stage-2, stage-3, response or follow-up.")],
    start: Annotated[str, typer.Option("--from", help="When it started: 2026-03-02, 2026-03-02T09:30 (London) or with an offset.")],
    received: Annotated[str | None, typer.Option(help="When it was received, where an act of the council's starts the stage.")] = None,
    pause: Annotated[list[str] | None, typer.Option(help="A..B, or A.. if not ended; ,reason=R if need be. May be repeated.")] = None,
    extend: Annotated[list[str] | None, typer.Option(help="N of the stage's unit; ,recorded=T,told=T,reason=R. May be repeated.")] = None,
    nation: Annotated[str, typer.Option(help="Whose bank holidays: england, wales, scotland or northern-ireland.")] = "england",
    *,
    policies: Folder = None,
    as_json: Json = False,
) -> None:
    """When it is due, when to warn, and how every day was counted; exit 1 if a pause or an extension does not count."""
    from hub.cli.clock_answers import Question, answer, in_force

    question = Question.model_validate({
        "policy": policy, "stage": stage, "nation": nation, "from": start, "received": received, "pauses": pause or (),
        "extensions": extend or (),
    })  # fmt: skip
    found = answer(in_force(policies), question)
    say(found, as_json=as_json, sentence="" if as_json else _explained(found))
    if found["refused"]:
        raise typer.Exit(1)


_SEEN = ("policy", "stage", "starts", "counts", "calendar", "confidence")


def _row(pack: Pack, stage: Stage) -> dict[str, Any]:
    return {
        "policy": pack.name, "stage": stage.name.value, "says": stage.says, "starts": stage.starts,
        "counts": f"{stage.amount} {stage.unit}",
        "calendar": ", ".join(dict.fromkeys(stage.calendars.values())), "nations": [nation.value for nation in stage.calendars],
        "stops": stage.stops, "pauses": [rule.reason for rule in stage.pauses], "warn": stage.warn,
        "extension": stage.extension and stage.extension.at_most, "escalates": stage.escalates, "statutory": pack.statutory,
        "since": pack.since.isoformat(), "source": stage.source, "confidence": stage.confidence.value,
    }  # fmt: skip


def _explained(found: dict[str, Any]) -> str:
    lines = [f"{step['day']} {step['weekday'][:3]}  {step['says']}" for step in found["steps"]]
    lines += [f"warn at {instant}" for instant in found["warn"]]
    lines += [f"refused: {each['what']} of {each['at']}: {each['why']}" for each in found["refused"]]
    provisional = ", provisional: not all of its bank holidays are published" if found["provisional"] else ""
    due = f"overdue from {found['due']}, last day {found['last_day']}" if found["due"] else "paused: due when it has been resumed"
    return "\n".join((*lines, f"{found['policy']} {found['stage']}: {due}{provisional} ({found['counts']}, {found['calendar']})"))
