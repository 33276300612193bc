"""`hub life-event`: what happened to people, who was told, who is late, and what is told of which kind."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.cli.telling import couriers, ledger, told
from hub.contracts.life_event_words import EmploymentEnding, Informant
from hub.contracts.life_events import AddressChanged, EmploymentEnded, LifeEvent
from hub.engine.outbox import enqueue, last_seq
from hub.engine.reading import Reading
from hub.model.errors import Misconfigured
from hub.model.personal import Plain
from hub.model.values import replace
from hub.privacy.agreements import agreed
from hub.privacy.ids import derived_id
from hub.sharing.agreement import LifeEventKind, Status, Told
from hub.shipped import shipped
from hub.telling.ledger import Ledger

app = typer.Typer(help="Life events: who is told of them, and what became of it.", no_args_is_help=True)
_SHOWN = ("agreement", "recipient", "state", "progress", "reason", "instruction", "number", "sent_at", "actioned_at", "late")
STREAM = "life-events"
STARTED = ("move", "unemployment")
"""What is told at a desk; deaths and births come from the registrar."""


def reader(opened: House) -> Ledger:
    """Reads this house's ledger."""
    reading = Reading(store=opened.store, contracts=opened.contracts)
    return Ledger(store=opened.store, reading=reading, lines=ledger(opened), told=told(opened))


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
def start(
    kind: Annotated[str, typer.Argument(help="move or unemployment; deaths and births come from the registrar.")],
    party: Annotated[str, typer.Option(help="Party id of whom it happened to.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it happened.")],
    choose: Annotated[list[str] | None, typer.Option(help="An agreement whose recipient may be told. May be repeated.")] = None,
    to_address: Annotated[str, typer.Option(help="The new address, of a move.")] = "",
    to_uprn: Annotated[str, typer.Option(help="UPRN of the new home, of a move.")] = "",
    ending: Annotated[EmploymentEnding | None, typer.Option(help="Why the employment ended.", case_sensitive=False)] = None,
    *,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Record what somebody says happened to them; whoever should know is told by the running hub."""
    if kind not in STARTED:
        raise Misconfigured(kind, "is nothing that is told at a desk", f"one of {', '.join(STARTED)}")
    chosen = tuple(choose or ())
    if unknown := sorted(set(chosen) - agreed(shipped("policies"))().keys()):
        raise Misconfigured(unknown[0], "is no agreement", "hub agreements show names them")
    with closing(house(config)) as opened:
        event = _event(opened, kind, party, on.date(), chosen)
        values: dict[str, Any] = {"to_address": to_address, "to_uprn": to_uprn} if isinstance(event, AddressChanged) else {}
        said = {name: Plain(value) for name, value in values.items() if value}
        if ending is not None and isinstance(event, EmploymentEnded):
            said["ending"] = ending  # type: ignore[assignment]  # a word, and nobody's secret
        record(opened, replace(event, **said))
    say({"life_event_id": event.life_event_id}, as_json=as_json)


def _event(opened: House, kind: str, party: str, on: date, chosen: tuple[str, ...]) -> LifeEvent:
    now = datetime.now(UTC)
    life_event_id = derived_id("life-event", party, kind, on.isoformat())
    event_id = derived_id("life-event", life_event_id, *sorted(chosen), now.isoformat())
    about: dict[str, Any] = {
        "event_id": event_id, "occurred_at": now, "recorded_at": now, "source": "front-office", "controller": opened.settings.controller,
        "correlation_id": event_id, "life_event_id": life_event_id, "subject": party, "origin": "front-office", "already_told": (),
        "informant": Informant.SUBJECT, "chosen": chosen, "declined": (), "chosen_by": party,
    }  # fmt: skip
    return AddressChanged(**about, moved_on=on, also_for=()) if kind == "move" else EmploymentEnded(**about, ended_on=on)


def record(opened: House, event: LifeEvent) -> None:
    """Put one stamped life event into the outbox."""
    records = opened.encode([event])
    with opened.store.write() as tx:
        enqueue(tx, STREAM, last_seq(tx, STREAM) + 1, records, tx.now(), opened.store.dialect)
    opened.store.outbox_filled.set()


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
