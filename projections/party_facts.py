"""What does each source say of each party now, who may act for it, what of it is hidden, and to which customer does it belong?

One row per party. The last assertion counts, whole: what it leaves out is no longer said. Personal values stay sealed, each bound to the
event that said it (`asserted_id`, `needs_id`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, assert_never

from hub.contracts.identities import PartyLinked, PartyMoved, PartyUnlinked
from hub.contracts.ordering import said_order
from hub.contracts.parties import (
    AccessNeedNoted,
    AuthorityEnded,
    AuthorityRecorded,
    PartyAsserted,
    PartyReidentified,
    PartyRetracted,
    PartyRoleRecorded,
    ProtectionLifted,
    ProtectionSet,
)
from hub.contracts.people_words import AgeBand, AuthorityEnding, AuthorityKind, LinkBasis, PartyKind, RetractionReason, Validity
from hub.contracts.vocabulary import Channel
from hub.model.event import Event
from hub.model.personal import Personal
from hub.model.projection import Projection
from hub.model.values import replace

MOST = 64
"""Authorities and roles that are kept of one party, the newest."""
SEALED = (
    "source_reference", "names", "born", "sex", "died", "addresses", "phones", "emails", "nino", "nhs_number", "access_needs", "warnings",
)  # fmt: skip
"""Fields of the assertion that stay sealed; `references`, a word of SQL, is kept as `other_references`."""
PLAIN = ("generation", "kind", "complete", "least_age", "greatest_age", "locality", "age_band", "nino_validity", "nhs_number_validity",
         "household_id", "shown_customer")  # fmt: skip

PartyFactsEvent = (
    PartyAsserted
    | PartyRetracted
    | PartyReidentified
    | PartyRoleRecorded
    | AuthorityRecorded
    | AuthorityEnded
    | ProtectionSet
    | ProtectionLifted
    | AccessNeedNoted
    | PartyLinked
    | PartyMoved
    | PartyUnlinked
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Somebody may act for the party; `ended` says why no longer. Dates are ISO text."""

    order: str = ""
    end_order: str = ""
    holder: str = ""
    kind: AuthorityKind | None = None
    scope: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    review_on: str | None = None
    ended: AuthorityEnding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shield:
    """A protection as it was last set or lifted."""

    order: str
    on: bool
    owner: str
    review_on: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A part in an organisation for a time."""

    order: str
    organisation: str
    role: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class PartyFacts:
    """All that is known of one party."""

    party_id: str | None = None
    controller: str | None = None
    source: str | None = None
    assertion_order: str = ""
    asserted_id: str | None = None
    asserted_at: datetime | None = None
    recorded_at: datetime | None = None
    first_asserted_at: datetime | None = None
    registered_on: str | None = None
    generation: int | None = None
    kind: PartyKind | None = None
    complete: bool | None = None
    least_age: int | None = None
    greatest_age: int | None = None
    locality: str | None = None
    age_band: AgeBand | None = None
    nino_validity: Validity | None = None
    nhs_number_validity: Validity | None = None
    household_id: str | None = None
    shown_customer: str | None = None
    source_reference: Personal | None = None
    names: Personal | None = None
    born: Personal | None = None
    sex: Personal | None = None
    died: Personal | None = None
    addresses: Personal | None = None
    phones: Personal | None = None
    emails: Personal | None = None
    nino: Personal | None = None
    nhs_number: Personal | None = None
    other_references: Personal | None = None
    access_needs: Personal | None = None
    warnings: Personal | None = None
    retraction_order: str = ""
    retraction: RetractionReason | None = None
    reidentification_order: str = ""
    reidentified_as: str | None = None
    needs_order: str = ""
    needs_id: str | None = None
    needs_controller: str | None = None
    noted_needs: Personal | None = None
    channels: tuple[Channel, ...] = ()
    authorities: Mapping[str, Authority] = field(default_factory=dict)
    protections: Mapping[str, Shield] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    link_order: str = ""
    customer_id: str | None = None
    customer_since: datetime | None = None
    link_basis: LinkBasis | None = None

    @property
    def present(self) -> bool:
        """Whether its source says anything of it now."""
        return self.asserted_id is not None and self.retraction_order < self.assertion_order


def apply(facts: PartyFacts, event: PartyFactsEvent) -> PartyFacts:  # noqa: PLR0911 - one return for each kind of event
    """Fold one event."""
    match event:
        case PartyAsserted():
            return _asserted(facts, event)
        case PartyRetracted():
            return _retracted(facts, event)
        case PartyReidentified():
            order = said_order(event)
            later = order > facts.reidentification_order
            return (
                replace(facts, party_id=event.party_id, reidentification_order=order, reidentified_as=event.new_party_id)
                if later
                else facts
            )
        case PartyRoleRecorded():
            role = Role(order=said_order(event), organisation=event.organisation_party_id, role=event.role,
                        valid_from=_day(event.valid_from), valid_to=_day(event.valid_to))  # fmt: skip
            return replace(facts, party_id=event.party_id, roles=_newer(facts.roles, f"{role.organisation}/{role.role}", role))
        case AuthorityRecorded() | AuthorityEnded():
            return _authority(facts, event)
        case ProtectionSet() | ProtectionLifted():
            return replace(facts, party_id=event.party_id, protections=_newer(facts.protections, event.protection.value, _shield(event)))
        case AccessNeedNoted():
            return _needs(facts, event)
        case PartyLinked() | PartyMoved() | PartyUnlinked():
            return _belonging(facts, event)
        case _:
            assert_never(event)


def _asserted(facts: PartyFacts, event: PartyAsserted) -> PartyFacts:
    earliest = min(facts.first_asserted_at or event.occurred_at, event.occurred_at)
    order = said_order(event)
    if order <= facts.assertion_order:
        return replace(facts, first_asserted_at=earliest)
    said: dict[str, Any] = {name: getattr(event, name) for name in (*PLAIN, *SEALED)}
    return replace(
        facts,
        **said,
        other_references=event.references,
        registered_on=_day(event.registered_on),
        party_id=event.party_id,
        controller=event.controller,
        source=event.source,
        assertion_order=order,
        asserted_id=event.event_id,
        asserted_at=event.occurred_at,
        recorded_at=event.recorded_at,
        first_asserted_at=earliest,
    )


def _retracted(facts: PartyFacts, event: PartyRetracted) -> PartyFacts:
    order = said_order(event)
    if order <= facts.retraction_order:
        return facts
    return replace(facts, party_id=event.party_id, retraction_order=order, retraction=event.reason)


def _reidentified(facts: PartyFacts, event: PartyReidentified) -> PartyFacts:
    order = said_order(event)
    if order <= facts.reidentification_order:
        return facts
    return replace(facts, party_id=event.party_id, reidentification_order=order, reidentified_as=event.new_party_id)


def _authority(facts: PartyFacts, event: AuthorityRecorded | AuthorityEnded) -> PartyFacts:
    known, order = facts.authorities.get(event.authority_id, Authority()), said_order(event)
    if isinstance(event, AuthorityEnded):
        changed = replace(known, end_order=order, ended=event.reason) if order > known.end_order else known
    elif order > known.order:
        changed = replace(
            known, order=order, holder=event.holder_party_id, kind=event.authority, scope=event.scope, valid_from=_day(event.valid_from),
            valid_to=_day(event.valid_to), review_on=_day(event.review_on),
        )  # fmt: skip
    else:
        changed = known
    return replace(facts, party_id=event.party_id, authorities=_bounded({**facts.authorities, event.authority_id: changed}))


def _shield(event: ProtectionSet | ProtectionLifted) -> Shield:
    if isinstance(event, ProtectionLifted):
        return Shield(order=said_order(event), on=False, owner=event.owner)
    return Shield(order=said_order(event), on=True, owner=event.owner, review_on=_day(event.review_on), successor=event.successor_party_id)


def _needs(facts: PartyFacts, event: AccessNeedNoted) -> PartyFacts:
    order = said_order(event)
    if order <= facts.needs_order:
        return facts
    return replace(
        facts, party_id=event.party_id, needs_order=order, needs_id=event.event_id, needs_controller=event.controller,
        noted_needs=event.needs, channels=event.channels,
    )  # fmt: skip


def _belonging(facts: PartyFacts, event: PartyLinked | PartyMoved | PartyUnlinked) -> PartyFacts:
    order = decision_order(event)
    if order <= facts.link_order:
        return facts
    return replace(
        facts,
        party_id=event.party_id,
        link_order=order,
        customer_id=event.customer_id,
        customer_since=event.recorded_at,
        link_basis=event.basis,
    )


def decision_order(event: PartyLinked | PartyMoved | PartyUnlinked) -> str:
    """Text that sorts as decisions were made."""
    return f"{event.input_offset:020d} {event.ordinal:010d} {event.event_id}"


def _newer(kept: Mapping[str, Any], name: str, item: Any) -> Mapping[str, Any]:
    if name in kept and kept[name].order >= item.order:
        return kept
    return _bounded({**kept, name: item})


def _bounded(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """The names in order, so that equal facts are equal text; only the newest where there are too many."""
    newest = sorted(kept, key=lambda name: (kept[name].order, name))[-MOST:]
    return {name: kept[name] for name in sorted(newest)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


_ENVELOPE = ("event_id", "occurred_at", "recorded_at", "controller", "source")
_BELONGING = (*_ENVELOPE, "party_id", "customer_id", "basis", "input_offset", "ordinal")


def _all(event_type: type[Event], *without: str) -> tuple[str, ...]:
    left = {"correlation_id", "causation_id", *without}
    return tuple(name for name in event_type.__dataclass_fields__ if name not in left)


PROJECTION = Projection(
    name="party-facts",
    version=1,
    reads=("parties", "identities-by-party"),
    facts=PartyFacts,
    apply=apply,
    needs={
        **{kind: _all(kind) for kind in (PartyAsserted, PartyRetracted, PartyReidentified, PartyRoleRecorded, AuthorityEnded)},
        **{kind: _all(kind) for kind in (ProtectionSet, ProtectionLifted, AccessNeedNoted)},
        AuthorityRecorded: _all(AuthorityRecorded, "evidence"),
        PartyLinked: _BELONGING,
        PartyMoved: _BELONGING,
        PartyUnlinked: _BELONGING,
    },
)
