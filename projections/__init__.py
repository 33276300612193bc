"""One module per question asked of the events; these two tuples name all that runs."""

from typing import Any

from hub.clocks.levels import Known
from hub.model.projection import Projection
from hub.model.route import Route
from projections import (
    address_book,
    address_matches,
    address_routes,
    advocacy,
    assessed_contacts,
    case_effort,
    case_timeline,
    complaint_levels,
    complaints_made,
    contact_log,
    contacts_by_case,
    content_pages,
    customer_parties,
    feedback_given,
    handoff_rules,
    identity_routes,
    known_records,
    ledger_routes,
    outreach_rows,
    participation,
    party_facts,
    review_queue,
    segments_assigned,
    service_levels,
    shielding_rows,
    standards_set,
    tell_us_once,
    tier_router,
    told_ledger,
    who_owns_it,
)

PROJECTIONS: tuple[Projection[Any], ...] = (
    case_timeline.PROJECTION,
    contact_log.PROJECTION,
    who_owns_it.PROJECTION,
    party_facts.PROJECTION,
    customer_parties.PROJECTION,
    review_queue.PROJECTION,
    participation.PROJECTION,
    address_matches.PROJECTION,
    address_book.PROJECTION,
    tier_router.PROJECTION,
    assessed_contacts.PROJECTION,
    case_effort.PROJECTION,
    feedback_given.PROJECTION,
    standards_set.PROJECTION,
    advocacy.PROJECTION,
    handoff_rules.PROJECTION,
    known_records.PROJECTION,
    complaints_made.PROJECTION,
    segments_assigned.PROJECTION,
    content_pages.PROJECTION,
    outreach_rows.PROJECTION,
    shielding_rows.PROJECTION,
)


def by_policy(levels: Known) -> tuple[Projection[Any], ...]:
    """The questions whose answers follow from the council's policies too."""
    return (service_levels.projection(levels), complaint_levels.projection(levels))


def by_agreements(agreed: tell_us_once.Agreements, levels: Known) -> tuple[Projection[Any], ...]:
    """The questions whose answers depend on what was agreed, and on which days count."""
    return tell_us_once.projection(agreed), told_ledger.projection(agreed, levels)


ROUTES: tuple[Route, ...] = (contacts_by_case.ROUTE, *identity_routes.ROUTES, address_routes.ROUTE, *ledger_routes.ROUTES)
