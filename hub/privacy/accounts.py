"""Who may use the hub: one account per person, acting for one organisation in one role.

Staff are known to everything else by the account's id alone. A name to sign in by is kept as a keyed digest; its text only for staff, whose
names the operator must be able to read. A resident's account is tied to the parties that were proved for it, never to a customer.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from json import dumps, loads
from typing import Any

from hub.privacy.books import Books, Transaction, micros
from hub.privacy.passwords import digest, fits, hashed, new_token

PATIENCE = 10
"""So many wrong passwords in a row, and the account waits."""
WAIT = timedelta(minutes=15)


class Tie(StrEnum):
    """What a party is to the person who has the account."""

    OWN = "OWN"
    RELATION = "RELATION"
    PROVED = "PROVED"


class AccountRefused(Exception):
    """An account cannot be made or changed so; the message names no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is said of a new account; one without a password signs in elsewhere (`subject` is issuer and subject of OpenID Connect)."""

    name: str
    role: str
    organisation: str
    team: str | None = None
    duties: tuple[str, ...] = ()
    password: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person's account; `name` is None for residents."""

    account_id: str
    name: str | None
    role: str
    organisation: str
    team: str | None
    duties: frozenset[str]
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts in the store; every method raises Unavailable when it cannot be reached."""

    books: Books
    secret: bytes
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    def add(self, new: NewAccount) -> Account:
        """A new account; raises AccountRefused where the name or the subject has one already, ValueError for an unfit password."""
        secret = hashed(new.password) if new.password is not None else None
        account_id, shown = self.new_id(), None if new.role == RESIDENT else new.name
        row = (
            account_id, self._named(new.name), new.role, new.organisation, dumps(sorted(new.duties)), micros(self.clock()), shown, new.team,
            secret, new.subject,
        )  # fmt: skip
        with self.books.write() as tx:
            taken = tx.rows("SELECT 1 FROM account WHERE name_digest = ? OR subject = ?", (row[1], new.subject))
            if taken:
                raise AccountRefused("there is such an account already")
            tx.run(
                "INSERT INTO account (id, name_digest, role, organisation, duties, failures, created_at, name, team, secret, subject)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
                row,
            )
        return _account((account_id, shown, *row[2:4], new.team, row[4], None))

    def disable(self, name: str) -> Account:
        """The account can be used no more, and who is signed in with it is not any longer; raises AccountRefused where there is none."""
        with self.books.write() as tx:
            found = self._one(tx, "name_digest = ?", self._named(name))
            tx.run("UPDATE account SET disabled_at = ?, token = NULL WHERE id = ?", (micros(self.clock()), found.account_id))
            tx.run("DELETE FROM web_session WHERE account = ?", (found.account_id,))
        return found

    def token(self, name: str) -> str:
        """A secret by which a program acts as this account, told once; the one before ends."""
        made = new_token()
        with self.books.write() as tx:
            found = self._one(tx, "name_digest = ? AND disabled_at IS NULL", self._named(name))
            tx.run("UPDATE account SET token = ? WHERE id = ?", (digest(made), found.account_id))
        return made

    def tie(self, name: str, party: str, tie: Tie, *, how: str, decided_by: str) -> None:
        """Say what a party is to the account's person; `how` it was proved is a code."""
        with self.books.write() as tx:
            account = self._one(tx, "name_digest = ?", self._named(name))
            if (tie is Tie.PROVED) != (account.role == RESIDENT):
                raise AccountRefused("parties are proved for residents, and declared by staff")
            tx.run(
                "INSERT INTO account_party (account, party, tie, how, decided_by, since) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (account, party) DO UPDATE SET tie = excluded.tie, how = excluded.how, decided_by = excluded.decided_by,"
                " since = excluded.since",
                (account.account_id, party, tie.value, how, decided_by, micros(self.clock())),
            )

    def untie(self, name: str, party: str) -> None:
        """The party is nothing to the account's person any more."""
        with self.books.write() as tx:
            account = self._one(tx, "name_digest = ?", self._named(name))
            tx.run("DELETE FROM account_party WHERE account = ? AND party = ?", (account.account_id, party))

    def ties(self, account_id: str) -> Mapping[str, Tie]:
        """The parties tied to this account."""
        with self.books.read() as tx:
            return {party: Tie(tie) for party, tie in tx.rows("SELECT party, tie FROM account_party WHERE account = ?", (account_id,))}

    def colleagues(self, parties: frozenset[str]) -> frozenset[str]:
        """Those of these parties that are somebody's on the staff."""
        with self.books.read() as tx:
            return frozenset(
                party
                for party in parties
                if tx.rows("SELECT 1 FROM account_party WHERE party = ? AND tie = ?", (party, Tie.OWN.value))
            )  # fmt: skip

    def listing(self) -> list[Account]:
        """Every account, for the operator."""
        with self.books.read() as tx:
            return [_account(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM account ORDER BY created_at, id")]  # noqa: S608 - own columns

    def by_id(self, account_id: str) -> Account | None:
        """The account that may be used under this id."""
        return self._usable("id = ?", account_id)

    def by_subject(self, subject: str) -> Account | None:
        """The account of somebody who signed in elsewhere."""
        return self._usable("subject = ?", subject)

    def by_token(self, token: str) -> Account | None:
        """The account that a program acts as."""
        return self._usable("token = ?", digest(token))

    def by_password(self, name: str, password: str) -> Account | None:
        """The account with this name and password; None also while it waits after too many wrong ones."""
        named, now = self._named(name), micros(self.clock())
        with self.books.read() as tx:
            rows = tx.rows("SELECT secret, failures, failed_at FROM account WHERE name_digest = ? AND disabled_at IS NULL", (named,))
        secret, failures, failed_at = rows[0] if rows else (None, 0, None)
        waits = failures >= PATIENCE and now - (failed_at or 0) < WAIT / timedelta(microseconds=1)
        right = fits(password, None if waits else secret)
        if not right and not waits:
            self._count_failure(named, now)
        elif right and failures:
            self._forget_failures(named)
        return self._usable("name_digest = ?", named) if right else None

    def _count_failure(self, named: str, now: int) -> None:
        with self.books.write() as tx:
            tx.run(
                "UPDATE account SET failures = CASE WHEN failures >= ? THEN 1 ELSE failures + 1 END, failed_at = ? WHERE name_digest = ?",
                (PATIENCE, now, named),
            )

    def _forget_failures(self, named: str) -> None:
        with self.books.write() as tx:
            tx.run("UPDATE account SET failures = 0, failed_at = NULL WHERE name_digest = ?", (named,))

    def _usable(self, where: str, value: str) -> Account | None:
        with self.books.read() as tx:
            rows = tx.rows(f"SELECT {_COLUMNS} FROM account WHERE {where} AND disabled_at IS NULL", (value,))  # noqa: S608 - own columns
        return _account(rows[0]) if rows else None

    def _one(self, tx: Transaction, where: str, value: str) -> Account:
        rows = tx.rows(f"SELECT {_COLUMNS} FROM account WHERE {where}", (value,))  # noqa: S608 - own columns
        if not rows:
            raise AccountRefused("there is no such account")
        return _account(rows[0])

    def _named(self, name: str) -> str:
        return hmac.digest(self.secret, name.strip().casefold().encode(), "sha256").hex()


RESIDENT = "resident"
_COLUMNS = "id, name, role, organisation, team, duties, disabled_at"


def _account(row: tuple[Any, ...]) -> Account:
    account_id, name, role, organisation, team, duties, disabled_at = row
    return Account(
        account_id=account_id, name=name, role=role, organisation=organisation, team=team, duties=frozenset(loads(duties)),
        disabled=disabled_at is not None,
    )  # fmt: skip
