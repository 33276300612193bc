"""`hub agreements`: who is told of which life events under which agreement, whether each file can stand, and which ends soon."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from hub.cli.output import Json, say
from hub.model.errors import Misconfigured
from hub.privacy.agreements import expiring, load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Status, Told
from hub.sharing.notices import notice_schema
from hub.shipped import shipped

On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to judge by.", show_default="today")]
app = typer.Typer(help="Who is told of life events, and on which ground.", no_args_is_help=True)


@app.command()
def check(*, on: On = None, as_json: Json = False) -> None:
    """Read every agreement: exit 2 with file and line where one cannot stand, exit 1 where an active one is not in force."""
    found, today = _all(), _day(on)
    not_in_force = [each.id for each in found.values() if each.status is Status.ACTIVE and not each.in_force(today)]
    counted = {status.value: sum(each.status is status for each in found.values()) for status in Status}
    sentence = f"{len(found)} agreements: " + ", ".join(f"{count} {status}" for status, count in counted.items())
    if not_in_force:
        sentence += f"; active, but not in force: {', '.join(not_in_force)}"
    say({"agreements": len(found), **counted, "not_in_force": not_in_force}, as_json=as_json, sentence=sentence)
    if not_in_force:
        raise typer.Exit(1)


@app.command()
def show(
    agreement: Annotated[str | None, typer.Argument(metavar="[AGREEMENT]", help="One agreement, in full.")] = None,
    *,
    schema: Annotated[bool, typer.Option("--schema", help="Print the Avro schema of its notices instead.")] = False,
    as_json: Json = False,
) -> None:
    """The agreements, or one: what is told of each kind of life event, and why each field is needed."""
    found = _all()
    if agreement is None:
        say([_row(each) for each in found.values()], as_json=as_json)
        return
    if agreement not in found:
        raise Misconfigured(agreement, "is not an agreement of kind tell-us-once", f"one of {', '.join(found)}")
    if schema:
        say(notice_schema(found[agreement]), as_json=True)
    else:
        say(_whole(found[agreement]) if as_json else _reasons(found[agreement]), as_json=as_json)


@app.command("expiring")
def ends_soon(
    *, days: Annotated[int, typer.Option(min=1, help="How far to look ahead, in days.")] = 30, on: On = None, as_json: Json = False
) -> None:
    """The agreements in force that end within so many days, the first to end first; exit 1 where there are any."""
    today = _day(on)
    ending = expiring(_all(), today, days)
    say([_row(each) | {"days_left": (each.valid_to - today).days} for each in ending], as_json=as_json)
    if ending:
        raise typer.Exit(1)


def _all() -> dict[str, NoticeAgreement]:
    folder = shipped("policies")
    return dict(load_agreements(folder, load_partnership(folder)))


def _day(on: datetime | None) -> date:
    return (on or datetime.now(UTC)).date()


def _row(agreement: NoticeAgreement) -> dict[str, Any]:
    told = [kind.value for kind in LifeEventKind if isinstance(agreement.life_events[kind], Told)]
    return {
        "agreement": agreement.id,
        "recipient": agreement.recipient,
        "status": agreement.status.value,
        "valid_to": agreement.valid_to.isoformat(),
        "transport": agreement.transport.value,
        "told_of": ", ".join(told),
    }


def _reasons(agreement: NoticeAgreement) -> list[dict[str, Any]]:
    """One row per field, so that a reader sees the reason beside it."""
    rows = []
    for kind, about in agreement.life_events.items():
        reasons = about.fields.items() if isinstance(about, Told) else [("nothing", about.why)]
        rows += [{"life_event": kind.value, "field": field, "because": why} for field, why in reasons]
    return rows


def _whole(agreement: NoticeAgreement) -> dict[str, Any]:
    names = ("id", "name", "status", "controller", "recipient", "purpose", "basis", "condition", "valid_from", "valid_to", "transport",
             "delivery", "retention_days", "acknowledge_days", "act_days", "reference_source", "if_no_reference", "by_choice",
             "settle_minutes", "contact")  # fmt: skip
    return {name: getattr(agreement, name) for name in names} | {"life_events": _reasons(agreement)}
