"""`hub person`: find somebody, see them whole, put right who is who, and erase; every look is recorded as any other."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any

import typer

from hub.cli import looking
from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.commands import PERSON, PRIVACY
from hub.commands.person import DecideMatch, UndoDecision
from hub.commands.privacy import ConfirmErasure, DecideErasure, PlaceHold, ReleaseHold, RequestErasure
from hub.contracts.people_words import ErasureOutcome, MatchAnswer
from hub.engine.commanding import Accepted, Request
from hub.model.command import Aggregate, Refusal

app = typer.Typer(help="One person: seen whole, put right, erased.", no_args_is_help=True)
erase = typer.Typer(help="Erase what is held of a person: ask, decide class by class, let a second person confirm.", no_args_is_help=True)
app.add_typer(erase, name="erase")
for look in (looking.find, looking.show, looking.why, looking.as_at, looking.export_sar):
    app.command()(look)

One = Annotated[str, typer.Argument(help="A record of the one.")]
Other = Annotated[str, typer.Argument(help="A record of the other.")]
By = Annotated[str, typer.Option("--by", help="Who decides: the name of an account.")]
Parties = Annotated[list[str], typer.Option("--party", help="A record that was verified as the requester's; again for each.")]


@app.command()
def merge(party: One, other: Other, *, by: By, config: Config = None, as_json: Json = False) -> None:
    """Say that two records are of one person."""
    _decide(config, party, other, MatchAnswer.SAME, by, as_json=as_json)


@app.command()
def split(party: One, other: Other, *, by: By, config: Config = None, as_json: Json = False) -> None:
    """Say that two records are of different people: they are never joined again until somebody lifts it."""
    _decide(config, party, other, MatchAnswer.DIFFERENT, by, as_json=as_json)


@app.command()
def undo(
    decision: Annotated[str, typer.Argument(help="The decision's reference: the input it was made on and its place, as in 41:0.")],
    party: Annotated[str, typer.Argument(help="A record that it was about.")],
    *,
    by: By,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Undo a decision about who is who: it counts as answered different from where it was made."""
    command = UndoDecision(party_id=party, at=datetime.now(UTC), decision_id=decision, decided_by=by)
    with closing(house(config)) as opened:
        say(carried_out(opened, command, PERSON, by=by), as_json=as_json)


def _decide(config: Config, party: str, other: str, answer: MatchAnswer, by: str, *, as_json: bool) -> None:
    command = DecideMatch(party_id=party, at=datetime.now(UTC), party_ids=(party,), other_party_ids=(other,), answer=answer, decided_by=by)
    with closing(house(config)) as opened:
        say(carried_out(opened, command, PERSON, by=by), as_json=as_json)


# --- Erasure


