"""`hub person find|show|why|as-at|export-sar`: looking at somebody from the keyboard, under an account, for a purpose, on the record."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.commands import PRIVACY
from hub.commands.privacy import ReleaseAccess, RequestAccess
from hub.engine.commanding import Request
from hub.model.errors import Misconfigured
from hub.people.person import CLASS_OF
from hub.people.standing import When
from hub.people.view import Moved
from hub.privacy.access import Asked
from hub.privacy.search_words import SearchKind

By = Annotated[str, typer.Option("--by", help="The account that looks: it is in the record of access.")]
Purpose = Annotated[str, typer.Option("--purpose", help="What for: a purpose of the policy.")]
Customer = Annotated[str, typer.Argument(help="The customer's id.")]


def find(
    *,
    by: By,
    purpose: Purpose = "answer-enquiry",
    fact: Annotated[list[str], typer.Option("--fact", help="kind=value; again for each. By name alone only a number is said.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Find somebody. Facts on a command line are seen by who may list processes: prefer the pages."""
    given = dict(_fact(each) for each in fact)
    with _looking(config) as (opened, seeing):
        through = seeing.entrance(opened)
        people, visitor = seeing.people(opened, through), seeing.visitor(through, by, purpose)
        found = _allowed(people.look_for(visitor, "hub person find", given)).model_dump(mode="json")
    say(found, as_json=as_json)


def show(customer: Customer, *, by: By, purpose: Purpose = "answer-enquiry", config: Config = None, as_json: Json = False) -> None:
    """Show one person: the facts, or with --json all there is."""
    _show(config, customer, by, purpose, When(), as_json=as_json)


def as_at(
    customer: Customer,
    known_at: Annotated[datetime, typer.Argument(help="What we knew on: recorded by then (UTC).")],
    *,
    by: By,
    purpose: Purpose = "answer-enquiry",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show one person as we knew them then."""
    _show(config, customer, by, purpose, When(known_at=known_at.replace(tzinfo=UTC)), as_json=as_json)


def why(
    customer: Customer,
    field: Annotated[str, typer.Argument(help="The fact: names, born, addresses, …")],
    *,
    by: By,
    purpose: Purpose = "answer-enquiry",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say why a value counts: every source's word for one fact."""
    if field not in CLASS_OF:
        raise Misconfigured(field, "is no fact", f"one of {', '.join(CLASS_OF)}")
    _show(config, customer, by, purpose, When(), field, as_json=as_json)


def export_sar(
    request_id: Annotated[str, typer.Argument(help="The request's own number.")],
    to: Annotated[Path, typer.Argument(help="A folder for the draft, or with --release for what the person is given.")],
    *,
    by: By,
    party: Annotated[list[str], typer.Option("--party", help="A record that was verified as the requester's; again for each.")],
    received: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which it was asked.")],
    exempt: Annotated[list[str] | None, typer.Option(help="item=ground: leave this item out; again for each.")] = None,
    release: Annotated[bool, typer.Option("--release", help="Release it, by the officer named.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Draft what is held about somebody; with --release write it as JSON and as a page, without what is marked."""
    from hub.people import subject_access

    with _looking(config) as (opened, seeing):
        through, now = seeing.entrance(opened), datetime.now(UTC)
        visitor, known = seeing.visitor(through, by, "subject-access"), seeing.view(opened).parties(party)
        asked = [
            Asked(record_class=name, controller=each.opened[-1].controller, party=each.standing.party_id)
            for each in known
            if each.opened
            for name in (*dict.fromkeys(CLASS_OF.values()), "cases", "contacts")
        ]
        _allowed(through.look(visitor, "hub person export-sar", *asked))
        request: dict[str, Any] = {"party_id": party[0], "at": now, "request_id": request_id}
        _tell(opened, seeing, RequestAccess(**request, received_on=received.date(), verified_party_ids=tuple(party)))
        made = subject_access.draft(request_id, received.date(), known, seeing.records(opened), seeing.logs(opened))
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not release:
            _write(to / "draft.json", subject_access.as_json(made))
            say({"items": len(made.items), "to_look_at": sum(item.third_party for item in made.items), "written": str(to)}, as_json=as_json)
            return
        given = subject_access.release(made, dict(_marked(each) for each in exempt or ()), visitor.account.account_id, now)
        _write(to / "held.json", subject_access.as_json(given))
        _write(to / "held.html", subject_access.as_page(given))
        left_out = sum(given.exempt.values())
        told: dict[str, Any] = {"released_by": given.released_by, "items": len(given.items), "exempt": left_out, "digest": given.digest}
        _tell(opened, seeing, ReleaseAccess(**request, **told))
        say({"items": len(given.items), "exempt": left_out, "digest": given.digest, "written": str(to)}, as_json=as_json)


def _show(config: Config, customer: str, by: str, purpose: str, when: When, field: str = "", *, as_json: bool) -> None:
    from hub.web import people_answers

    with _looking(config) as (opened, seeing):
        through = seeing.entrance(opened)
        people, visitor = seeing.people(opened, through), seeing.visitor(through, by, purpose)
        seen = _allowed(people.one(visitor, "hub person show", customer, when))
        if seen is None:
            typer.echo("hub: no customer has this id", err=True)
            raise typer.Exit(1)
        if isinstance(seen, Moved):
            say({"moved_to": seen.to}, as_json=as_json)
            return
        said = people_answers.person(seen).model_dump(mode="json")
    facts = [each for each in said["facts"] if not field or each["field"] == field]
    say(facts if field or not as_json else said, as_json=as_json)


@contextmanager
def _looking(config: Config) -> Iterator[tuple[House, Any]]:
    from hub.cli import seeing

    with closing(house(config)) as opened:
        yield opened, seeing


def _allowed(asked: Any) -> Any:
    """What may be seen; a refusal is on the record, and ends the command."""
    from hub.web.entrance import Refused
    from hub.web.people_seen import NothingAsked, NotSearchable

    try:
        return asyncio.run(asked)
    except (Refused, NothingAsked, NotSearchable) as refused:
        why = refused.why.value if isinstance(refused, Refused) else type(refused).__name__
        typer.echo(f"hub: not allowed, or nothing to look for: {why}", err=True)
        raise typer.Exit(1) from None


def _tell(opened: House, seeing: Any, command: Any) -> None:
    """Put it on the record; said before, it changes nothing."""
    named = sha256(f"{type(command).__name__} {command.request_id} {command.party_id}".encode()).hexdigest()
    seeing.commander(opened).carry_out(PRIVACY, Request(key=command.party_id, command=command, idempotency_key=named, said=b""))


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")


def _fact(said: str) -> tuple[SearchKind, str]:
    kind, _, value = said.partition("=")
    try:
        return SearchKind(kind), value
    except ValueError:
        raise Misconfigured("--fact", "names no kind", f"one of {', '.join(SearchKind)}, as kind=value") from None


def _marked(said: str) -> tuple[str, str]:
    item, _, ground = said.partition("=")
    if not ground:
        raise Misconfigured("--exempt", "names no ground", "item=ground")
    return item, ground
