"""Who is signed in, kept in the store: the browser has a secret of 256 random bits, the store its digest and when it was used last.

A session ends fifteen minutes after it was used last, eight hours after it began, when its person signs out (here or, with OpenID Connect,
there), and when the account is disabled. Signing in always begins a new one.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.privacy.books import Books, instant, micros
from hub.privacy.passwords import digest, new_token

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
_NOTED = timedelta(seconds=20)
"""How exactly it is kept when a session was used last: not each look at a page costs a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in; `csrf` is what each of their forms must carry."""

    digest: str
    account_id: str
    csrf: str
    purpose: str | None
    seen_at: datetime

    def vouches_for(self, form_token: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(self.csrf.encode(), form_token.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The sessions in the store; every method raises Unavailable when it cannot be reached."""

    books: Books
    clock: Callable[[], datetime]

    def begin(self, account_id: str, *, instead_of: str | None = None, outside: str | None = None) -> str:
        """A new session's secret; the one that the browser had before ends. `outside` names the session at the OpenID provider."""
        token, now = new_token(), micros(self.clock())
        with self.books.write() as tx:
            if instead_of is not None:
                tx.run("DELETE FROM web_session WHERE digest = ?", (digest(instead_of),))
            tx.run("DELETE FROM web_session WHERE created_at < ?", (micros(self.clock() - LONGEST),))
            tx.run(
                "INSERT INTO web_session (digest, account, csrf, created_at, seen_at, purpose, outside) VALUES (?, ?, ?, ?, ?, NULL, ?)",
                (digest(token), account_id, new_token(), now, now, outside),
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session of this secret, used now; None where it has ended."""
        named, now = digest(token), self.clock()
        with self.books.read() as tx:
            rows = tx.rows(
                "SELECT account, csrf, purpose, seen_at FROM web_session WHERE digest = ? AND created_at > ? AND seen_at > ?",
                (named, micros(now - LONGEST), micros(now - IDLE)),
            )
        if not rows:
            return None
        account, csrf, purpose, seen_at = rows[0]
        found = Session(digest=named, account_id=account, csrf=csrf, purpose=purpose, seen_at=instant(seen_at))
        if now - found.seen_at > _NOTED:
            self._used(named, now)
        return found

    def choose(self, session: Session, purpose: str | None) -> None:
        """From now on this is what the person looks at records for."""
        with self.books.write() as tx:
            tx.run("UPDATE web_session SET purpose = ? WHERE digest = ?", (purpose, session.digest))

    def end(self, token: str) -> None:
        """The secret opens nothing any more."""
        with self.books.write() as tx:
            tx.run("DELETE FROM web_session WHERE digest = ?", (digest(token),))

    def end_outside(self, outside: str) -> int:
        """End the sessions that began with this session at the OpenID provider; says how many."""
        with self.books.write() as tx:
            return tx.run("DELETE FROM web_session WHERE outside = ?", (outside,))

    def end_of(self, account_id: str) -> int:
        """End every session of an account; says how many."""
        with self.books.write() as tx:
            return tx.run("DELETE FROM web_session WHERE account = ?", (account_id,))

    def _used(self, named: str, now: datetime) -> None:
        with self.books.write() as tx:
            tx.run("UPDATE web_session SET seen_at = ? WHERE digest = ?", (micros(now), named))
