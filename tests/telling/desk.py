"""A council that tells others of life events: sources speak, sets are decided, couriers carry, recipients answer; no Kafka."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.cli.telling import answers, courier
from hub.commands import BUNDLE as BUNDLED
from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason, EmploymentEnding, Informant
from hub.contracts.life_events import AddressChanged, BirthRegistered, DeathRegistered, DeathRegistrationUpdated, EmploymentEnded
from hub.contracts.notification_words import NoticeTransport, Outcome
from hub.contracts.notifications import AcknowledgementGiven
from hub.contracts.records import PartySetChanged
from hub.engine import catalogue
from hub.engine.bundle import Bundle
from hub.engine.following import Follower
from hub.level_policies import known
from hub.model.errors import Unavailable
from hub.model.event import Event
from hub.model.personal import Plain
from hub.people.gathering import Gathering
from hub.privacy.agreements import agreed
from hub.privacy.search_index import SearchIndex
from hub.shipped import shipped
from hub.telling.courier import NoticeCourier
from hub.telling.notice import Notice
from hub.telling.transport import Delivered
from projections import by_agreements, known_records
from projections.ledger_lines import LedgerLine
from projections.ledger_routes import LIFE_EVENTS, LINES
from tests.engine_harness import Engine, running, stamped
from tests.view.town import STEWARDS, Town, asserted

AGREEMENTS = agreed(shipped("policies"))
TOLD, LEDGER = by_agreements(AGREEMENTS, known(shipped("policies")))
BUNDLE = Bundle(name="views", projections=(known_records.PROJECTION, TOLD, LEDGER, BUNDLED.state), routes=(LIFE_EVENTS, LINES))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
LIFE_EVENT = "0197c000-1111-8001-8000-000000000001"
DEAD, ACCOUNT, TENANCY = "gro-1", "ct-1", "h-1"


@dataclass(slots=True)
class Letterbox:
    """A recipient that takes what it is given, unless it is shut."""

    kind: NoticeTransport = NoticeTransport.TOPIC
    at_once: int = 100
    shut: bool = False
    got: list[Notice] = field(default_factory=list)

    def deliver(self, notices: Sequence[Notice]) -> Iterator[Delivered]:
        """As a transport does."""
        for each in notices:
            if self.shut:
                raise Unavailable("the letterbox")
            self.got.append(each)
            yield Delivered(evidence=f"letterbox@{len(self.got)}")

    def close(self) -> None:
        """Nothing to let go of."""

    @property
    def instructions(self) -> list[tuple[int, str]]:
        """The number and the instruction of everything that came."""
        return [(each.number, each.instruction.value) for each in self.got]


@dataclass(kw_only=True)
class Desk:
    """The council at work; `boxes` are its recipients' letterboxes."""

    town: Town
    boxes: dict[str, Letterbox]
    couriers: dict[str, NoticeCourier]
    offset: int = 0

    @property
    def engine(self) -> Engine:
        """The engine under it."""
        return self.town.engine

    def say(self, *events: Event, source: str = "gro") -> None:
        """A source says this now."""
        named = [stamped(event, repr(event), source=source, controller="borough-of-exampleton") for event in events]
        self.town.write(self.engine.house.encode(named))

    def known(self, party: str, source: str, **more: Any) -> None:
        """A source knows somebody, who is a set of their own."""
        said = {"names": '[{"type":"CURRENT","forename":"Margaret","surname":"Ashworth"}]', "source_reference": f"{source}/{party}"}
        self.say(asserted(party, MONDAY, **(said | more)), source=source)
        self.set(party, source=source)

    def set(self, *parties: str, proved: Sequence[str] | None = None, source: str | None = None) -> None:
        """These parties are one person by now, proved or not."""
        self.offset += 1
        for ordinal, party in enumerate(parties):
            sure = parties if proved is None else [each for each in parties if each == party or {each, party} <= set(proved)]
            self.say(
                PartySetChanged(
                    occurred_at=MONDAY, party_id=party, customer_id=f"c-{parties[0]}", said_by=source,
                    said_for=None if source is None else "borough-of-exampleton", party_ids=parties, proved=tuple(sure), silent=(),
                    input_offset=self.offset, ordinal=ordinal,
                ),
                source="hub/identity",
            )  # fmt: skip

    def carry(self) -> None:
        """Every courier sends what waits, and the ledger hears of it."""
        for each in self.couriers.values():
            try:
                while each.round():
                    self.town.settle()
            except Unavailable:
                self.town.settle()

    def later(self, **span: float) -> None:
        """Time passes on the broker."""
        self.engine.now += timedelta(**span)
        self.engine.beat(self.engine.now)
        self.town.settle()

    def line(self, agreement: str, record: str | None = ACCOUNT, life_event: str = LIFE_EVENT) -> LedgerLine:
        """The ledger's line."""
        reading = self.couriers["council-tax"].reading
        found = reading.find(LEDGER, f"{life_event}/{agreement}/{record or '-'}").facts
        return found if found is not None else LedgerLine()

    def answer(self, agreement: str, outcome: Outcome, nth: int = -1, **more: Any) -> bool:
        """A recipient says what became of a notice."""
        got = self.boxes[agreement].got[nth]
        said: dict[str, Any] = {
            "life_event_id": got.life_event_id, "agreement": agreement, "number": got.number, "message_id": got.message_id,
            "outcome": outcome,
        }  # fmt: skip
        taken = answers(self.engine.house).take(AcknowledgementGiven(occurred_at=MONDAY, **(said | more)))
        self.town.settle()
        return taken


