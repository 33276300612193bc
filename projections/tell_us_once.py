"""Who should have been told of what happened to this person, and who is not told, and why? One row per person; told is made equal to it.

Facts are the words about each life event and what every record of the person's set says of itself. The agreements are policy: which of
them applied follows from when things were heard. Numbers and instructions are those of the telling: 1 is TELL, a changed revision is
CORRECT, what no longer holds is WITHDRAW, what holds again is REINSTATE; no two alike follow each other about one revision.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, assert_never

from hub.contracts.life_events import AddressChanged, BirthRegistered, DeathRegistered, DeathRegistrationUpdated, EmploymentEnded, LifeEvent
from hub.contracts.notification_words import Instruction, WithheldReason
from hub.contracts.notifications import FanOutPlanned, FanOutWithdrawn, FanOutWithheld, line_id
from hub.contracts.ordering import order_of
from hub.contracts.records import RecordForgotten, RecordKnown
from hub.model.event import EPOCH, Event
from hub.model.projection import Effect, Projection
from hub.model.values import replace
from hub.sharing.agreement import NoticeAgreement
from hub.sharing.life import kind_of, stands
from hub.sharing.planning import Heard, Line, Said, State, lines, moments

MOST_SAID, MOST_RECORDS, MOST_STATES = 64, 64, 8
"""Words, records and states of one record that are kept: the latest words, the latest records, and the latest states of each."""

ToldOf = DeathRegistered | DeathRegistrationUpdated | BirthRegistered | AddressChanged | EmploymentEnded
Agreements = Callable[[], Mapping[str, NoticeAgreement]]
"""The agreements by id, read when they are first asked for."""


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class Affairs:
    """One row per person something happened to, or whose records are known."""

    party_id: str | None = None
    said: Mapping[str, Said] = field(default_factory=dict)
    records: Mapping[str, tuple[State, ...]] = field(default_factory=dict)

    def heard(self) -> Heard | None:
        """All of it; None while nothing happened, or no record tells of whom this is."""
        if self.party_id is None or not self.said or self.party_id not in self.records:
            return None
        return Heard(party_id=self.party_id, said=self.said, records=self.records)


def apply(facts: Affairs, event: ToldOf | RecordKnown | RecordForgotten) -> Affairs:
    """Fold one event."""
    match event:
        case RecordKnown() | RecordForgotten():
            return _record(facts, event)
        case DeathRegistered() | DeathRegistrationUpdated() | BirthRegistered() | AddressChanged() | EmploymentEnded():
            return _said(facts, event)
        case _:
            assert_never(event)


def _said(facts: Affairs, event: ToldOf) -> Affairs:
    kind = kind_of(event)
    if kind is None or event.event_id in facts.said:
        return facts
    said = Said(
        life_event_id=event.life_event_id,
        kind=kind,
        order=order_of(event),
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        stands=stands(event),
        system=event.source,
        origin=event.origin,
        already_told=event.already_told,
        chosen=event.chosen,
        declined=event.declined,
        controller=event.controller,
        subject=event.subject,
        plain=_plain(event),
        sealed={name: value for name in SEALED[type(event)] if (value := getattr(event, name)) is not None},
        first=event.parents[0] if isinstance(event, BirthRegistered) and event.parents else None,
    )
    grown = {**facts.said, event.event_id: said}
    latest = sorted(grown, key=lambda name: (grown[name].recorded_at, name))[-MOST_SAID:]
    return replace(facts, said={name: grown[name] for name in sorted(latest)})


def _plain(event: ToldOf) -> dict[str, str]:
    match event:
        case AddressChanged():
            return {"moved_on": event.moved_on.isoformat(), "dependants": str(len(event.also_for))}
        case EmploymentEnded():
            return {"ended_on": event.ended_on.isoformat(), **({} if event.ending is None else {"ending": event.ending.value})}
        case _:
            return {}


_DEATH = ("registration", "names", "died", "born", "addresses")
SEALED: Mapping[type[LifeEvent], tuple[str, ...]] = {
    DeathRegistered: _DEATH,
    DeathRegistrationUpdated: _DEATH,
    BirthRegistered: ("names", "born", "addresses"),
    AddressChanged: ("from_uprn", "to_uprn", "from_address", "to_address"),
    EmploymentEnded: (),
}
"""What of each life event may be told to anybody; it stays sealed until a notice is made."""


def _record(facts: Affairs, event: RecordKnown | RecordForgotten) -> Affairs:
    kept = {state.number: state for state in facts.records.get(event.party_id, ())}
    said = _state(event)
    kept[said.number] = max(said, kept.get(said.number, said), key=repr)  # there are no two of one number but in a test
    states = tuple(kept[number] for number in sorted(kept)[-MOST_STATES:])
    grown = {**facts.records, event.party_id: states}
    latest = sorted(grown, key=lambda name: (grown[name][-1].at, name))[-MOST_RECORDS:]
    return replace(facts, party_id=event.subject, records={name: grown[name] for name in sorted(latest)})


def _state(event: RecordKnown | RecordForgotten) -> State:
    if isinstance(event, RecordForgotten):
        return State(number=event.number, at=event.recorded_at, known=False)
    return State(
        number=event.number,
        at=event.recorded_at,
        known=True,
        system=event.system,
        proved=event.proved,
        restricted_by=event.restricted_by,
        address_hidden=event.address_hidden,
        erased=event.erased,
    )


def _wanted(agreements: Agreements) -> Callable[[Affairs, datetime], Mapping[Effect, Event]]:
    """What should have been told, and what is withheld."""

    def wanted(facts: Affairs, as_of: datetime) -> Mapping[Effect, Event]:
        heard = facts.heard()
        if heard is None:
            return {}
        return dict(_effect(heard.party_id, line) for line in lines(heard, agreements().values(), as_of))

    return wanted


def _effect(subject: str, line: Line) -> tuple[Effect, Event]:
    agreement, record, kind = line.agreement, line.row.party_id, line.life.kind.value
    about: dict[str, Any] = {
        "occurred_at": line.at,
        "subject": subject,
        "line_id": line_id(line.life_event_id, agreement.id, record),
        "life_event_id": line.life_event_id,
        "agreement": agreement.id,
        "record_party_id": record,
        "kind": kind,
    }
    name = f"{kind} {subject} {about['line_id']}"
    if line.withheld is None:
        planned = FanOutPlanned(
            **about, instruction=Instruction.TELL, number=0, revision=line.life.revision, recipient="", purpose="", basis="",
            agreement_from=date.min,
        )  # fmt: skip
        return Effect("told", name), planned
    return Effect("withheld", name), FanOutWithheld(**about, reason=WithheldReason[line.withheld.name], recipient=agreement.recipient)


def _due(agreements: Agreements) -> Callable[[Affairs, datetime], datetime | None]:
    """When a held change goes out, or an agreement's beginning or end changes what is withheld."""
    wanted = _wanted(agreements)

    def due(facts: Affairs, as_of: datetime) -> datetime | None:
        heard = facts.heard()
        if heard is None:
            return None
        now = list(lines(heard, agreements().values(), as_of))
        later = sorted(at for at in moments(heard, agreements().values(), now) if at > as_of)
        told = dict(_effect(heard.party_id, line) for line in now) if later else {}
        return next((at for at in later if wanted(facts, at) != told), None)

    return due


