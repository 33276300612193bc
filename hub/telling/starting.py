"""What is said at a desk of somebody's life: a move, lost work, or a death with the certificate shown; the running hub tells the others.

A death is told at a desk only of a record whose birth date is the certificate's: linking to show is not linking to act. What turns out to
have been said by mistake is taken back as a registrar's cancellation is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hub.clocks.london import day_of
from hub.contracts.bundles import BundleOffered
from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason, EmploymentEnding, Informant
from hub.contracts.life_events import AddressChanged, DeathRegistered, DeathRegistrationUpdated, EmploymentEnded, LifeEvent
from hub.engine.outbox import Outgoing, enqueue, last_seq
from hub.engine.store import Store
from hub.model.event import Event
from hub.model.personal import Plain
from hub.privacy.ids import derived_id
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Told
from hub.telling.ledger import Ledger
from hub.telling.opening import Opening

DESK, STREAM = "front-office", "life-events"
_TURN = 0x68756265
"""The advisory lock on which the desks of several processes take turns."""
AT_A_DESK = (LifeEventKind.MOVE, LifeEventKind.BEREAVEMENT, LifeEventKind.UNEMPLOYMENT)
"""What is told at a desk; births come from the registrar alone."""


class UnknownRecord(Exception):
    """No source says anything of this record now."""


class KnownAlready(Exception):
    """The death is known, by another life event: nobody is told of it twice."""


class AnotherBirthDate(Exception):
    """The certificate's birth date is not the record's, or the record has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What somebody says; of a move the new home, of a death the certificate."""

    kind: LifeEventKind
    party: str
    on: date
    chosen: tuple[str, ...] = ()
    informant: Informant = Informant.SUBJECT
    to_address: str = field(default="", repr=False)
    to_uprn: str = field(default="", repr=False)
    ending: EmploymentEnding | None = None
    registration: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)

    @property
    def life_event_id(self) -> str:
        """The same of the same person, kind and day, however often it is said."""
        return derived_id("life-event", self.party, self.kind.value, self.on.isoformat())


def life_event(spoken: Spoken, now: datetime, controller: str, once: str) -> LifeEvent:
    """The event, the same for the same `once`; a death is as the certificate says it."""
    about = _envelope(spoken.life_event_id, now, controller, once) | {
        "subject": spoken.party, "informant": spoken.informant, "chosen": spoken.chosen,
        "chosen_by": spoken.party if spoken.informant is Informant.SUBJECT else None,
    }  # fmt: skip
    match spoken.kind:
        case LifeEventKind.MOVE:
            home = {"to_address": _plain(spoken.to_address), "to_uprn": _plain(spoken.to_uprn)}
            return AddressChanged(**about | home, moved_on=spoken.on, also_for=())
        case LifeEventKind.UNEMPLOYMENT:
            return EmploymentEnded(**about, ended_on=spoken.on, ending=spoken.ending)
        case LifeEventKind.BEREAVEMENT:
            born = None if spoken.born is None else Plain(spoken.born.isoformat())
            return DeathRegistered(
                **about, death_precision=DatePrecision.DAY, birth_precision=DatePrecision.NONE if born is None else DatePrecision.DAY,
                died=Plain(spoken.on.isoformat()), born=born, registration=_plain(spoken.registration),
            )  # fmt: skip
        case LifeEventKind.BIRTH:
            raise ValueError(spoken.kind.value)


def _plain(text: str) -> Plain | None:
    return Plain(text) if text else None


def offered(spoken: Spoken, event: LifeEvent, agreements: Iterable[NoticeAgreement]) -> BundleOffered:
    """The services that go with the life event, offered in the same visit; those told in any case are taken without a question."""
    told = [each for each in agreements if each.in_force(day_of(event.occurred_at)) and isinstance(each.life_events[spoken.kind], Told)]
    return BundleOffered(
        event_id=derived_id("bundle", event.event_id), occurred_at=event.occurred_at, recorded_at=event.recorded_at, source=DESK,
        controller=event.controller, correlation_id=event.correlation_id, causation_id=event.event_id, life_event_id=event.life_event_id,
        subject=spoken.party, kind=spoken.kind.value, offered=tuple(sorted(each.id for each in told)),
        taken=tuple(sorted(each.id for each in told if not each.by_choice or each.id in spoken.chosen)),
    )  # fmt: skip


def mistaken(life_event_id: str, subject: str, now: datetime, controller: str, once: str) -> DeathRegistrationUpdated:
    """A death that was told at a desk did not happen, or was of somebody else."""
    about = _envelope(life_event_id, now, controller, once) | {"subject": subject, "informant": Informant.ORGANISATION, "chosen": ()}
    return DeathRegistrationUpdated(
        **about, reason=DeathUpdateReason.CANCELLED, death_precision=DatePrecision.NONE, birth_precision=DatePrecision.NONE
    )


def _envelope(life_event_id: str, now: datetime, controller: str, once: str) -> dict[str, Any]:
    event_id = derived_id("life-event", life_event_id, once)
    return {
        "event_id": event_id, "occurred_at": now, "recorded_at": now, "source": DESK, "controller": controller, "correlation_id": event_id,
        "life_event_id": life_event_id, "origin": DESK, "already_told": (), "declined": (),
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Starting:
    """Writes what is said at a desk to one store's outbox; raises Unavailable."""

    store: Store
    encode: Callable[[Sequence[Event]], list[Outgoing]]
    opening: Opening
    ledger: Ledger
    controller: str
    agreements: Callable[[], Mapping[str, NoticeAgreement]]

    def start(self, spoken: Spoken, once: str) -> str:
        """The id of the life event; raises UnknownRecord, and for a death AnotherBirthDate and KnownAlready."""
        known = self.opening.known(spoken.party)
        if not known:
            raise UnknownRecord
        if spoken.kind is LifeEventKind.BEREAVEMENT and (spoken.born is None or known.get("born") != spoken.born.isoformat()):
            raise AnotherBirthDate
        if spoken.kind is LifeEventKind.BEREAVEMENT and self._death(spoken.party) not in {None, spoken.life_event_id}:
            raise KnownAlready
        event = life_event(spoken, self._now(), self.controller, once)
        self.record(event, offered(spoken, event, self.agreements().values()))
        return event.life_event_id

    def take_back(self, life_event_id: str, subject: str, once: str) -> None:
        """A death was told at a desk by mistake: whoever was told of it is told that it does not hold."""
        self.record(mistaken(life_event_id, subject, self._now(), self.controller, once))

    def _death(self, party: str) -> str | None:
        """The life event by which this person is known to have died."""
        customer = self.ledger.customer(party)
        found = None if customer is None else self.ledger.silence(customer)
        return None if found is None else found.life_event_id

    def _now(self) -> datetime:
        with self.store.read() as tx:
            return tx.now()

    def record(self, *events: Event) -> None:
        """Put stamped events into the outbox, all or none."""
        records = self.encode(events)
        with self.store.write() as tx:
            if self.store.dialect == "postgresql":  # SQLite has one writer anyway
                tx.rows("SELECT pg_advisory_xact_lock(?)", (_TURN,))
            enqueue(tx, STREAM, last_seq(tx, STREAM) + 1, records, tx.now(), self.store.dialect)
        self.store.outbox_filled.set()
