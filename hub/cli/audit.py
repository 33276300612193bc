"""`hub audit`: who looked at what, whether the record of it is as it was written, and the broken glasses somebody must look into."""

from typing import Annotated, Any

import typer

from hub.cli.access import anchors, drop_anchor, record, words_of
from hub.cli.composition import closing
from hub.cli.output import Config, Json, house, say
from hub.privacy.access_record import Entry

app = typer.Typer(help="Who looked at what.", no_args_is_help=True)
_SHOWN = (
    "kind",
    "actor",
    "role",
    "organisation",
    "team",
    "purpose",
    "route",
    "why",
    "agreement",
    "search",
    "as_of",
    "known_at",
    "break_glass",
)


@app.command("who-saw")
def who_saw(
    about: Annotated[str, typer.Argument(metavar="PARTY", help="A party's id, or a case's or contact's where no party is known.")],
    *,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Everybody who looked at this record, the newest first: who, for whom, what for, and which fields."""
    with closing(house(config)) as opened:
        entries = record(opened).who_saw(about)
    say([_look(entry, about) for entry in entries], as_json=as_json)


@app.command()
def by(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")], *, config: Config = None, as_json: Json = False
) -> None:
    """What one account looked at, the newest first."""
    with closing(house(config)) as opened:
        entries = record(opened).of_actor(account)
    say([_row(entry) for entry in entries], as_json=as_json)


@app.command()
def verify(*, config: Config = None, as_json: Json = False) -> None:
    """Hold every entry against its link, the index, the head and the anchors; exit 1 where anything is not as it was written."""
    with closing(house(config)) as opened:
        found, faults = record(opened).verify(anchors(opened))
        if not faults:
            drop_anchor(opened)
    said = {"entries": found, "faults": [{"n": fault.n, "what": fault.what} for fault in faults]}
    say(said, as_json=as_json, sentence=f"{found} entries, all as they were written" if not faults else "")
    if faults:
        raise typer.Exit(1)


@app.command()
def alerts(
    *,
    settle: Annotated[int | None, typer.Option(help="The number of the alert that was looked into.")] = None,
    by: Annotated[str, typer.Option(help="The account id of whoever looked into it.")] = "operator",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """The looks with a broken glass that nobody has looked into yet; exit 1 where there are any."""
    with closing(house(config)) as opened:
        kept = record(opened)
        if settle is not None:
            kept.settle(settle, by)
        open_ones = kept.alerts()
        rows = [_row(entry) | {"words": words_of(opened, entry)} for entry in open_ones]
    say(rows, as_json=as_json)
    if open_ones:
        raise typer.Exit(1)


def _row(entry: Entry) -> dict[str, Any]:
    return {"n": entry.n, "at": entry.at, "kind": entry.kind.value, **{name: entry.body.get(name) for name in _SHOWN if name != "kind"}}


def _look(entry: Entry, about: str) -> dict[str, Any]:
    seen = [each for each in entry.body["seen"] if each["about"] == about]
    shown = sorted({name for each in seen for name in each["shown"]})
    masked = sorted({name for each in seen for name in each["masked"]})
    return _row(entry) | {"of": sorted({each["record_class"] for each in seen}), "shown": shown, "masked": masked}