@erase.command("request")
def request_erasure(
    request_id: Annotated[str, typer.Argument(help="The request's own number.")],
    *,
    party: Parties,
    record_class: Annotated[list[str], typer.Option("--class", help="A class of records; again for each.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Note what was asked, and show what would go, record by record."""
    from hub.cli import seeing

    with closing(house(config)) as opened:
        command = RequestErasure(
            party_id=party[0],
            at=datetime.now(UTC),
            request_id=request_id,
            record_classes=tuple(record_class),
            verified_party_ids=tuple(party),
        )
        carried_out(opened, command)
        parts = seeing.eraser(opened).expansion(party)
        rows = [
            {
                "party": part.party_id,
                "controller": part.controller,
                "cases": len(part.records["cases"]),
                "contacts": len(part.records["contacts"]),
            }
            for part in parts
        ]
    say(rows, as_json=as_json)


@erase.command("decide")
def decide_erasure(
    request_id: Annotated[str, typer.Argument(help="The request's own number.")],
    record_class: Annotated[str, typer.Argument(help="The class of records.")],
    outcome: Annotated[ErasureOutcome, typer.Argument(help="What becomes of it.")],
    *,
    party: Annotated[str, typer.Option(help="The record the request was noted under.")],
    by: By,
    ground: Annotated[str | None, typer.Option(help="Why it is refused or held: a code.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Decide what becomes of one class of records."""
    with closing(house(config)) as opened:
        command = DecideErasure(
            party_id=party,
            at=datetime.now(UTC),
            request_id=request_id,
            record_class=record_class,
            outcome=outcome,
            decided_by=by,
            ground=ground,
        )
        say(carried_out(opened, command, by=by), as_json=as_json)


@erase.command("confirm")
def confirm_erasure(
    request_id: Annotated[str, typer.Argument(help="The request's own number.")],
    *,
    party: Annotated[str, typer.Option(help="The record the request was noted under.")],
    by: By,
    delay_hours: Annotated[float, typer.Option(min=0, help="How long it can still be stopped, by a hold.")] = 24.0,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Confirm as a second person; carried out when the delay is over."""
    with closing(house(config)) as opened:
        command = ConfirmErasure(
            party_id=party, at=datetime.now(UTC), request_id=request_id, confirmed_by=by, delay=timedelta(hours=delay_hours)
        )
        say(carried_out(opened, command, by=by), as_json=as_json)


@erase.command("run")
def run_erasures(*, config: Config = None, as_json: Json = False) -> None:
    """Carry out what is due now and show the certificates; a hub that runs does so by itself."""
    from dataclasses import asdict

    from hub.cli import seeing

    with closing(house(config)) as opened:
        done = seeing.eraser(opened).run_due()
    say([asdict(each) | {"digest": each.digest} for each in done], as_json=as_json)


@erase.command("hold")
def hold(
    hold_id: Annotated[str, typer.Argument(help="The hold's own number.")],
    *,
    party: Annotated[str, typer.Option(help="The record to keep.")],
    ground: Annotated[str, typer.Option(help="Why: a code.")],
    record_class: Annotated[list[str] | None, typer.Option("--class", help="A class of records; all of them, if none is named.")] = None,
    days: Annotated[int, typer.Option(min=1, help="Reviewed after so many days.")] = 180,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Keep records, whatever retention or erasure says."""
    now = datetime.now(UTC)
    with closing(house(config)) as opened:
        command = PlaceHold(
            party_id=party, at=now, hold_id=hold_id, record_classes=tuple(record_class or ()), ground=ground,
            review_on=(now + timedelta(days=days)).date(),
        )  # fmt: skip
        say(carried_out(opened, command), as_json=as_json)


@erase.command("release")
def release(
    hold_id: Annotated[str, typer.Argument(help="The hold's own number.")],
    *,
    party: Annotated[str, typer.Option(help="The record that was kept.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """End a hold."""
    with closing(house(config)) as opened:
        say(carried_out(opened, ReleaseHold(party_id=party, at=datetime.now(UTC), hold_id=hold_id)), as_json=as_json)


def carried_out(
    opened: House, command: Any, aggregate: Aggregate[Any] = PRIVACY, *, by: str | None = None, duty: str | None = None
) -> dict[str, Any]:
    """What was done, `by` an account in use that has the duty, if one is needed; a refusal ends the command and says why."""
    from hub.cli import seeing

    duties = seeing.named(opened, by).duties if by is not None else frozenset()
    if duty is not None and duty not in duties:
        typer.echo(f"hub: {by} has not the duty: {duty}", err=True)
        raise typer.Exit(1)
    named = sha256(repr(command).encode()).hexdigest()
    answer = seeing.commander(opened).carry_out(aggregate, Request(key=command.party_id, command=command, idempotency_key=named, said=b""))
    match answer:
        case Accepted():
            return {"done": list(answer.events), "version": answer.version}
        case Refusal():
            typer.echo(f"hub: {answer.why}", err=True)
            raise typer.Exit(1)
        case _:
            typer.echo("hub: it was asked otherwise before", err=True)
            raise typer.Exit(1)
