"""Which records are of one person, as far as it bears on telling others: who is in a set, who is proved to be who, what is held back."""

from dataclasses import dataclass

from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySetChanged(Event):
    """The parties of one customer, as one of them sees it, and those that are proved to be the same person as it."""

    party_id: str
    customer_id: str
    said_by: str | None = None
    said_for: str | None = None
    party_ids: tuple[str, ...]
    proved: tuple[str, ...]
    silent: tuple[str, ...]
    input_offset: int
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKnown(Event):
    """A source's record is of the subject: whose it is, whether that is proved, and what is held back of it."""

    subject: str
    party_id: str
    number: int
    system: str
    held_for: str
    proved: bool
    restricted_by: tuple[str, ...]
    address_hidden: bool
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordForgotten(Event):
    """A record is not of the subject after all."""

    subject: str
    party_id: str
    number: int


RecordEvent = RecordKnown | RecordForgotten
"""Every event of this kind: `match` over it ends in `assert_never`."""