def died(**more: Any) -> DeathRegistered:
    """A registrar recorded a death."""
    said: dict[str, Any] = {
        "registration": "900000017", "died": "2026-11-20", "born": "1954-03-21",
        "names": '[{"type":"CURRENT","forename":"Margaret","surname":"Ashworth"}]',
        "addresses": '[{"type":"HOME","text":"9 Quarry Steps","postcode":"QX4 7DB"}]',
    }  # fmt: skip
    fixed: dict[str, Any] = {
        "life_event_id": LIFE_EVENT, "subject": DEAD, "origin": "gro", "already_told": ("dwp",), "informant": Informant.REGISTRAR,
        "chosen": (), "declined": (), "death_precision": DatePrecision.DAY, "birth_precision": DatePrecision.DAY,
    }  # fmt: skip
    return DeathRegistered(**({"occurred_at": MONDAY} | fixed | {name: Plain(value) for name, value in said.items()} | more))


def updated(reason: DeathUpdateReason, minutes: int, **more: Any) -> DeathRegistrationUpdated:
    """The registration was changed so many minutes later."""
    said = died(**more)
    values = {name: getattr(said, name) for name in DeathRegistered.__dataclass_fields__}
    return DeathRegistrationUpdated(**values | {"reason": reason, "occurred_at": MONDAY + timedelta(minutes=minutes)})


def moved(subject: str, *chosen: str, **more: Any) -> AddressChanged:
    """Somebody moved, and said who should know."""
    said: dict[str, Any] = {
        "life_event_id": LIFE_EVENT, "subject": subject, "origin": "front-office", "already_told": (), "informant": Informant.SUBJECT,
        "chosen": chosen, "declined": (), "moved_on": date(2026, 11, 20), "also_for": (),
        "from_uprn": Plain("100000000001"), "to_uprn": Plain("100000000002"), "from_address": Plain("9 Quarry Steps"),
        "to_address": Plain("1 New Street, QX4 8AA"),
    }  # fmt: skip
    return AddressChanged(**({"occurred_at": MONDAY} | said | more))


def unemployed(subject: str, *chosen: str) -> EmploymentEnded:
    """Somebody lost their work."""
    return EmploymentEnded(
        occurred_at=MONDAY, life_event_id=LIFE_EVENT, subject=subject, origin="front-office", already_told=(), informant=Informant.SUBJECT,
        chosen=chosen, declined=(), ended_on=date(2026, 11, 20), ending=EmploymentEnding.REDUNDANCY,
    )  # fmt: skip


def born(child: str, *parents: str) -> BirthRegistered:
    """A child was born to them."""
    return BirthRegistered(
        occurred_at=MONDAY, life_event_id=LIFE_EVENT, subject=child, origin="gro", already_told=(), informant=Informant.REGISTRAR,
        chosen=("library",), declined=(), parents=parents, born=Plain("2026-11-20"),
        names=Plain('[{"type":"CURRENT","forename":"Ivy","surname":"Ashworth"}]'),
    )  # fmt: skip


@contextmanager
def desk(folder: Path, dsn: str = "") -> Iterator[Desk]:
    """A new council in this folder, on a Monday morning."""
    with running(folder, dsn, BUNDLE, controller="borough-of-exampleton") as engine:
        house = engine.house
        engine.now = MONDAY
        engine.beat(MONDAY)
        catalogue.create(house.store, STEWARDS, 1, {}, {})
        gathering = Gathering(store=house.store, contracts=house.contracts, keys=house.keys, index=SearchIndex(house.instance.id_secret))
        town = Town(engine=engine, follower=Follower(task=gathering, store=house.store, contracts=house.contracts))
        boxes = {name: Letterbox() for name, each in AGREEMENTS().items() if each.status.value == "active"}
        yield Desk(town=town, boxes=boxes, couriers={name: courier(house, AGREEMENTS()[name], box) for name, box in boxes.items()})
