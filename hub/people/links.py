"""Which parties are one customer, since when and until when: the decisions on `identities`, folded in order into rows.

A row is never rewritten but to be ended, so that what was known on an earlier day can be read, and links since undone are marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from hub.contracts.identities import CustomersMerged, CustomerSplit, PartyLinked, PartyMoved, PartyUnlinked
from hub.engine.store import Transaction
from hub.model.event import Event
from hub.privacy.books import instant, micros

TOPIC = "identities"


class Link(NamedTuple):
    """A party belonged to a customer in this time; `until` None: it still does."""

    party: str
    customer: str
    since: datetime
    until: datetime | None
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision on `identities` and its place in the log."""

    offset: int
    event: Event


def write_links(tx: Transaction, decisions: Sequence[Decided]) -> None:
    """Fold these decisions, in order, into the rows."""
    for each in decisions:
        _fold(tx, each.event, each.offset)


def _fold(tx: Transaction, event: Event, offset: int) -> None:
    match event:
        case PartyLinked() | PartyMoved():
            _move(tx, {event.party_id: event.customer_id}, event, offset)
        case PartyUnlinked():
            _end(tx, [event.party_id], event)
        case CustomersMerged():
            rows = tx.rows("SELECT party FROM party_link WHERE customer = ? AND until IS NULL", (event.absorbed_customer_id,))
            _move(tx, {party: event.customer_id for (party,) in rows}, event, offset)
            _redirect(tx, event)
        case CustomerSplit():
            moved = dict(zip(event.party_ids, event.customer_ids, strict=False))
            _move(tx, {party: customer for party, customer in moved.items() if customer != event.customer_id}, event, offset)
            tx.run_many("DELETE FROM customer_redirect WHERE customer = ?", [(customer,) for customer in set(event.customer_ids)])
        case _:
            pass


def _move(tx: Transaction, homes: Mapping[str, str], event: Event, offset: int) -> None:
    now = customers_of(tx, list(homes))
    homes = {party: customer for party, customer in homes.items() if now.get(party) != customer}
    _end(tx, list(homes), event)
    tx.run_many(
        "INSERT INTO party_link (party, since, position, customer, event_id, until) VALUES (?, ?, ?, ?, ?, NULL)",
        [(party, micros(event.recorded_at), offset, customer, event.event_id) for party, customer in homes.items()],
    )


def _end(tx: Transaction, parties: Sequence[str], event: Event) -> None:
    at = micros(event.recorded_at)
    tx.run_many("UPDATE party_link SET until = ? WHERE party = ? AND until IS NULL", [(at, party) for party in parties])


def _redirect(tx: Transaction, event: CustomersMerged) -> None:
    tx.run("DELETE FROM customer_redirect WHERE customer = ?", (event.customer_id,))
    tx.run(
        "INSERT INTO customer_redirect (customer, kept, at) VALUES (?, ?, ?)"
        " ON CONFLICT (customer) DO UPDATE SET kept = excluded.kept, at = excluded.at",
        (event.absorbed_customer_id, event.customer_id, micros(event.recorded_at)),
    )


def kept_as(tx: Transaction, customer: str) -> str:
    """The customer that this one became by merges; itself where it was never absorbed."""
    seen = {customer}
    while rows := tx.rows("SELECT kept FROM customer_redirect WHERE customer = ?", (customer,)):
        customer = rows[0][0]
        if customer in seen:
            break
        seen.add(customer)
    return customer


def links_of(tx: Transaction, customer: str, known_at: datetime | None = None) -> list[Link]:
    """The parties that were this customer's by then, the earliest first; now, where no instant is named."""
    at = None if known_at is None else micros(known_at)
    rows = tx.rows(
        "SELECT party, customer, since, until, event_id FROM party_link WHERE customer = ? ORDER BY since, position", (customer,)
    )
    held = [row for row in rows if (row[3] is None if at is None else row[2] <= at and (row[3] is None or row[3] > at))]
    return [_link(row) for row in held]


def customers_of(tx: Transaction, parties: Sequence[str]) -> dict[str, str]:
    """Each party's customer now; parties of none are left out."""
    rows = [
        row for party in parties for row in tx.rows("SELECT party, customer FROM party_link WHERE party = ? AND until IS NULL", (party,))
    ]
    return dict(rows)


def _link(row: tuple[str, str, int, int | None, str]) -> Link:
    return Link(row[0], row[1], instant(row[2]), None if row[3] is None else instant(row[3]), row[4])
