"""Which sets of parties an input changed, as events: others are told by them of whom a record is, and how sure that is."""

from collections.abc import Iterator, Mapping

from hub.contracts.parties import PartyAsserted
from hub.contracts.records import PartySetChanged
from hub.identity.assurance import Set, sets
from hub.identity.identity import Identity
from hub.model.event import Event
from hub.people.record import Belongs

AFTER_DECISIONS = 1_000_000
"""Ordinals of sets begin here: what an input decided comes before what follows from it."""


def changed_sets(identity: Identity, seen: Mapping[str, Set], before: Belongs, cause: Event, offset: int) -> Iterator[PartySetChanged]:
    """One event for each party whose set is another than was seen before this input, in the order of their ids."""
    speaker = cause if isinstance(cause, PartyAsserted) else None
    named = {*before, *seen, *([speaker.party_id] if speaker is not None else [])}
    now = sets(identity.world, named)
    changed = sorted(party for party, found in now.items() if seen.get(party) != found)
    for ordinal, party in enumerate(changed, AFTER_DECISIONS):
        found, spoke = now[party], speaker if speaker is not None and speaker.party_id == party else None
        yield PartySetChanged(
            occurred_at=cause.occurred_at,
            party_id=party,
            customer_id=found.customer_id,
            said_by=None if spoke is None else spoke.source,
            said_for=None if spoke is None else spoke.controller,
            party_ids=found.parties,
            proved=found.proved,
            silent=found.silent,
            input_offset=offset,
            ordinal=ordinal,
        )
