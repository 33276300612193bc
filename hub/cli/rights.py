"""`hub person protect|need|authority|restrict|…`: what is hidden, what is needed, who may act for whom, what is contested."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from hub.cli.composition import closing
from hub.cli.output import Config, Json, house, say
from hub.cli.person import By, carried_out
from hub.commands import PERSON
from hub.commands.person import (
    EndAuthority,
    LiftNeverTogether,
    NoteAccessNeed,
    Protect,
    RecordAuthority,
    Unprotect,
)
from hub.commands.privacy import LiftRestriction, Restrict
from hub.contracts.people_words import AuthorityEnding, AuthorityKind, Protection
from hub.contracts.vocabulary import Channel
from hub.model.personal import Plain

authority = typer.Typer(help="Who may act for whom.", no_args_is_help=True)
restriction = typer.Typer(help="What is contested: shown to nobody but for its review, until that is over.", no_args_is_help=True)

Party = Annotated[str, typer.Argument(help="The record it is about.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day it holds; unset: no end.")]
Classes = Annotated[list[str] | None, typer.Option("--class", help="A class of records; all of them, if none is named.")]


def protect(
    party: Party,
    what: Annotated[Protection, typer.Argument(help="What is hidden from everybody.")],
    *,
    by: By,
    days: Annotated[int, typer.Option(min=1, help="Looked at again after so many days.")] = 365,
    successor: Annotated[str | None, typer.Option(help="For a changed identity: the record that holds what is true since.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Hide something of somebody; the account that does so needs the duty of protection."""
    now = datetime.now(UTC)
    with closing(house(config)) as opened:
        command = Protect(
            party_id=party, at=now, protection=what, owner=by, review_on=(now + timedelta(days=days)).date(), successor_party_id=successor
        )  # fmt: skip
        say(carried_out(opened, command, PERSON, by=by, duty="protection"), as_json=as_json)


def unprotect(
    party: Party,
    what: Annotated[Protection, typer.Argument(help="What was hidden.")],
    *,
    by: By,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """End a protection; the account that does so needs the duty of protection."""
    with closing(house(config)) as opened:
        command = Unprotect(party_id=party, at=datetime.now(UTC), protection=what, owner=by)
        say(carried_out(opened, command, PERSON, by=by, duty="protection"), as_json=as_json)


def need(
    party: Party,
    channel: Annotated[list[Channel], typer.Option("--channel", help="A channel that is offered because of it; again for each.")],
    *,
    by: By,
    what: Annotated[str | None, typer.Option(help="What is needed, in words; kept sealed. Who may list processes sees it here.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Looked at again after so many days.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Note what somebody needs to be served well, and the channels offered because of it."""
    now = datetime.now(UTC)
    with closing(house(config)) as opened:
        command = NoteAccessNeed(
            party_id=party, at=now, channels=tuple(channel), needs=Plain(what) if what else None,
            review_on=(now + timedelta(days=days)).date() if days else None,
        )  # fmt: skip
        say(carried_out(opened, command, PERSON, by=by), as_json=as_json)


def together_again(
    party: Party,
    other: Annotated[str, typer.Argument(help="The record it was kept apart from.")],
    *,
    by: By,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Allow again that two records are of one person, which a decision or an undo had ruled out."""
    command = LiftNeverTogether(party_id=party, at=datetime.now(UTC), party_ids=(party,), other_party_ids=(other,), decided_by=by)
    with closing(house(config)) as opened:
        say(carried_out(opened, command, PERSON, by=by), as_json=as_json)


@authority.command("record")
def record_authority(
    party: Party,
    authority_id: Annotated[str, typer.Argument(help="The authority's own number.")],
    kind: Annotated[AuthorityKind, typer.Argument(help="On what grounds.")],
    *,
    holder: Annotated[str, typer.Option(help="The record of who may act.")],
    by: By,
    scope: Annotated[list[str] | None, typer.Option(help="For what: a class of records; again for each.")] = None,
    until: Day = None,
    evidence: Annotated[str | None, typer.Option(help="What was shown; kept sealed. Who may list processes sees it here.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Record that somebody may act for this person."""
    with closing(house(config)) as opened:
        command = RecordAuthority(
            party_id=party, at=datetime.now(UTC), authority_id=authority_id, holder_party_id=holder, authority=kind,
            scope=tuple(scope or ()), valid_to=until.date() if until else None, evidence=Plain(evidence) if evidence else None,
        )  # fmt: skip
        say(carried_out(opened, command, PERSON, by=by), as_json=as_json)


@authority.command("end")
def end_authority(
    party: Party,
    authority_id: Annotated[str, typer.Argument(help="The authority's own number.")],
    reason: Annotated[AuthorityEnding, typer.Argument(help="Why it ended.")],
    *,
    by: By,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Record that an authority ended."""
    with closing(house(config)) as opened:
        command = EndAuthority(party_id=party, at=datetime.now(UTC), authority_id=authority_id, reason=reason)
        say(carried_out(opened, command, PERSON, by=by), as_json=as_json)


@restriction.command("set")
def restrict(
    party: Party,
    request_id: Annotated[str, typer.Argument(help="The request's own number.")],
    *,
    ground: Annotated[str, typer.Option(help="Why: a code.")],
    by: By,
    record_class: Classes = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show and use nothing of these classes while it is contested."""
    with closing(house(config)) as opened:
        command = Restrict(
            party_id=party, at=datetime.now(UTC), request_id=request_id, record_classes=tuple(record_class or ()), ground=ground
        )
        say(carried_out(opened, command, by=by), as_json=as_json)


@restriction.command("lift")
def lift(
    party: Party,
    request_id: Annotated[str, typer.Argument(help="The request's own number.")],
    told: Annotated[datetime, typer.Option(help="When the person was told that it would end (UTC).")],
    *,
    by: By,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """End a restriction, of which the person was told first."""
    with closing(house(config)) as opened:
        command = LiftRestriction(party_id=party, at=datetime.now(UTC), request_id=request_id, told_at=told.replace(tzinfo=UTC))
        say(carried_out(opened, command, by=by), as_json=as_json)


@authority.command("tasks")
def tasks(*, config: Config = None, as_json: Json = False) -> None:
    """Whom somebody must look at: an authority ended by a death, its day or an age, or a child has come to an age of review."""
    from hub.cli import seeing

    with closing(house(config)) as opened:
        found = seeing.authorities(opened).tasks(datetime.now(UTC).date())
    say([each._asdict() for each in found], as_json=as_json)
    if found:
        raise typer.Exit(1)


def join(person: typer.Typer) -> None:
    """Make these commands of `hub person`."""
    for command in (protect, unprotect, need, together_again):
        person.command()(command)
    person.add_typer(authority, name="authority")
    person.add_typer(restriction, name="restrict")
