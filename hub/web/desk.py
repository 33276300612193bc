"""What every route stands on: commands carried out and rows read on threads of its own, and the waiting between the two."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Annotated, Any, TypeVar

import fastapi
from fastapi import Depends, Header, Query, Response
from pydantic import Field

from hub.clocks.levels import Known
from hub.engine.commanding import Accepted, Commander, Conflict, KeyReused, Request
from hub.engine.reading import Mark, Reading
from hub.engine.waiting import NoSuchToken, Waiting
from hub.model.command import Aggregate, Refusal
from hub.model.projection import Projection
from hub.privacy.tiers import Provider
from hub.reporting.reading import Insight
from hub.telling.answers import Answers
from hub.telling.ledger import Ledger
from hub.telling.tracker import Tracker
from hub.web.answers import Done
from hub.web.bodies import as_command
from hub.web.fields import Body, Nothing
from hub.web.problems import Problematic, conflicting, not_visible, refused
from hub.web.threads import Threads

WAIT_SECONDS = 2.0
LOOK_SECONDS = 0.02
_AHEAD = timedelta(seconds=60)
"""By how much the clock of who asks may be ahead of ours."""

T = TypeVar("T")

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._:-]{8,64}$",
        description="Names this request: sent again under the same key it is done once and answered alike, for 30 days.",
    ),
]
Version = Annotated[str, Field(pattern=r'^"[0-9]{1,3}(-[0-9a-f]{16})?"$')]
Token = Annotated[str, Field(pattern=r"^commands-[1-9][0-9]{0,17}$")]
Place = Annotated[str, Field(pattern=r"^(-|[0-9]{1,16})~[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$")]

IfMatch = Annotated[Version | Nothing, Header(alias="If-Match", description="The version, in quotes, on which this was decided.")]
AtLeast = Annotated[Token | Nothing, Query(description="A token: wait, for two seconds at most, until what it stands for is visible.")]
After = Annotated[Place | Nothing, Query(description="Where the last page ended.")]
Limit = Annotated[int, Query(ge=1, le=200)]


class Asked:
    """How a request names itself and what it was decided on; the answer's headers are written on `response`."""

    def __init__(self, request: fastapi.Request, response: Response, key: IdempotencyKey, if_match: IfMatch = None) -> None:
        self._request, self.response, self.key = request, response, key
        self.version = if_match.strip('"') if if_match else None

    async def said(self) -> bytes:
        """The whole request: where it was sent, and its body."""
        return f"{self._request.method} {self._request.url.path}\n".encode() + await self._request.body()


Asking = Annotated[Asked, Depends()]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The parts the API is made of, ready to use; `threads` bounds how many connections it takes from the store."""

    commander: Commander
    reading: Reading
    waiting: Waiting
    now: Callable[[], datetime]
    threads: Threads = field(default_factory=lambda: Threads(8))
    provider: Callable[[str, str], Provider | None] | None = None
    """Who provides a service (LGSL) at a place (UPRN); None where nobody here knows."""
    levels: Known | None = None
    """Which clocks run over what; None where none are served."""
    insight: Insight | None = None
    """What reads figures."""
    ledger: Ledger | None = None
    """What reads who was told; None where nobody is."""
    tracker: Tracker | None = None
    """What follows life events, and takes them in; None where nobody is told of any."""
    answers: Answers | None = None
    """What takes what recipients say."""

    async def ask(self, aggregate: Aggregate[Any], key: str, asking: Asked, command: Any) -> Done:
        """Have a command carried out; raises Problematic with the reason where it is not."""
        if command.at > self.now() + _AHEAD:
            raise Problematic(HTTPStatus.CONFLICT, "date-in-the-future", "It is said to have happened in the future.")
        asked = Request(key=key, command=command, idempotency_key=asking.key, said=await asking.said(), expected_version=asking.version)
        answer = await self.threads.run(self.commander.carry_out, aggregate, asked)
        match answer:
            case Accepted():
                tag(asking.response, answer.version)
                return Done(id=answer.key, version=answer.version, token=answer.token, events=list(answer.events))
            case Refusal():
                raise refused(answer)
            case Conflict():
                raise conflicting(answer)
            case KeyReused():
                detail = "This Idempotency-Key was used for another request."
                raise Problematic(HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency-key-reused", detail)

    async def routed(self, uprn: str | None, service: str | None) -> dict[str, str]:
        """To whom a case goes by its place and service, as a command says it; nothing where either is not known."""
        if self.provider is None or uprn is None or service is None:
            return {}
        found = await self.threads.run(self.provider, uprn, service)
        return {"routed_to": found.organisation, "tier": found.tier} if found is not None else {}

    def command(self, kind: type[T], body: Body, **named: str) -> T:
        """The command that body and path ask for, now if the body does not say when."""
        return as_command(kind, body, self.now(), **named)

    async def exists(self, aggregate: Aggregate[Any], key: str | None) -> None:
        """Raises Problematic if something is named that nobody has heard of."""
        if key is not None and not (await self.threads.run(self.commander.known, aggregate, key)).state.known:
            raise Problematic(HTTPStatus.NOT_FOUND, f"{aggregate.name}-unknown", f"No {aggregate.name} has this id.")

    async def until_visible(self, token: str | None, *views: Projection[Any]) -> None:
        """Wait until what the token names is visible in these views; raises Problematic with how far behind they are."""
        given_up = monotonic() + WAIT_SECONDS
        while token is not None:
            standing = await self.threads.run(self.waiting.standing, token, views)
            if standing is None:
                return
            if isinstance(standing, NoSuchToken):
                raise Problematic(HTTPStatus.NOT_FOUND, "token-unknown", "The token stands for nothing that is shown here.")
            if standing.parked or monotonic() > given_up:
                raise not_visible(standing)
            await asyncio.sleep(LOOK_SECONDS)


def tag(response: Response, version: str) -> None:
    """Give the version as the entity tag that If-Match takes."""
    response.headers["ETag"] = f'"{version}"'


_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def mark_of(after: str | None) -> Mark | None:
    """Where the last page ended: microseconds since 1970, and the key."""
    if after is None:
        return None
    place, _, key = after.partition("~")
    return Mark(None if place == "-" else _FIRST + timedelta(microseconds=int(place)), key)


def after_of(mark: Mark | None) -> str | None:
    """The text that `mark_of` reads."""
    if mark is None:
        return None
    place = "-" if mark.place is None else str((mark.place - _FIRST) // timedelta(microseconds=1))
    return f"{place}~{mark.key}"
