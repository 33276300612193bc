"""The matcher's decisions as events of `identities`, and those events as the decisions they record.

`recorded` gives one event for each decision, in order, its ordinal being its place among them; then one PartyMoved for each party that a
merge or split took along. `decided` reads the decisions back: a replay folds them and never scores.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from hub.contracts.identities import (
    CustomersMerged,
    CustomerSplit,
    IdentityEvent,
    MatchHeldForReview,
    NeverTogetherEnded,
    NeverTogetherSet,
    PartyLinked,
    PartyMoved,
    PartyUnlinked,
    ReviewClosed,
)
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import LinkBasis, ReviewEnd, ReviewReason
from hub.identity.decisions import (
    Basis,
    Closed,
    Decision,
    End,
    Ended,
    Evidence,
    Held,
    KeptApart,
    Linked,
    Merged,
    Reason,
    Split,
    Unlinked,
    customer_of,
)
from hub.identity.identity import Identity
from hub.identity.levels import FIELDS, code, decoded
from hub.identity.model import COUNTED
from hub.model.event import Event

Belongs = Mapping[str, str]
"""By party, its customer."""


def concerned(identity: Identity, decisions: Iterable[Decision]) -> Belongs:
    """Everybody whose customer these decisions may change, and whose it is now."""
    world = identity.world
    named: set[str] = set()
    for decision in decisions:
        match decision:
            case Linked() | Unlinked():
                named.add(decision.party_id)
            case Merged():
                named |= {each.removeprefix("c-") for each in (decision.customer_id, decision.absorbed_customer_id)}
            case Split():
                named |= {party for part in decision.parts for party in part}
            case _:
                pass
    everybody = {party for number in world.known(named) for party in world.ids(world.group(number))} | named
    found = ((party, identity.customer_id(party)) for party in sorted(everybody))
    return {party: customer for party, customer in found if customer is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What the events of one input have in common."""

    identity: Identity
    before: Belongs
    cause: Event
    offset: int
    new: str | None

    def customer(self, party_id: str) -> str:
        return self.identity.customer_id(party_id) or customer_of(party_id)

    @property
    def decision_id(self) -> str | None:
        """The event of the person's decision that led to this, if one did."""
        return None if isinstance(self.cause, PartyAsserted) else self.cause.event_id

    def at(self, place: int) -> dict[str, Any]:
        return {"occurred_at": self.cause.occurred_at, "input_offset": self.offset, "ordinal": place}

    def judged(self, place: int) -> dict[str, Any]:
        return self.at(place) | {"model_version": self.identity.model_version}


def recorded(
    identity: Identity, decisions: Sequence[Decision], before: Belongs, cause: Event, offset: int, new: str | None
) -> tuple[IdentityEvent, ...]:
    """The events of these decisions, made after they have become true; `new` is the party that nobody had heard of before."""
    about = _About(identity=identity, before=before, cause=cause, offset=offset, new=new)
    events = [_event(about, place, decision) for place, decision in enumerate(decisions)]
    return (*events, *_moves(about, decisions))


def _event(about: _About, place: int, decision: Decision) -> IdentityEvent:  # noqa: PLR0911 - one return for each kind of decision
    match decision:
        case Linked():
            return _linked(about, place, decision)
        case Unlinked():
            basis = LinkBasis(decision.basis)
            return PartyUnlinked(**about.judged(place), customer_id=decision.customer_id, party_id=decision.party_id, basis=basis)
        case Merged():
            return _merged(about, place, decision)
        case Split():
            return _split(about, place, decision)
        case Held():
            return _held(about, place, decision)
        case Closed():
            customer, end = about.customer(decision.review_id.partition("~")[0]), ReviewEnd(decision.end)
            said = about.at(place) | {"review_id": decision.review_id, "decision_id": about.decision_id}
            return ReviewClosed(**said, customer_id=customer, end=end)
        case KeptApart():
            return _kept_apart(about, place, decision)
        case Ended():
            customer = about.customer(str(getattr(about.cause, "party_id", "")))
            said = about.at(place) | {"scope_id": decision.scope_id, "decision_id": about.decision_id}
            return NeverTogetherEnded(**said, customer_id=customer)
        case _:
            assert_never(decision)


def _linked(about: _About, place: int, decision: Linked) -> PartyLinked:
    was = about.before.get(decision.party_id)
    return PartyLinked(
        **about.judged(place),
        **_weighed(decision.evidence),
        customer_id=decision.customer_id,
        party_id=decision.party_id,
        from_customer_id=None if decision.party_id == about.new or was == decision.customer_id else was,
        closest_party_id=decision.closest,
        basis=LinkBasis(decision.basis),
    )


