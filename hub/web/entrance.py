"""Who comes in, what for, and what may leave: nothing is shown to anybody before the look is in the record of access.

A person shows a cookie (a session), a program a bearer token and `Hub-Purpose`. Whoever answers a request asks `look` first: it decides by
the policy, records the look durably, and only then says what may be seen. No record, no answer.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastapi import Request

from hub.metrics import Glasses
from hub.privacy.access import Allowed, Asked, Decision, Denied, Policy, Reader, Why, decide_access
from hub.privacy.access_record import AccessRecord, Kind, Look, Seen
from hub.privacy.accounts import Account, Accounts
from hub.privacy.sessions import Session, Sessions
from hub.web.oidc import Provider
from hub.web.threads import Threads


class Refused(Exception):
    """The policy does not allow it; the refusal is in the record already."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who is signed in, or a program that acts as somebody; `session` is None for a program."""

    account: Account
    session: Session | None
    purpose: str | None
    reason: str | None

    @property
    def reader(self) -> Reader:
        """The visitor as the policy knows readers."""
        return Reader(
            account_id=self.account.account_id, role=self.account.role, organisation=self.account.organisation, team=self.account.team,
            duties=self.account.duties, purpose=self.purpose, reason=self.reason,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """The parts that know who may come in; `secret` makes form tokens and digests, `secure` says that browsers reach us by https."""

    accounts: Accounts
    sessions: Sessions
    record: AccessRecord
    policy: Policy
    secret: bytes
    controller: str
    threads: Threads
    glasses: Glasses
    secure: bool = False
    elsewhere: Provider | None = None
    """Where people sign in with their organisation's account, if they can."""
    seal: Callable[[str, str], bytes] | None = None
    """Seals what somebody of this account id said in words."""

    @property
    def cookie(self) -> str:
        """The session cookie's name; with https no other host can set it."""
        return "__Host-hub-session" if self.secure else "hub-session"

    async def visitor(self, request: Request) -> Visitor | None:
        """Whoever shows a session, or a program's token; None where nobody does. Raises Unavailable."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            return await self.threads.run(self._program, token, request.headers)
        cookie = request.cookies.get(self.cookie)
        return await self.threads.run(self._person, cookie) if cookie else None

    def _program(self, token: str, headers: Mapping[str, str]) -> Visitor | None:
        account = self.accounts.by_token(token)
        purpose, reason = headers.get("hub-purpose"), headers.get("hub-break-glass")
        return Visitor(account=account, session=None, purpose=purpose, reason=reason) if account else None

    def _person(self, cookie: str) -> Visitor | None:
        session = self.sessions.find(cookie)
        account = self.accounts.by_id(session.account_id) if session else None
        if session is None or account is None:
            return None
        purpose, _, reason = (session.purpose or "").partition(":")
        return Visitor(account=account, session=session, purpose=purpose or None, reason=reason or None)

    async def break_glass(self, visitor: Visitor, purpose: str, reason: str, words: str) -> None:
        """Somebody sets the usual rules aside, for this reason and in these words, which are sealed; raises an alert, and Unavailable."""
        await self.threads.run(self._broken, replace(visitor, purpose=purpose, reason=reason), words)

    def _broken(self, visitor: Visitor, words: str) -> None:
        entry = replace(self._entry(visitor.reader, "/purpose", Kind.DATA_ACCESSED), break_glass=visitor.reason)
        self.record.write(entry, self.seal(words, visitor.account.account_id) if self.seal else None)
        self.glasses.broken(visitor.account.role)

    async def look(
        self, visitor: Visitor, route: str, *asked: Asked, abouts: Sequence[str] = (), search: str = "", partly: bool = False
    ) -> dict[Asked, Allowed]:
        """What may be seen of what is asked, recorded before this returns; raises Refused, recorded too, and Unavailable.

        With `partly` what is refused is left out as long as anything is allowed. `abouts` names the records of those classes that are known
        by themselves (a case); `search` is what was searched by, of which a keyed digest is kept.
        """
        return await self.threads.run(partial(self._look, visitor, route, asked, tuple(abouts), search, partly=partly))

    def _look(
        self, visitor: Visitor, route: str, asked: Sequence[Asked], abouts: Sequence[str], search: str, *, partly: bool
    ) -> dict[Asked, Allowed]:
        parties = frozenset(each.party for each in asked if each.party)
        reader = replace(
            visitor.reader, ties=self.accounts.ties(visitor.account.account_id), colleagues=self.accounts.colleagues(parties)
        )  # fmt: skip
        decided: dict[Asked, Decision] = {each: decide_access(self.policy, reader, each) for each in asked}
        allowed = {each: decision for each, decision in decided.items() if isinstance(decision, Allowed)}
        denied = [decision for decision in decided.values() if isinstance(decision, Denied)]
        if denied and not (partly and allowed):
            self.record.write(self._entry(reader, route, Kind.ACCESS_DENIED, why=denied[0].why))
            raise Refused(denied[0].why)
        self._write(reader, route, allowed, abouts, search)
        return allowed

    def _write(self, reader: Reader, route: str, allowed: Mapping[Asked, Allowed], abouts: Sequence[str], search: str) -> None:
        broken = any(each.break_glass for each in allowed.values())
        agreement = next((each.agreement for each in allowed.values() if each.agreement), None)
        entry = self._entry(reader, route, Kind.DATA_ACCESSED)
        seen = tuple(each for asked, decision in allowed.items() for each in _seen(asked, decision, abouts))
        digest = hmac.digest(self.secret, search.encode(), "sha256").hex() if search else None
        self.record.write(replace(entry, seen=seen, agreement=agreement, search=digest, break_glass=reader.reason if broken else None))
        if broken:
            self.glasses.broken(reader.role)

    def _entry(self, reader: Reader, route: str, kind: Kind, why: Why | None = None) -> Look:
        return Look(
            kind=kind, actor=reader.account_id, role=reader.role, organisation=reader.organisation, team=reader.team, route=route,
            purpose=reader.purpose if reader.purpose in self.policy.purposes else None, why=why.value if why else None,
        )  # fmt: skip


def _seen(asked: Asked, decision: Allowed, abouts: Sequence[str]) -> list[Seen]:
    """One entry for the party, or one for each record that is known by itself."""
    named = (asked.party,) if asked.party else tuple(abouts)
    return [
        Seen(
            about=about, record_class=asked.record_class, controller=asked.controller, party=bool(asked.party),
            shown=tuple(sorted(decision.shown)), masked=tuple(sorted(decision.masked)),
        )
        for about in named
    ]  # fmt: skip
