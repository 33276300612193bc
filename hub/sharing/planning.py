"""Which lines of the ledger should have been told by an instant, and why are the others not? From what was heard of one person.

A line that might have been told once stays told when its agreement ends, is restricted, protected or erased since: it is corrected and
withdrawn under what applied. What was never told is not told then. The first word of a life event goes out at once, a cancellation too;
other changes are held for the recipient's settle time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hub.clocks import london
from hub.model.personal import Personal
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Status, Told
from hub.sharing.life import Life
from hub.sharing.wanted import TAKES_BACK, Assurance, Person, Record, Row, Why, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One word about a life event, as far as it bears on telling."""

    life_event_id: str
    kind: LifeEventKind
    order: str
    at: datetime
    recorded_at: datetime
    stands: bool
    system: str
    origin: str
    already_told: tuple[str, ...]
    chosen: tuple[str, ...]
    declined: tuple[str, ...]
    controller: str = ""
    subject: str = ""
    plain: Mapping[str, str] = field(default_factory=dict)
    """What is said besides and is nobody's secret: days and kinds."""
    sealed: Mapping[str, Personal] = field(default_factory=dict)
    """What is said of the person, as it was sealed."""
    first: str | None
    """Of several whom it is told of, the one under whom a recipient without a reference is told; None where there is one only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a record said of itself from an instant on."""

    number: int
    at: datetime
    known: bool
    system: str = ""
    proved: bool = False
    restricted_by: tuple[str, ...] = ()
    address_hidden: bool = False
    erased: bool = False


