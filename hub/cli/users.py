"""`hub user`: who may use the hub. A password or a token that the hub makes is told once, here, and kept nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.cli.access import accounts, policy
from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.model.errors import Misconfigured
from hub.privacy.accounts import AccountRefused, NewAccount, Tie
from hub.privacy.passwords import new_password

app = typer.Typer(help="Who may use the hub.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name to sign in by.")]


@contextmanager
def _opened(config: Config) -> Iterator[House]:
    with closing(house(config)) as opened:
        try:
            yield opened
        except AccountRefused as refused:
            raise Misconfigured("account", str(refused)) from None


@app.command()
def add(
    name: Name,
    *,
    role: Annotated[str, typer.Option(help="One of the roles of policies/roles.yaml.")],
    organisation: Annotated[str, typer.Option(help="The organisation they act for; the hub's own, if not said.")] = "",
    team: Annotated[str | None, typer.Option(help="Their team.")] = None,
    duty: Annotated[list[str] | None, typer.Option(help="What a named officer is trusted with; may be said again.")] = None,
    subject: Annotated[str | None, typer.Option(help="They sign in elsewhere: issuer and subject, with a space between.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Make an account; its password, if it signs in here, is told once."""
    with _opened(config) as opened:
        _known(role, duty or [])
        password = None if subject else new_password()
        new = NewAccount(
            name=name, role=role, organisation=organisation or opened.settings.controller, team=team, duties=tuple(duty or ()),
            password=password, subject=subject,
        )  # fmt: skip
        made = accounts(opened).add(new)
    sentence = f"{role} made for {made.organisation}" + (f"; the password, told once: {password}" if password else "")
    say({"id": made.account_id, "role": role, "organisation": made.organisation, "password": password}, as_json=as_json, sentence=sentence)


def _known(role: str, duties: list[str]) -> None:
    known = policy()
    if role not in known.roles:
        raise Misconfigured("--role", "is not a role", f"one of {', '.join(known.roles)}")
    if not set(duties) <= known.duties.keys():
        raise Misconfigured("--duty", "is not a duty", f"one of {', '.join(known.duties)}")


@app.command()
def disable(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """End an account's use: nobody signs in with it, and who is signed in with it is not any longer."""
    with _opened(config) as opened:
        ended = accounts(opened).disable(name)
    say({"id": ended.account_id, "disabled": True}, as_json=as_json, sentence="disabled; its sessions and its token have ended")


@app.command("list")
def listing(*, config: Config = None, as_json: Json = False) -> None:
    """Every account; residents are shown by id."""
    with _opened(config) as opened:
        rows = [
            {
                "id": each.account_id, "name": each.name, "role": each.role, "organisation": each.organisation, "team": each.team,
                "duties": sorted(each.duties), "disabled": each.disabled,
            }
            for each in accounts(opened).listing()
        ]  # fmt: skip
    say(rows, as_json=as_json)


@app.command()
def token(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """A secret by which a program acts as this account, told once; the one before ends."""
    with _opened(config) as opened:
        made = accounts(opened).token(name)
    say({"token": made}, as_json=as_json, sentence=made)


@app.command()
def tie(
    name: Name,
    party: Annotated[str, typer.Argument(help="The party's id.")],
    *,
    proved: Annotated[
        str, typer.Option(help="How it was proved to be the resident's: a code (identity-proofing, source-reference, steward).")
    ] = "",
    relation: Annotated[bool, typer.Option(help="It is a relation of the member of staff; otherwise it is their own.")] = False,
    by: Annotated[str, typer.Option(help="The account id of whoever decided it.")] = "operator",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say which party's record is the account's person's own, or a relation's; for a resident, that it was proved."""
    kind = Tie.PROVED if proved else Tie.RELATION if relation else Tie.OWN
    with _opened(config) as opened:
        accounts(opened).tie(name, party, kind, how=proved or "declared", decided_by=by)
    say({"party": party, "tie": kind.value}, as_json=as_json, sentence=f"{party} is {kind.value.lower()}")
