"""`hub identity`: learning what agreement is worth from a council's own records."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.output import Json, say
from hub.model.errors import Misconfigured

app = typer.Typer(help="Who is the same person: the weights of the matcher.", no_args_is_help=True)

_FIELDS = ("record_id", "forename", "surname")


@app.callback()
def about() -> None:
    """Who is the same person: the weights of the matcher."""


@app.command()
def train(
    records: Annotated[Path, typer.Option(help="A CSV file of records: record_id, forename, surname, and what else is known.")],
    out: Annotated[Path, typer.Option(help="Where to write the weights; set identity.model to that file to use them.")],
    truth: Annotated[Path | None, typer.Option(help="A CSV file of record_id and person_id, where that is known.")] = None,
    *,
    reserved: Annotated[bool, typer.Option(help="Whether test numbers count: for made-up records only.")] = False,
    as_json: Json = False,
) -> None:
    """Learn the weights from these records: without labels, or with them where --truth has them."""
    from hub.identity import fit, normalise
    from hub.identity.model import to_json
    from hub.identity.rows import said

    rows = _rows(records, _FIELDS)
    known = [normalise.facts(said(row), accept_reserved=reserved) for row in rows]
    version = f"{'labels' if truth else 'em'}-{records.stem}"
    if truth is None:
        model = fit.without_labels(known, version)
    else:
        persons = {row["record_id"]: row["person_id"] for row in _rows(truth, ("record_id", "person_id"))}
        model = fit.with_labels(known, [persons.get(row["record_id"], row["record_id"]) for row in rows], version)
    out.write_text(to_json(model), "utf-8")
    made = {"version": version, "records": len(rows), "file": str(out)}
    say(made, as_json=as_json, sentence=f"{version}: weights of {len(rows):,} records are in {out}; set identity.model to use them")


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}") from None
    missing = [field for field in needed if not rows or field not in rows[0]]
    if missing:
        raise Misconfigured(str(path), f"has no {', '.join(missing)}", "the first line names the columns; at least one record follows")
    return rows
