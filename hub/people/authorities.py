"""Who may act for whom ends with its day, with the holder's death and with a child's age; somebody is asked to look each time.

Every day: what has ended is said (AuthorityEnded), and whoever is left without it is a task until an authority is recorded anew. A parent's
authority is a task too when the child comes to an age of the policy: the answer is an authority recorded anew, or its end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from threading import Event as Signal
from typing import NamedTuple

from hub.commands import PERSON
from hub.commands.person import EndAuthority
from hub.configuration import Configuration, checked, load_document
from hub.contracts.encoding import frame_header
from hub.contracts.parties import AuthorityEnded, AuthorityRecorded
from hub.contracts.people_words import AuthorityEnding, AuthorityKind
from hub.engine.commanding import Commander, Request
from hub.engine.store import Store, marks
from hub.identity.normalise import birth_date
from hub.people.daily import once_a_day
from hub.people.gathering import events_of, plain_values
from hub.people.person import Known
from hub.people.view import View

FILE = "authorities.yaml"
BY_ITSELF = frozenset({AuthorityEnding.EXPIRED, AuthorityEnding.HOLDER_DIED, AuthorityEnding.AGE_REACHED})
"""Endings that nobody said: whoever is left without the authority is somebody's task."""


class Ages(Configuration):
    """What the policy says of a parent's authority."""

    parental_reviewed_at: tuple[int, ...]
    parental_ends_at: int


class Task(NamedTuple):
    """Somebody to look at, and why: how an authority ended by itself, or the age a child has come to."""

    party: str
    authority: str
    why: str
    since: date


def load_ages(policies: Path) -> Ages:
    """The ages; raises Misconfigured with file and line."""
    return checked(policies / FILE, load_document(policies / FILE), Ages)


def ending(held: AuthorityRecorded, today: date, ages: Ages, *, born: date | None, holder_died: bool) -> AuthorityEnding | None:
    """Why the authority does not hold any more on this day; None while it does."""
    if holder_died:
        return AuthorityEnding.HOLDER_DIED
    if held.valid_to is not None and held.valid_to < today:
        return AuthorityEnding.EXPIRED
    of_age = held.authority is AuthorityKind.PARENTAL and born is not None and birthday(born, ages.parental_ends_at) <= today
    return AuthorityEnding.AGE_REACHED if of_age else None


def review(held: AuthorityRecorded, today: date, ages: Ages, born: date | None) -> Task | None:
    """The newest age of review that the child has come to since the authority was recorded."""
    if held.authority is not AuthorityKind.PARENTAL or born is None:
        return None
    come = [(birthday(born, age), age) for age in ages.parental_reviewed_at if held.occurred_at.date() < birthday(born, age) <= today]
    return Task(held.party_id, held.authority_id, f"is {max(come)[1]}", max(come)[0]) if come else None


def birthday(born: date, age: int) -> date:
    """The day on which somebody comes to this age; born on 29 February, it is 1 March in other years (England and Wales)."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Authorities:
    """Looks at every authority of one hub."""

    store: Store
    view: View
    commander: Commander
    ages: Ages
    clock: Callable[[], datetime]

    def run(self, stop: Signal) -> None:
        """Once a day until told to stop, the first time at once; an outage is waited for."""
        once_a_day(self.once, self.clock, stop)

    def once(self, today: date) -> int:
        """Say what has ended by this day; says how many that were. Done again it changes nothing."""
        ended = [(held, why) for known in self._principals() for held, why in self._endings(known, today)]
        for held, why in ended:
            command = EndAuthority(party_id=held.party_id, at=self.clock(), authority_id=held.authority_id, reason=why)
            named = sha256(f"ended {held.party_id} {held.authority_id} {held.event_id}".encode()).hexdigest()
            self.commander.carry_out(PERSON, Request(key=held.party_id, command=command, idempotency_key=named, said=named.encode()))
        return len(ended)

    def tasks(self, today: date) -> list[Task]:
        """Everybody whom somebody must look at, the longest waiting first."""
        found = [task for known in self._principals() for task in (*self._left_without(known), *self._reviews(known, today))]
        return sorted(found, key=lambda task: (task.since, task.party))

    def _endings(self, known: Known, today: date) -> Iterator[tuple[AuthorityRecorded, AuthorityEnding]]:
        for held in known.standing.authorities:
            why = ending(held, today, self.ages, born=_born(known), holder_died=self._died(held.holder_party_id))
            if why is not None:
                yield held, why

    def _reviews(self, known: Known, today: date) -> Iterator[Task]:
        for held in known.standing.authorities:
            if (task := review(held, today, self.ages, _born(known))) is not None:
                yield task

    def _left_without(self, known: Known) -> Iterator[Task]:
        """Authorities that ended by themselves, and none was recorded since."""
        with self.store.read() as tx:
            events = events_of(tx, known.standing.party_id, self.view.decode)
        last = max((event.recorded_at for event in events if isinstance(event, AuthorityRecorded)), default=None)
        for event in events:
            if isinstance(event, AuthorityEnded) and event.reason in BY_ITSELF and (last is None or last < event.recorded_at):
                yield Task(event.party_id, event.authority_id, event.reason.value, event.occurred_at.date())

    def _principals(self) -> tuple[Known, ...]:
        """Everybody for whom an authority was ever recorded: the first bytes of a record name its schema."""
        schemas = (schema for schema in self.view.contracts.schemas.values() if schema.name == AuthorityRecorded.__name__)
        heads = [frame_header(schema.id) for schema in schemas]
        sql = f"SELECT DISTINCT party FROM party_event WHERE topic = 'parties' AND substr(event, 1, 5) IN ({marks(len(heads))})"
        with self.store.read() as tx:
            rows = tx.rows(sql, heads)
        return self.view.parties(sorted(party for (party,) in rows))

    def _died(self, party: str) -> bool:
        """Whether the holder's own record says when they died."""
        (known,) = self.view.parties([party])
        return bool(known.opened) and "died" in plain_values(known.opened[-1])


def _born(known: Known) -> date | None:
    said = birth_date(plain_values(known.opened[-1]).get("born", "")) if known.opened else ""
    try:
        return datetime.strptime(said, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
