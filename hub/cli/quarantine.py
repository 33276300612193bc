"""`hub quarantine`: what sources said that could not become events, and why.

There is nothing to send again: a source's record becomes events only in the source's own order, beside its cursor. When a mapping of files
is mended, its files are read again by themselves, and what can be taken in now leaves quarantine; an endpoint's record is taken in when the
endpoint gives it again.
"""

from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.model.errors import Rejected

app = typer.Typer(
    help="Source records that could not become events: mend the connector's file, and they are read again.", no_args_is_help=True
)

Connector = Annotated[str | None, typer.Option(help="Only this connector.")]
Code = Annotated[str | None, typer.Option(help="Only this reason code.")]


@app.command("list")
def list_(
    *,
    connector: Connector = None,
    code: Code = None,
    each: Annotated[bool, typer.Option("--each", help="Every record with its place, instead of how many there are.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """How many records of each connector were refused, by reason and field, and where the first stands; exit 1 if there are any."""
    with closing(house(config)) as opened:
        rows = _each(opened, connector, code)
    say(rows if each else _counted(rows), as_json=as_json)
    if rows:
        raise typer.Exit(1)


@app.command()
def show(
    connector: Annotated[str, typer.Argument(help="The connector.")],
    where: Annotated[str, typer.Argument(help="The record's place, as `hub quarantine list --each` prints it.")],
    *,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """One record: its reason, the fields at fault, its size and whether its key still opens; its content is not printed."""
    with closing(house(config)) as opened:
        said = [row for row in _each(opened, connector, None) if row["where"] == where]
        if not said:
            raise typer.BadParameter(f"{connector} has no record in quarantine at {where}")
        say(said[0] | {"bytes": _size(opened, connector, where)}, as_json=as_json)


@app.command()
def discard(
    *,
    connector: Annotated[str, typer.Option(help="Whose records.")],
    code: Code = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Forget refused records that nobody needs any more; the source still has them."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        gone = tx.run("DELETE FROM quarantine WHERE connector = ? AND code = COALESCE(?, code)", (connector, code))
    say({"discarded": gone}, as_json=as_json)


_NAMES = ("connector", "where", "code", "fields", "recorded_at")


def _each(opened: House, connector: str | None, code: str | None) -> list[dict[str, Any]]:
    with opened.store.read() as tx:
        rows = tx.rows("SELECT connector, origin, code, fields, recorded_at FROM quarantine ORDER BY connector, recorded_at, origin")
    found = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    return [row for row in found if connector in (None, row["connector"]) and code in (None, row["code"])]


def _counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        kinds.setdefault((row["connector"], row["code"], row["fields"]), []).append(row)
    return [
        {"connector": connector, "code": code, "fields": fields, "records": len(alike), "first": alike[0]["where"]}
        for (connector, code, fields), alike in kinds.items()
    ]


def _size(opened: House, connector: str, where: str) -> int | str:
    with opened.store.read() as tx:
        ((original,),) = tx.rows("SELECT original FROM quarantine WHERE connector = ? AND origin = ?", (connector, where))
    try:
        return len(opened.originals.open(bytes(original), f"{connector}/{where}"))
    except Rejected:
        return "their key is gone"
