"""`hub alerts`: what Alertmanager has to know of the council's calendar."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from hub.cli.clocks import Folder
from hub.cli.output import Json, say

OFFICE = "office-"
"""How the calendars of offices are named in calendars.yaml."""
app = typer.Typer(help="When whom to call.", no_args_is_help=True)


@app.callback()
def about() -> None:
    """When whom to call."""


@app.command()
def calendar(
    nation: Annotated[str, typer.Option(help="Whose: england-and-wales, scotland or northern-ireland.")] = "england-and-wales",
    *,
    policies: Folder = None,
    as_json: Json = False,
) -> None:
    """Alertmanager's `time_intervals`: office hours, and the days off from this year to the last whose bank holidays are published."""
    from hub.cli.clock_answers import in_force, one_of
    from hub.clocks.alerting import time_intervals

    calendars = {name.removeprefix(OFFICE): each for name, each in in_force(policies).calendars.items() if name.startswith(OFFICE)}
    found = calendars[one_of("--nation", nation, calendars)]
    this_year = datetime.now(UTC).year
    said = time_intervals(found, date(this_year, 1, 1), date(max(this_year + 1, found.horizon.year), 12, 31))
    if as_json:
        say(said, as_json=True)
    else:
        typer.echo("\n".join(_lines(said)))


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    """YAML, an interval a line: times in quotes, because 17:00 is a number to some readers of YAML."""
    yield "time_intervals:"
    for named in said["time_intervals"]:
        yield f"  - name: {named['name']}"
        yield "    time_intervals:"
        yield from (f"      - {json.dumps(each)}" for each in named["time_intervals"])
