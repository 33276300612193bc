"""A small town of invented people for the tests of the view: sources say, identity decides, a follower gathers; no Kafka."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.commands import CASE, CONTACT, EVIDENCE, PERSON, PRIVACY
from hub.contracts.identities import CustomersMerged, CustomerSplit, PartyLinked
from hub.contracts.parties import PartyAsserted, ProtectionSet
from hub.contracts.people_words import LinkBasis, MatchDomain, PartyKind, Protection
from hub.engine import catalogue
from hub.engine.bundle import Bundle
from hub.engine.commanding import Commander, Request
from hub.engine.following import Follower
from hub.engine.outbox import Outgoing
from hub.engine.reading import Reading
from hub.model.event import Event
from hub.model.personal import Plain
from hub.people.erasing import Eraser
from hub.people.gathering import Gathering
from hub.privacy.ids import derived_id
from hub.privacy.search_index import SearchIndex
from projections.case_timeline import PROJECTION as TIMELINE
from projections.contact_log import PROJECTION as LOG
from projections.contacts_by_case import ROUTE
from tests.canaries import INVENTED
from tests.engine_harness import Engine, running, stamped

SURNAME, NINO, PHONE, POSTCODE = (INVENTED[name] for name in ("surname", "NINO", "phone", "postcode"))
BORN = "1954-03-21"
PLAIN = ("generation", "registered_on", "household_id", "controller")
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


BUNDLE = Bundle(name="views", projections=(TIMELINE, LOG, CASE.state, CONTACT.state, PRIVACY.state, EVIDENCE.state), routes=(ROUTE,))
"""What the view reads besides what a follower gathers."""
STEWARDS = Bundle(name="stewards", projections=(PERSON.state,))
"""What stewards' decisions are decided on; no worker feeds it here, commands remember."""


def day(n: int) -> datetime:
    """The n-th day of the story, at nine."""
    return DAY + timedelta(days=n - 1)


def names(forename: str, surname: str) -> str:
    """A name as the contract has it."""
    return json.dumps([{"type": "CURRENT", "title": "", "forename": forename, "middle": "", "surname": surname}])


def asserted(party: str, at: datetime = DAY, *, forename: str = "Aethelfryth", surname: str = SURNAME, **more: Any) -> PartyAsserted:
    """A source says what it knows of somebody."""
    said: dict[str, Any] = {
        "names": names(forename, surname),
        "born": BORN,
        "addresses": json.dumps([{"type": "HOME", "text": "9 Quarry Steps", "postcode": POSTCODE}]),
        "phones": json.dumps([{"type": "MOBILE", "number": PHONE}]),
        "nino": NINO,
    }
    plain: dict[str, Any] = {"generation": 1} | {name: more.pop(name) for name in PLAIN if name in more}
    values: dict[str, Any] = {name: None if value is None else Plain(value) for name, value in (said | more).items()}
    fixed: dict[str, Any] = {"kind": PartyKind.PERSON, "match_domain": MatchDomain.GENERAL, "complete": True}
    return PartyAsserted(occurred_at=at, party_id=party, **fixed, **plain, **values)


def protected(party: str, protection: Protection, at: datetime = DAY) -> ProtectionSet:
    """A named role hides something of somebody."""
    return ProtectionSet(occurred_at=at, party_id=party, protection=protection, owner="safeguarding", review_on=date(2027, 1, 1))


def linked(party: str, customer: str, at: datetime = DAY) -> PartyLinked:
    """It was decided whose record this is."""
    return PartyLinked(
        occurred_at=at, customer_id=customer, party_id=party, basis=LinkBasis.SCORE, input_offset=0, ordinal=0,
        model_version="m1", evidence=(),
        frequencies=(),
    )  # fmt: skip


def merged(kept: str, absorbed: str, at: datetime = DAY) -> CustomersMerged:
    """Two customers turned out to be one."""
    return CustomersMerged(
        occurred_at=at, customer_id=kept, absorbed_customer_id=absorbed, basis=LinkBasis.PERSON, input_offset=0, ordinal=0,
        model_version="m1",
        evidence=(), frequencies=(),
    )  # fmt: skip


def split(customer: str, homes: dict[str, str], at: datetime = DAY) -> CustomerSplit:
    """One customer turned out to be several."""
    return CustomerSplit(
        occurred_at=at, customer_id=customer, party_ids=tuple(homes), customer_ids=tuple(homes.values()), basis=LinkBasis.UNDONE,
        input_offset=0, ordinal=0,
        model_version="m1",
    )  # fmt: skip


@dataclass(kw_only=True)
class Town:
    """A hub and the follower behind the view; `say` seals, logs and gathers."""

    engine: Engine
    follower: Follower
    logs: dict[tuple[str, int], list[Outgoing]] = field(default_factory=dict)
    _carried: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def commander(self) -> Commander:
        """Carries out what people ask."""
        house = self.engine.house
        secret = house.instance.id_secret
        return Commander(store=house.store, contracts=house.contracts, keys=house.keys, digest_key=secret, controller="tameside")

    def ask(self, command: Any) -> Any:
        """Somebody asks something about a person's data, and it becomes visible."""
        request = Request(key=command.party_id, command=command, idempotency_key=derived_id(repr(command)), said=b"")
        answer = self.commander.carry_out(PRIVACY, request)
        self.settle()
        return answer

    def settle(self) -> None:
        """What the hub itself said reaches the logs, the rows, and the follower."""
        self.engine.settle()
        for place, log in self.engine.logs.items():
            kept = self.logs.setdefault(place, [])
            kept += [Outgoing(*place, record.key, record.value or b"") for record in log[self._carried.get(place, 0) :]]
            self._carried[place] = len(log)
        self.gather()

    @property
    def eraser(self) -> Eraser:
        """Carries out erasures, a thousand days from now so that everything confirmed is due."""
        house = self.engine.house
        return Eraser(
            store=house.store, contracts=house.contracts, keys=house.keys, index=SearchIndex(house.instance.id_secret),
            commander=self.commander, reading=Reading(store=house.store, contracts=house.contracts), clock=lambda: day(100),
        )  # fmt: skip

    def say(self, *events: Event, source: str = "council-tax") -> list[Outgoing]:
        """Sources or the hub say this, in this order."""
        named = [stamped(event, f"{n} {len(self.logs)} {event!r}", source=source) for n, event in enumerate(events)]
        records = self.engine.house.encode(named)
        self.write(records)
        return records

    def write(self, records: Sequence[Outgoing]) -> None:
        """Append these to the logs and gather them."""
        for record in records:
            self.engine.append(record)
        self.settle()

    def gather(self) -> None:
        """Everything in the logs that the follower has not had."""
        for place, at in self.follower.positions().items():
            log = self.logs.get(place, [])
            if len(log) > at:
                self.follower.take(place, at, [(n, record.value) for n, record in enumerate(log)][at:], len(log))

    def forget(self) -> None:
        """The follower's position is lost, as after a restore."""
        with self.engine.house.store.write() as tx:
            tx.run("DELETE FROM follower")


@contextmanager
def town(folder: Path, dsn: str = "") -> Iterator[Town]:
    """A new hub in this folder."""
    with running(folder, dsn, BUNDLE) as engine:
        house = engine.house
        catalogue.create(house.store, STEWARDS, 1, {}, {})
        index = SearchIndex(house.instance.id_secret)
        gathering = Gathering(store=house.store, contracts=house.contracts, keys=house.keys, index=index)
        yield Town(engine=engine, follower=Follower(task=gathering, store=house.store, contracts=house.contracts))