Records = Mapping[str, tuple[State, ...]]
"""By party id of the record, its states by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it should be: told of this revision, or withheld."""

    row: Row
    life: Life
    life_event_id: str
    at: datetime
    agreement: NoticeAgreement
    withheld: Why | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that was heard of one person; `said` maps the id of an event to what it said."""

    party_id: str
    said: Mapping[str, Said]
    records: Records

    def by_life_event(self) -> Iterator[tuple[str, dict[str, Said]]]:
        """The words about each life event."""
        for name in sorted({each.life_event_id for each in self.said.values()}):
            yield name, {event_id: each for event_id, each in self.said.items() if each.life_event_id == name}

    def instants(self) -> Iterator[datetime]:
        """When anything was heard."""
        yield from (each.recorded_at for each in self.said.values())
        yield from (state.at for states in self.records.values() for state in states)


def lines(heard: Heard, agreements: Iterable[NoticeAgreement], as_of: datetime) -> Iterator[Line]:
    """Every line of this person by then, or by when something was heard last; who is never told of this kind, or not by us, has none."""
    as_of = max((as_of, *heard.instants()))  # the broker's clock may lag behind what it brings
    listed = tuple(each for each in agreements if each.status is not Status.DISABLED)
    for name, said in heard.by_life_event():
        for agreement in listed:
            life = _life(said, agreement, as_of)
            if life is not None and isinstance(agreement.life_events[life.kind], Told):
                yield from _lines(heard, name, said, agreement, life, as_of)


def _lines(heard: Heard, name: str, said: Mapping[str, Said], agreement: NoticeAgreement, life: Life, as_of: datetime) -> Iterator[Line]:
    for row in _rows(heard, said, agreement, life, None, as_of):
        why = row.withheld
        if agreement.status is Status.INBOUND and why is not Why.TOLD_ELSEWHERE:
            continue
        if why is Why.NOT_IN_FORCE and london.day_of(as_of) < agreement.valid_from:
            continue  # what has not begun withholds nothing
        if why is not None and why not in TAKES_BACK and _told_before(heard, said, agreement, row, as_of):
            why = None
        yield Line(row=row, life=life, life_event_id=name, at=said[life.revision].at, agreement=agreement, withheld=why)


def _rows(
    heard: Heard, said: Mapping[str, Said], agreement: NoticeAgreement, life: Life, until: datetime | None, on: datetime
) -> Iterator[Row]:
    last = said[life.revision]
    for row in rows(life, agreement, _person(heard, last, until), london.day_of(on)):
        if row.party_id is None and last.first is not None and last.first != heard.party_id:
            continue
        if row.withheld is None and _erased(heard, row, until):
            yield replace(row, withheld=Why.ERASED)
        else:
            yield row


def _erased(heard: Heard, row: Row, until: datetime | None) -> bool:
    """Whether what the record, or the person where there is no record, says was erased."""
    state = _state(heard.records.get(row.party_id or heard.party_id, ()), until)
    return state is not None and state.erased


def _told_before(heard: Heard, said: Mapping[str, Said], agreement: NoticeAgreement, line: Row, as_of: datetime) -> bool:
    """Whether the line could be told at an instant that has passed: when something was heard or had settled, or the agreement began."""
    settled = (each.recorded_at + timedelta(minutes=agreement.settle_minutes) for each in said.values())
    passed = {at for at in (london.midnight(agreement.valid_from), *settled) if at <= as_of}
    return any(_could_be_told(heard, said, agreement, line, at) for at in passed | set(heard.instants()))


def _could_be_told(heard: Heard, said: Mapping[str, Said], agreement: NoticeAgreement, line: Row, at: datetime) -> bool:
    known = {event_id: each for event_id, each in said.items() if each.recorded_at <= at}
    life = _life(known, agreement, at)
    found = () if life is None else _rows(heard, known, agreement, life, at, at)
    return any(row.party_id == line.party_id and row.withheld is None for row in found)


def _life(said: Mapping[str, Said], agreement: NoticeAgreement, as_of: datetime) -> Life | None:
    """The life event as this recipient should know it by then."""
    if not said:
        return None
    first = min(said.values(), key=_as_taken_in)
    settle = timedelta(minutes=agreement.settle_minutes)
    heard = {name: each for name, each in said.items() if each == first or not each.stands or each.recorded_at + settle <= as_of}
    revision = max(heard, key=lambda name: (heard[name].order, name))
    last = heard[revision]
    return Life(
        kind=last.kind,
        revision=revision,
        stands=last.stands,
        origin=last.origin,
        already_told=frozenset(last.already_told),
        chosen=frozenset(last.chosen),
        declined=frozenset(last.declined),
    )


def _as_taken_in(said: Said) -> tuple[datetime, str]:
    return said.recorded_at, said.order


def _person(heard: Heard, last: Said, until: datetime | None) -> Person:
    """Whoever it is, by what their records said by then; the registration alone does not make the dead somebody we know."""
    found = {party: state for party, states in heard.records.items() if (state := _state(states, until)) is not None and state.known}
    if last.kind is LifeEventKind.BEREAVEMENT:
        found = {party: state for party, state in found.items() if party != heard.party_id or state.system != last.system}
    return Person(
        records=tuple(
            Record(source=state.system, party_id=party, assurance=Assurance.PROVED if state.proved else Assurance.LINKED)
            for party, state in sorted(found.items())
        ),
        restricted_by=frozenset(by for state in found.values() for by in state.restricted_by),
        address_hidden=any(state.address_hidden for state in found.values()),
    )


def _state(states: Sequence[State], until: datetime | None) -> State | None:
    counted = [state for state in states if until is None or state.at <= until]
    return counted[-1] if counted else None


_GIVES_WAY = frozenset({Why.RESTRICTED, Why.PROTECTED, Why.ERASED})
"""Reasons that the end of an agreement replaces; what was told stays told, and the other reasons come first."""


def moments(heard: Heard, agreements: Iterable[NoticeAgreement], now: Iterable[Line]) -> frozenset[datetime]:
    """Every instant at which time alone may change a line, the lines being as they are now."""
    listed = tuple(each for each in agreements if each.status is Status.ACTIVE)
    held = {
        each.recorded_at + timedelta(minutes=agreement.settle_minutes)
        for _, said in heard.by_life_event()
        for each in _held(said)
        for agreement in listed
    }
    ends = any(line.withheld in _GIVES_WAY for line in now)
    days = {each.valid_from for each in listed} | ({each.valid_to + timedelta(days=1) for each in listed} if ends else set())
    return frozenset(held | {london.midnight(day) for day in days})


def _held(said: Mapping[str, Said]) -> Iterator[Said]:
    """The words that wait for the settle time: all but the first, and those that take back."""
    first = min(said.values(), key=_as_taken_in)
    return (each for each in said.values() if each != first and each.stands)
