"""Which key seals which value: one per controller, owner, record class and the period in which the class's retention ends.

Erasure destroys the keys of an owner; retention destroys the keys of a period. Both are one tombstone, because a tombstone may leave
the owner or the bucket open.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

EVERY_OWNER = ""
EVERY_BUCKET = 0
FOR_EVER = 9999
"""The bucket of a class that is kept for ever; it never ends."""
ONE_RECORD = "dead-letter"
"""The record class of originals whose person is not known: each has a key of its own."""
_RECORD_LIVES = timedelta(days=30)
_FIRST_DAY_BUCKET = 10_000


class KeyScope(NamedTuple):
    """What one key is for. `bucket` is the year in which retention ends, or the day as YYYYMMDD where it is counted in days.

    The owner is a party id, or the record's own key where no party is known: opaque text either way.
    """

    controller: str
    owner: str
    record_class: str
    bucket: int

    @property
    def whole(self) -> bool:
        """Whether it names one key, and leaves neither owner nor bucket open."""
        return self.owner != EVERY_OWNER and self.bucket != EVERY_BUCKET and bool(self.controller and self.record_class)


class Home(Protocol):
    """What privacy reads of an event type's home topic."""

    @property
    def record_class(self) -> str:
        """The class of record whose retention applies."""

    @property
    def retention_years(self) -> int | None:
        """How long the class is kept, counted from occurred_at; None: for ever."""


class Contracts(Protocol):
    """What privacy reads of the contracts."""

    def topic_of(self, event_type: type[Any], /) -> Home:
        """The one home topic of an event type."""

    def key_of(self, event: Any, /) -> str:
        """The record key of an event on its home topic."""

    def owners_of(self, event_type: type[Any], /) -> Mapping[str, str]:
        """Personal field → the field that holds its party id, where the schema names one ("hub:owner")."""


def owner_of(event: Any, field: str, contracts: Contracts) -> str:
    """Whom a personal field speaks of: the party, where the schema names its field and that is filled; else the record's own key."""
    named = contracts.owners_of(type(event)).get(field)
    return (getattr(event, named) if named else None) or contracts.key_of(event)


def scope_of(event: Any, field: str, contracts: Contracts) -> KeyScope:
    """The scope whose key seals this personal field of this event."""
    home = contracts.topic_of(type(event))
    bucket = year_bucket(event.occurred_at, home.retention_years)
    return KeyScope(event.controller, owner_of(event, field, contracts), home.record_class, bucket)


def year_bucket(occurred_at: datetime, retention_years: int | None) -> int:
    """The year in which a record's retention ends; its key lives to the end of that year."""
    return FOR_EVER if retention_years is None else min(occurred_at.astimezone(UTC).year + retention_years, FOR_EVER)


def record_scope(controller: str, origin: str, taken_in_at: datetime) -> KeyScope:
    """The scope of one original whose person is not known: a key of its own that dies 30 days after the record came."""
    dies = (taken_in_at.astimezone(UTC) + _RECORD_LIVES).date()
    return KeyScope(controller, origin, ONE_RECORD, dies.year * 10_000 + dies.month * 100 + dies.day)


def ended(scopes: Iterable[KeyScope], today: date) -> frozenset[KeyScope]:
    """The tombstones that retention asks for today: every owner of each period that is over."""
    over = (scope for scope in scopes if scope.bucket != EVERY_BUCKET and _last_day(scope.bucket) < today)
    return frozenset(scope._replace(owner=EVERY_OWNER) for scope in over)


def covering(scope: KeyScope) -> tuple[KeyScope, KeyScope, KeyScope]:
    """The tombstones under which a scope has no key: its own, its owner's whole class, its period for every owner."""
    return scope, scope._replace(bucket=EVERY_BUCKET), scope._replace(owner=EVERY_OWNER)


def stated(scope: KeyScope) -> dict[str, str | int]:
    """The parts of a scope by name, without those it leaves open."""
    return {name: part for name, part in scope._asdict().items() if part not in {EVERY_OWNER, EVERY_BUCKET}}


def _last_day(bucket: int) -> date:
    if bucket < _FIRST_DAY_BUCKET:
        return date(bucket, 12, 31)
    return date(bucket // 10_000, bucket // 100 % 100, bucket % 100)