def _merged(about: _About, place: int, decision: Merged) -> CustomersMerged:
    return CustomersMerged(
        **about.judged(place),
        **_weighed(decision.evidence),
        customer_id=decision.customer_id,
        absorbed_customer_id=decision.absorbed_customer_id,
        party_id=decision.party_id,
        basis=LinkBasis(decision.basis),
    )


def _split(about: _About, place: int, decision: Split) -> CustomerSplit:
    places = [(party, customer_of(part[0])) for part in decision.parts for party in part]
    return CustomerSplit(
        **about.judged(place),
        customer_id=decision.customer_id,
        party_ids=tuple(party for party, _ in places),
        customer_ids=tuple(customer for _, customer in places),
        decision_id=about.decision_id,
        basis=LinkBasis(decision.basis),
    )


def _held(about: _About, place: int, decision: Held) -> MatchHeldForReview:
    return MatchHeldForReview(
        **about.judged(place),
        **_weighed(decision.evidence),
        customer_id=about.customer(decision.party_id),
        other_customer_id=about.customer(decision.other_party_id),
        review_id=decision.review_id,
        party_id=decision.party_id,
        other_party_id=decision.other_party_id,
        reason=ReviewReason(decision.reason),
        answer=decision.answer,
    )


def _kept_apart(about: _About, place: int, decision: KeptApart) -> NeverTogetherSet:
    return NeverTogetherSet(
        **about.at(place),
        customer_id=about.customer(decision.party_ids[0]),
        scope_id=decision.scope_id,
        party_ids=decision.party_ids,
        other_party_ids=decision.other_party_ids,
        since=decision.since,
        instead_of=decision.instead_of,
        decision_id=about.decision_id,
    )


def _weighed(evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return {"bits": None, "evidence": (), "frequencies": ()}
    found = decoded(evidence.agreement) if evidence.agreement else ()
    levels = tuple(f"{field}:{level}" for field, level in zip(FIELDS, found, strict=False))
    counts = tuple(f"{field}:{count}" for field, count in zip(COUNTED, evidence.frequencies, strict=False))
    return {"bits": evidence.bits, "evidence": levels, "frequencies": counts}


def _moves(about: _About, decisions: Sequence[Decision]) -> Iterator[PartyMoved]:
    """Who is elsewhere now, and not because a decision names them."""
    told = {decision.party_id: decision.customer_id for decision in decisions if isinstance(decision, Linked)}
    basis = next((each.basis for each in reversed(decisions) if isinstance(each, Merged | Split | Linked)), Basis.SCORE)
    for party, was in about.before.items():
        now, known = about.customer(party), told.get(party, was)
        if now != known:
            yield PartyMoved(
                **about.at(len(decisions)), customer_id=now, party_id=party, from_customer_id=known, basis=LinkBasis(basis)
            )  # fmt: skip


def decided(event: IdentityEvent) -> Decision | None:  # noqa: PLR0911 - one return for each kind of event
    """The decision that this event records; None for a PartyMoved, which only follows from others."""
    match event:
        case PartyLinked():
            return Linked(event.party_id, event.customer_id, Basis(event.basis), event.closest_party_id, _evidence(event))
        case PartyUnlinked():
            return Unlinked(event.party_id, event.customer_id, Basis(event.basis))
        case CustomersMerged():
            return Merged(event.customer_id, event.absorbed_customer_id, Basis(event.basis), event.party_id, _evidence(event))
        case CustomerSplit():
            return Split(event.customer_id, _parts(event), Basis(event.basis))
        case MatchHeldForReview():
            reason = Reason(event.reason)
            return Held(event.review_id, event.party_id, event.other_party_id, reason, _evidence(event), event.answer)
        case ReviewClosed():
            return Closed(event.review_id, End(event.end))
        case NeverTogetherSet():
            return KeptApart(event.scope_id, event.party_ids, event.other_party_ids, event.since, event.instead_of)
        case NeverTogetherEnded():
            return Ended(event.scope_id)
        case PartyMoved():
            return None
        case _:
            assert_never(event)


def _parts(event: CustomerSplit) -> tuple[tuple[str, ...], ...]:
    parts: dict[str, list[str]] = {}
    for party, customer in zip(event.party_ids, event.customer_ids, strict=True):
        parts.setdefault(customer, []).append(party)
    return tuple(tuple(part) for part in parts.values())


def _evidence(event: PartyLinked | CustomersMerged | MatchHeldForReview) -> Evidence | None:
    if event.bits is None:
        return None
    return Evidence(event.bits, code(_numbers(event.evidence)), _numbers(event.frequencies))


def _numbers(named: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(each.rpartition(":")[2]) for each in named)
