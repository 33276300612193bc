"""Was it worth getting in touch? Avoidable contact (NI14), failure demand, what causes it, and the time it takes."""

from hub.contracts.measures import Direction
from hub.insight.measure import Measure, Unit
from hub.insight.relations import CASES, CONTACTS

_BY_CUSTOMERS = "c.recorded AND COALESCE(c.initiator, 'CUSTOMER') = 'CUSTOMER'"
_FAILED = "(c.avoidable OR c.relation IN ('CHASE', 'REPEAT', 'CLARIFY'))"
_TIME = "(COALESCE(c.wait_seconds, 0) + COALESCE(c.duration_seconds, 0))"

NI14 = Measure(
    name="ni14", says="Avoidable contacts as a share of those assessed; samples weigh as their organisation, channel and service do.",
    unit=Unit.PERCENT, over=CONTACTS, of=f"{_BY_CUSTOMERS} AND c.avoidable IS NOT NULL", part="CASE WHEN c.avoidable THEN 1 ELSE 0 END",
    wanted=Direction.DOWN, requirements=("A02", "A03", "A04", "A13", "D12"), sampled=True,
)  # fmt: skip
FAILURE_DEMAND = Measure(
    name="failure-demand", says="Contacts that were avoidable, or chased, repeated or asked to clarify something, as a share of all.",
    unit=Unit.PERCENT, over=CONTACTS, of=_BY_CUSTOMERS, part=f"CASE WHEN {_FAILED} THEN 1 ELSE 0 END", wanted=Direction.DOWN,
    requirements=("A08",),
)  # fmt: skip
_GATHERED = ("service", "transaction_category", "customer_role", "initiator", "duration_seconds")
"""What should be known of every contact, whatever its channel."""

MEASURES = (
    NI14,
    FAILURE_DEMAND,
    Measure(
        name="avoidable-contacts", says="Avoidable contacts; by category their causes, by cause_service what generates them.",
        unit=Unit.COUNT, over=CONTACTS, of=f"{_BY_CUSTOMERS} AND c.avoidable", part="1", wanted=Direction.DOWN,
        requirements=("A03", "A09"),
    ),
    Measure(
        name="contacts", says="Contacts recorded: how much there is to do, which is no measure of how well it is done.",
        unit=Unit.COUNT, over=CONTACTS, of="c.recorded", part="1", requirements=("A06", "A14", "C01"),
    ),
    Measure(
        name="completeness", says=f"Of what should be known of every contact ({', '.join(_GATHERED)}) the share that was; by channel.",
        unit=Unit.PERCENT, over=CONTACTS, of="c.recorded", each=str(len(_GATHERED)), wanted=Direction.UP, requirements=("C09",),
        part=" + ".join(f"CASE WHEN c.{name} IS NULL THEN 0 ELSE 1 END" for name in _GATHERED),
    ),
    Measure(
        name="added-value", says="Contacts that added value, as a share of those whose value was judged.",
        unit=Unit.PERCENT, over=CONTACTS, of="c.contact_value IS NOT NULL", part="CASE WHEN c.contact_value = 'ADDED' THEN 1 ELSE 0 END",
        wanted=Direction.UP, requirements=("A15",),
    ),
    Measure(
        name="avoidable-seconds", says="Handling time of avoidable contacts: what would be released without them.",
        unit=Unit.SECONDS, over=CONTACTS, of=f"{_BY_CUSTOMERS} AND c.avoidable AND c.duration_seconds IS NOT NULL",
        part="c.duration_seconds", each="0", wanted=Direction.DOWN, requirements=("A15",),
    ),
    Measure(
        name="customer-seconds", says="The customer's own time, waiting and talking, for each contact that settled something.",
        unit=Unit.SECONDS, over=CONTACTS, of=f"{_BY_CUSTOMERS} AND (c.wait_seconds IS NOT NULL OR c.duration_seconds IS NOT NULL)",
        part=_TIME, each="CASE WHEN c.resolved_at IS NOT NULL THEN 1 ELSE 0 END", wanted=Direction.DOWN, requirements=("C17",),
    ),
    Measure(
        name="contacts-per-resolved-request", says="Contacts for each request that is settled: the measure drafted in 2007.",
        unit=Unit.EACH, over=CASES, of="c.opened_at IS NOT NULL", part="c.contact_count", each="CASE WHEN c.ended THEN 1 ELSE 0 END",
        wanted=Direction.DOWN, requirements=("A04",),
    ),
)  # fmt: skip
