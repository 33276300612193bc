"""May this person see this, for this purpose? One pure answer, by what the council's policy says and by nothing else.

What no line of the policy allows is refused, and a personal field that no line shows is hidden. The order of the questions is the order in
which a refusal is explained: purpose, own record, organisation, class of record, duty, whose record it is, reason for breaking the glass,
restriction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from hub.privacy.accounts import RESIDENT, Tie


class Act(StrEnum):
    """What is to be done with a record."""

    READ = "read"
    WRITE = "write"
    SEARCH = "search"


class Sight(StrEnum):
    """How much of a field may be seen."""

    SHOWN = "shown"
    MASKED = "masked"
    HIDDEN = "hidden"


class Visible(StrEnum):
    """Whether the person a class of record is about may see it in their own account."""

    YES = "yes"
    NO = "no"
    AFTER_REVIEW = "after-review"


class Why(StrEnum):
    """Why somebody was refused: a closed list, explained on a page."""

    PURPOSE_MISSING = "purpose-missing"
    PURPOSE_NOT_YOURS = "purpose-not-yours"
    OWN_RECORD = "own-record"
    BREAK_GLASS = "break-glass-needed"
    ANOTHER_ORGANISATION = "another-organisation"
    NOT_FOR_THIS_PURPOSE = "not-for-this-purpose"
    DUTY_MISSING = "duty-missing"
    NOT_YOUR_RECORD = "not-your-record"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What one may look for; `roles` may choose it. One that breaks the glass needs a reason and always alerts."""

    name: str
    says: str
    roles: frozenset[str]
    break_glass: bool = False
    resident_sees: bool = True
    sees_restricted: bool = False
    """For its review, or where a life or a claim is at stake: what is restricted is shown all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClass:
    """A class of record: its personal fields, and whether the person sees it."""

    name: str
    says: str
    fields: frozenset[str]
    resident_visible: Visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One line of the policy: a role, for a purpose, may do this with a class of record, and sees so much of it."""

    role: str
    purpose: str
    record_class: str
    may: frozenset[Act]
    show: frozenset[str] = frozenset()
    mask: frozenset[str] = frozenset()
    search: frozenset[str] = frozenset()
    duty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAgreement:
    """A controller lets another organisation's readers see some fields of some classes, for some purposes."""

    name: str
    controller: str
    reader: str
    roles: frozenset[str]
    purposes: frozenset[str]
    record_classes: frozenset[str]
    fields: frozenset[str]


