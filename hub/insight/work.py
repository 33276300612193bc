"""What does a case take: chases, hand-offs, re-keying, errors that trust let through?"""

from hub.contracts.measures import Direction
from hub.insight.measure import Measure, Unit
from hub.insight.relations import CASES, CONTACTS, FAMILIES

_OPENED = "c.opened_at IS NOT NULL"

MEASURES = (
    Measure(
        name="chases-per-case", says="How often somebody had to ask what became of a case.", unit=Unit.EACH, over=CASES, of=_OPENED,
        part="c.chase_count", wanted=Direction.DOWN, requirements=("A09", "A10"),
    ),
    Measure(
        name="chases-per-life-event", says="How often somebody chased, over all providers who deal with one matter: a case and its parts.",
        unit=Unit.EACH, over=FAMILIES, of="1 = 1", part="c.chases", wanted=Direction.DOWN, requirements=("A11",),
    ),
    Measure(
        name="handoffs-per-contact", says="Hand-offs for each contact that began a case.", unit=Unit.EACH, over=CONTACTS,
        of="c.recorded AND c.origin_case IS NOT NULL", part="COALESCE(o.handoff_count, 0)", wanted=Direction.DOWN, requirements=("A10",),
    ),
    Measure(
        name="straight-through", says="Updates a back-office system took straight through, as a share of all, typed in again or not.",
        unit=Unit.PERCENT, over=CASES, of="c.confirmed_count + c.rekeyed_count > 0", part="c.confirmed_count",
        each="c.confirmed_count + c.rekeyed_count", wanted=Direction.UP, requirements=("C05",),
    ),
    Measure(
        name="errors-under-trust", says="Decisions made on trust that an audit found wrong, as a share of those audited.",
        unit=Unit.PERCENT, over=CASES, of="c.trusted_audited > 0", part="c.trusted_wrong", each="c.trusted_audited",
        wanted=Direction.DOWN, requirements=("C18",),
    ),
    Measure(
        name="errors-under-checks", says="Decisions made with checks that an audit found wrong, as a share of those audited.",
        unit=Unit.PERCENT, over=CASES, of="c.checked_audited > 0", part="c.checked_wrong", each="c.checked_audited",
        wanted=Direction.DOWN, requirements=("C18",),
    ),
    Measure(
        name="reopened", says="Cases that came back, as a share of those that ended or came back.", unit=Unit.PERCENT, over=CASES,
        of="c.ended OR c.return_count > 0", part="CASE WHEN c.return_count > 0 THEN 1 ELSE 0 END", wanted=Direction.DOWN,
        requirements=("B07",),
    ),
    Measure(
        name="signpost-only", says="Requests that ended with the customer sent elsewhere, as a share of those that ended with an outcome.",
        unit=Unit.PERCENT, over=CASES, of="c.ended AND c.outcome IS NOT NULL",
        part="CASE WHEN c.outcome = 'NOT_OUR_RESPONSIBILITY' THEN 1 ELSE 0 END", wanted=Direction.DOWN, requirements=("D09",),
    ),
    Measure(
        name="cases-closed", says="Cases that ended: how much was done, which is no measure of how well.", unit=Unit.COUNT, over=CASES,
        of="c.ended", part="1", requirements=("A14",),
    ),
)  # fmt: skip
