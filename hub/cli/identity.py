"""`hub identity`: learning what agreement is worth from a council's own records, and what would change by it."""

import csv
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.output import Config, Json, house, say
from hub.model.errors import Misconfigured

if TYPE_CHECKING:
    from hub.cli.composition import House
    from hub.identity.identity import Identity
    from hub.identity.inputs import Released

app = typer.Typer(help="Who is the same person: the weights of the matcher.", no_args_is_help=True)

_FIELDS = ("record_id", "forename", "surname")
_PORTION = 1_000
"""Parties of a plan in one event at most, but for customers that hang together."""


@app.callback()
def about() -> None:
    """Who is the same person: the weights of the matcher."""


@app.command()
def train(
    records: Annotated[Path, typer.Option(help="A CSV file of records: record_id, forename, surname, and what else is known.")],
    out: Annotated[Path, typer.Option(help="Where to write the weights; name the file as identity.model, then: hub identity rematch.")],
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
    then = "name it as identity.model, then: hub identity rematch"
    say(made, as_json=as_json, sentence=f"{version}: weights of {len(rows):,} records are in {out}; {then}")


@app.command()
def rematch(
    *,
    release: Annotated[str | None, typer.Option(help="The plan's number as it was shown: let it take effect.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who releases it: the name of an account.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """What the weights of the settings would make of everything said and answered: a plan, until somebody releases it."""
    from hub.cli import people
    from hub.cli.composition import closing

    with closing(house(config, kafka=True)) as opened:
        found = people.identity_worker(opened).looked_at()
        plan = found.would_rematch(people.load_weights(opened.settings.identity.model))
        named = _named(plan)
        if release is None:
            say(_shown(found, plan, named), as_json=as_json)
            return
        if release != named:
            raise Misconfigured("--release", "is not the plan as it is now", f"look at it again; now it is {named}")
        say({"plan": named, "events": _release(opened, found, plan, by)}, as_json=as_json)


def _named(plan: "Released") -> str:
    """A number that only this plan has."""
    return sha256(repr(plan).encode()).hexdigest()[:16]


def _shown(found: "Identity", plan: "Released", named: str) -> dict[str, Any]:
    now = {party: str(found.customer_id(party)) for party in plan.party_ids}
    rows = [
        {"party": party, "now": now[party], "then": then} for party, then in zip(plan.party_ids, plan.customer_ids, strict=True)
    ]  # fmt: skip
    return {"plan": named, "decides": found.model_version, "would_decide": plan.model_version, "parties": len(rows), "changes": rows}


def _release(opened: "House", found: "Identity", plan: "Released", by: str | None) -> int:
    """Say it under the account's name, part by part; how many events that took."""
    from hub.cli.person import carried_out
    from hub.commands import PERSON
    from hub.commands.person import ReleaseRematch
    from hub.identity.rematching import portions

    if by is None:
        raise Misconfigured("--by", "is not given", "a plan is released by somebody: the name of an account")
    if not found.register.parties:
        raise Misconfigured("identity", "knows nobody yet", "the weights of the settings decide from the first record on")
    now, at = {party: str(found.customer_id(party)) for party in plan.party_ids}, datetime.now(UTC)
    parts = list(portions(plan, now, _PORTION))
    for part in parts:
        command = ReleaseRematch(
            party_id=part.party_ids[0] if part.party_ids else found.register.parties[0], at=at, plan_id=_named(plan),
            model_version=part.model_version, party_ids=part.party_ids, customer_ids=part.customer_ids, decided_by=by,
        )  # fmt: skip
        carried_out(opened, command, PERSON, by=by)
    return len(parts)


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