class Key(NamedTuple):
    """What a grant is found by."""

    role: str
    purpose: str
    record_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the council allows; whatever is not in it is refused. `digest` names its version."""

    roles: Mapping[str, str]
    duties: Mapping[str, str]
    reasons: Mapping[str, str]
    """Why a glass may be broken, each with what it means."""
    purposes: Mapping[str, Purpose]
    classes: Mapping[str, RecordClass]
    grants: Mapping[Key, Grant]
    ties: Mapping[str, str]
    """What becomes of a look at a record that is the reader's own, a relation's or a colleague's: `refuse` or `break-glass`."""
    agreements: tuple[ViewAgreement, ...] = ()
    digest: str = ""

    def purposes_of(self, role: str) -> tuple[Purpose, ...]:
        """What this role may look for, in the policy's order."""
        return tuple(purpose for purpose in self.purposes.values() if role in purpose.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks, acting for one organisation, for one purpose; `reason` is why a glass is broken."""

    account_id: str
    role: str
    organisation: str
    team: str | None = None
    duties: frozenset[str] = frozenset()
    purpose: str | None = None
    reason: str | None = None
    ties: Mapping[str, Tie] = field(default_factory=dict)
    colleagues: frozenset[str] = frozenset()
    """Of the parties in question those that are somebody's on the staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be seen or done; `party` is whose record it is, empty where it is nobody's."""

    record_class: str
    controller: str
    act: Act = Act.READ
    party: str = ""
    restricted: bool = False
    """Whether its use is restricted while it is contested: then only purposes that see what is restricted see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """It may be; of the class's personal fields those neither shown nor masked are hidden. `agreement` is what opened it."""

    shown: frozenset[str]
    masked: frozenset[str]
    searchable: frozenset[str]
    break_glass: bool = False
    agreement: str | None = None

    def sight(self, name: str) -> Sight:
        """How much of a personal field may be seen."""
        if name in self.shown:
            return Sight.SHOWN
        return Sight.MASKED if name in self.masked else Sight.HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """It may not be."""

    why: Why


Decision = Allowed | Denied


def decide_access(policy: Policy, reader: Reader, asked: Asked) -> Decision:
    """The policy's answer; the same for the same policy, reader and question, whatever else there is."""
    if reader.purpose is None:
        return Denied(why=Why.PURPOSE_MISSING)
    purpose = policy.purposes.get(reader.purpose)
    if purpose is None or reader.role not in purpose.roles:
        return Denied(why=Why.PURPOSE_NOT_YOURS)
    personal = _whose(policy, reader, asked.party)
    if personal == "refuse":
        return Denied(why=Why.OWN_RECORD)
    return _by_grant(policy, reader, asked, purpose, breaks=purpose.break_glass or personal == "break-glass")


def _by_grant(policy: Policy, reader: Reader, asked: Asked, purpose: Purpose, *, breaks: bool) -> Decision:
    grant = policy.grants.get(Key(reader.role, purpose.name, asked.record_class))
    agreement = None if asked.controller == reader.organisation else _agreement(policy, reader, asked, purpose.name)
    foreign = asked.controller != reader.organisation and agreement is None
    refusal = _refusal(policy, reader, asked, grant, purpose, foreign=foreign, breaks=breaks)
    if refusal is not None or grant is None:
        return Denied(why=refusal or Why.NOT_FOR_THIS_PURPOSE)
    limits = policy.classes[asked.record_class].fields if agreement is None else agreement.fields
    return Allowed(
        shown=grant.show & limits, masked=grant.mask & limits, searchable=grant.search & limits, break_glass=breaks,
        agreement=agreement.name if agreement else None,
    )  # fmt: skip


def _refusal(
    policy: Policy, reader: Reader, asked: Asked, grant: Grant | None, purpose: Purpose, *, foreign: bool, breaks: bool
) -> Why | None:
    if foreign:
        return Why.ANOTHER_ORGANISATION
    if grant is None or asked.act not in grant.may:
        return Why.NOT_FOR_THIS_PURPOSE
    if grant.duty is not None and grant.duty not in reader.duties:
        return Why.DUTY_MISSING
    if reader.role == RESIDENT and not _own(policy, reader, asked):
        return Why.NOT_YOUR_RECORD
    if breaks and reader.reason not in policy.reasons:
        return Why.BREAK_GLASS
    return Why.RESTRICTED if asked.restricted and not purpose.sees_restricted else None


def _whose(policy: Policy, reader: Reader, party: str) -> str:
    """What the policy says of a record by what its person is to the reader; empty for a stranger's, and for a resident's own."""
    tie = reader.ties.get(party)
    if tie is Tie.PROVED:
        return ""
    known = tie.value.lower() if tie is not None else "colleague" if party in reader.colleagues else ""
    return policy.ties.get(known, "") if known else ""


def _own(policy: Policy, reader: Reader, asked: Asked) -> bool:
    """A resident sees what was proved to be theirs, of classes that are shown without somebody looking first."""
    return reader.ties.get(asked.party) is Tie.PROVED and policy.classes[asked.record_class].resident_visible is Visible.YES


def _agreement(policy: Policy, reader: Reader, asked: Asked, purpose: str) -> ViewAgreement | None:
    return next((each for each in policy.agreements if _covers(each, reader, asked, purpose)), None)


def _covers(agreement: ViewAgreement, reader: Reader, asked: Asked, purpose: str) -> bool:
    return (
        (agreement.controller, agreement.reader) == (asked.controller, reader.organisation)
        and reader.role in agreement.roles
        and purpose in agreement.purposes
        and asked.record_class in agreement.record_classes
    )
