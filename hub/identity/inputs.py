"""What the matcher is told, one after another: what sources say of parties, and what people decide about them."""

from dataclasses import dataclass
from enum import StrEnum

from hub.identity.said import Said


class Answer(StrEnum):
    """What a person answered when asked whether two sides are one."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    CANT_TELL = "CANT_TELL"


@dataclass(frozen=True, slots=True)
class Asserted:
    """A source said what it knows of one party, all of it."""

    said: Said


@dataclass(frozen=True, slots=True)
class Retracted:
    """A source no longer says anything of a party: nothing of it is compared any more, but its place in the customer stays."""

    party_id: str


@dataclass(frozen=True, slots=True)
class Reidentified:
    """A source knows a party under another id; `same` is false where the old id now stands for somebody else."""

    party_id: str
    new_party_id: str
    same: bool = True


@dataclass(frozen=True, slots=True)
class Protected:
    """What a person was before and what they are now never meet, whatever is answered later; only lifting ends it."""

    party_id: str
    successor_party_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A person answered whether two sides, named by their parties, are one."""

    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]
    answer: Answer
    review_id: str = ""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A person ended what keeps these parties apart."""

    party_ids: tuple[str, ...]
    other_party_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """A person undid a decision: it counts as answered different from where it was made. `decision` is its reference (decisions.py)."""

    decision: str


@dataclass(frozen=True, slots=True)
class Released:
    """A person released a plan of a rematch: these parties belong together as their customer ids say."""

    party_ids: tuple[str, ...]
    customer_ids: tuple[str, ...]
    model_version: str = ""


Given = Asserted | Retracted | Reidentified | Protected | Answered | Lifted | Undone | Released


def named(given: Given) -> tuple[str, ...]:  # noqa: PLR0911 - one return for each kind of input
    """The parties an input is about."""
    match given:
        case Asserted():
            return (given.said.party_id,)
        case Retracted():
            return (given.party_id,)
        case Reidentified():
            return given.party_id, given.new_party_id
        case Protected():
            return given.party_id, given.successor_party_id
        case Answered() | Lifted():
            return given.party_ids + given.other_party_ids
        case Released():
            return given.party_ids
        case Undone():
            return ()