def _withdraw(agreements: Agreements) -> Callable[[Effect], Event]:
    """A told line no longer holds, or a withheld one is no longer withheld."""

    def withdraw(effect: Effect) -> Event:
        kind, subject, line = str(effect.about).split(" ", 2)
        life_event_id, agreement, record = line.rsplit("/", 2)
        about: dict[str, Any] = {
            "occurred_at": EPOCH,
            "subject": subject,
            "line_id": line,
            "life_event_id": life_event_id,
            "agreement": agreement,
            "record_party_id": None if record == "-" else record,
            "kind": kind,
            "recipient": agreements()[agreement].recipient if agreement in agreements() else agreement,
        }
        if effect.kind == "withheld":
            return FanOutWithheld(**about, reason=WithheldReason.NO_LONGER)
        return FanOutWithdrawn(**about, number=0)

    return withdraw


_INSTRUCTIONS = {"tell": Instruction.TELL, "correct": Instruction.CORRECT, "reinstate": Instruction.REINSTATE}


def _numbered(agreements: Agreements) -> Callable[[Event, int, str], Event]:
    """The number, the instruction and the agreement's terms, which are no reason to tell again."""

    def numbered(event: Event, number: int, action: str) -> Event:
        if isinstance(event, FanOutWithdrawn):
            return replace(event, number=number)
        if not isinstance(event, FanOutPlanned):
            return event
        terms = agreements()[event.agreement]
        return replace(
            event, number=number, instruction=_INSTRUCTIONS[action], recipient=terms.recipient, purpose=terms.purpose, basis=terms.basis,
            agreement_from=terms.valid_from,
        )  # fmt: skip

    return numbered


def _fields(event_type: type[LifeEvent]) -> tuple[str, ...]:
    common = ("life_event_id", "subject", "origin", "already_told", "chosen", "declined", *SEALED[event_type])
    more = {
        DeathRegistrationUpdated: ("reason",), BirthRegistered: ("parents",), AddressChanged: ("moved_on", "also_for"),
        EmploymentEnded: ("ended_on", "ending"),
    }  # fmt: skip
    return ("event_id", "occurred_at", "recorded_at", "source", "controller", *common, *more.get(event_type, ()))


def projection(agreements: Agreements) -> Projection[Affairs]:
    """The question as these agreements answer it."""
    return Projection(
        name="tell-us-once",
        version=1,
        reads=("life-events-by-party", "person-records"),
        facts=Affairs,
        apply=apply,
        wanted=_wanted(agreements),
        due=_due(agreements),
        withdraw=_withdraw(agreements),
        numbered=_numbered(agreements),
        needs={
            **{
                kind: _fields(kind)
                for kind in (DeathRegistered, DeathRegistrationUpdated, BirthRegistered, AddressChanged, EmploymentEnded)
            },
            RecordKnown: (
                "recorded_at", "subject", "party_id", "number", "system", "proved", "restricted_by", "address_hidden", "erased",
            ),
            RecordForgotten: ("recorded_at", "subject", "party_id", "number"),
        },
    )  # fmt: skip
