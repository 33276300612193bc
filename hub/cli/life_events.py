"""`hub life-event`: what happened to people, who was told, who is late, and what is told of which kind."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.desk import reader, starting
from hub.cli.output import Config, Json, house, say
from hub.cli.telling import couriers
from hub.contracts.life_event_words import EmploymentEnding, Informant
from hub.model.errors import Misconfigured
from hub.privacy.agreements import agreed
from hub.privacy.ids import derived_id
from hub.sharing.agreement import LifeEventKind, Status, Told
from hub.shipped import shipped
from hub.telling.starting import AT_A_DESK, AnotherBirthDate, KnownAlready, Spoken, UnknownRecord

app = typer.Typer(help="Life events: who is told of them, and what became of it.", no_args_is_help=True)
_SHOWN = ("agreement", "recipient", "state", "progress", "reason", "instruction", "number", "sent_at", "actioned_at", "late")


@app.command("list")
def listed(
    *, limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50, config: Config = None, as_json: Json = False
) -> None:
    """Life events, those that were told last first: how many recipients were told, are withheld, are done, are late."""
    with closing(house(config)) as opened:
        found = reader(opened).many(limit)
    say([each._asdict() for each in found], as_json=as_json)


@app.command()
def show(life_event: Annotated[str, typer.Argument(help="Its id.")], *, config: Config = None, as_json: Json = False) -> None:
    """One life event, one row for each recipient: told, answered, done, late, or withheld and why."""
    with closing(house(config)) as opened:
        found = reader(opened).one(life_event)
    if not found:
        raise Misconfigured(life_event, "is no life event that anybody is told of", "hub life-event list names them")
    say([{name: getattr(item.facts, name) for name in _SHOWN} for item in found], as_json=as_json)


@app.command()
def types(*, as_json: Json = False) -> None:
    """The kinds of life event that agreements decide on, and who is told of each."""
    agreements = agreed(shipped("policies"))().values()
    rows = [
        {
            "kind": kind.value,
            "told": [each.id for each in agreements if each.status is Status.ACTIVE and isinstance(each.life_events[kind], Told)],
            "by_choice": [
                each.id
                for each in agreements
                if each.status is Status.ACTIVE and each.by_choice and isinstance(each.life_events[kind], Told)
            ],
        }
        for kind in LifeEventKind
    ]
    say(rows if as_json else [{name: _words(value) for name, value in row.items()} for row in rows], as_json=as_json)


@app.command()
def start(  # noqa: PLR0917 - every option of a command is an argument
    kind: Annotated[LifeEventKind, typer.Argument(help="move, unemployment or bereavement; births come from the registrar.")],
    party: Annotated[str, typer.Option(help="Party id of whom it happened to.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it happened.")],
    choose: Annotated[list[str] | None, typer.Option(help="An agreement whose recipient may be told. May be repeated.")] = None,
    to_address: Annotated[str, typer.Option(help="The new address, of a move.")] = "",
    to_uprn: Annotated[str, typer.Option(help="UPRN of the new home, of a move.")] = "",
    ending: Annotated[EmploymentEnding | None, typer.Option(help="Why the employment ended.", case_sensitive=False)] = None,
    registration: Annotated[str, typer.Option(help="Number on the death certificate that was shown.")] = "",
    born: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date on the death certificate.")] = None,
    *,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Record what somebody says happened to them, or a death with its certificate; whoever should know is told by the running hub."""
    if kind not in AT_A_DESK:
        raise Misconfigured(kind.value, "is nothing that is told at a desk", f"one of {', '.join(AT_A_DESK)}")
    chosen = tuple(choose or ())
    if unknown := sorted(set(chosen) - agreed(shipped("policies"))().keys()):
        raise Misconfigured(unknown[0], "is no agreement", "hub agreements show names them")
    if kind is LifeEventKind.BEREAVEMENT and not registration:
        raise Misconfigured("--registration", "is missing: a death is told at a desk only with its certificate", "give the number on it")
    informant = Informant.RELATIVE if kind is LifeEventKind.BEREAVEMENT else Informant.SUBJECT
    spoken = Spoken(
        kind=kind, party=party, on=on.date(), chosen=chosen, informant=informant, to_address=to_address, to_uprn=to_uprn, ending=ending,
        registration=registration, born=None if born is None else born.date(),
    )  # fmt: skip
    with closing(house(config)) as opened:
        life_event_id = _started(opened, spoken)
    say({"life_event_id": life_event_id}, as_json=as_json)


def _started(opened: House, spoken: Spoken) -> str:
    try:
        return starting(opened).start(spoken, derived_id(datetime.now(UTC).isoformat()))
    except UnknownRecord:
        raise Misconfigured("--party", "is no record that any source speaks of", "the person's page names their records") from None
    except KnownAlready:
        raise Misconfigured("--party", "is known to have died", "hub life-event list names the life event") from None
    except AnotherBirthDate:
        raise Misconfigured("--born", "is not the birth date of this record", "look for the record of whoever died") from None


@app.command()
def nudge(
    life_event: Annotated[str, typer.Argument(help="Its id.")],
    agreement: Annotated[str | None, typer.Option(help="Only this recipient.")] = None,
    *,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Send the last message again, under its own id, to every recipient that has not said it is done; exit 1 where there is none."""
    with closing(house(config, kafka=True)) as opened:
        sent = [each.agreement.id for each in couriers(opened) if agreement in {None, each.agreement.id} and each.again(life_event)]
    say({"sent_again_to": sent}, as_json=as_json, sentence=f"sent again to {_words(sent) or 'nobody'}")
    if not sent:
        raise typer.Exit(1)


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
