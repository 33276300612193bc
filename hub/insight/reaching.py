"""Do we reach those who may need help before they ask? Outreach and cohorts, shielding lists, and which sort of customer comes how."""

from hub.contracts.measures import Direction
from hub.insight.facts import Facts, Line
from hub.insight.measure import Measure, Unit
from hub.insight.relations import CUSTOMERS, OUTREACH, SHIELDING

_ALONE = "(c.network IN ('NONE', 'LIMITED') OR c.isolated)"

MEASURES = (
    Measure(
        name="in-touch", says="People whose segment is known who were ever in touch, as a share: by segment and place, who is missing.",
        unit=Unit.PERCENT, over=CUSTOMERS, of="1 = 1", part="c.in_touch", wanted=Direction.UP, requirements=("D12",),
    ),
    Measure(
        name="outreach-reached", says="People on lists of those to seek out who were reached, as a share of all on them.",
        unit=Unit.PERCENT, over=OUTREACH, of="c.listed_at IS NOT NULL", part="CASE WHEN c.reached_at IS NOT NULL THEN 1 ELSE 0 END",
        wanted=Direction.UP, requirements=("I01",),
    ),
    Measure(
        name="outreach-days-to-reach", says="Days from the publication of a list until somebody on it was reached.", unit=Unit.DAYS,
        over=OUTREACH, of="c.days_to_reach IS NOT NULL", part="c.days_to_reach", wanted=Direction.DOWN, requirements=("I01",),
    ),
    Measure(
        name="cohort-precision", says="Of those whom a rule chose and who were asked, the share that does need help.", unit=Unit.PERCENT,
        over=OUTREACH, of="c.rule IS NOT NULL AND c.need_found IS NOT NULL", part="CASE WHEN c.need_found THEN 1 ELSE 0 END",
        wanted=Direction.UP, requirements=("H06",),
    ),
    Measure(
        name="outreach-uptake", says="Of those who were reached, the share that took up help.", unit=Unit.PERCENT, over=OUTREACH,
        of="c.listed_at IS NOT NULL AND c.reached_at IS NOT NULL", part="CASE WHEN c.support_at IS NOT NULL THEN 1 ELSE 0 END",
        wanted=Direction.UP, requirements=("H06", "I01"),
    ),
    Measure(
        name="shielded-contacted", unit=Unit.PERCENT, over=SHIELDING, wanted=Direction.UP, requirements=("I02",),
        says="People on shielding lists with no or little support, or isolated, who were reached, as a share of all of them.",
        of=f"c.listed_at IS NOT NULL AND {_ALONE}", part="CASE WHEN c.reached_at IS NOT NULL THEN 1 ELSE 0 END",
    ),
    Measure(
        name="shielding-expired", says="Rows of shielding lists whose last day is over, so that nobody may use them any more.",
        unit=Unit.PERCENT, over=SHIELDING, of="c.listed_at IS NOT NULL", part="CASE WHEN c.expires_on < {today} THEN 1 ELSE 0 END",
        requirements=("I02",),
    ),
)  # fmt: skip
_OF_LISTS = {"reached": "outreach-reached", "days_to_reach": "outreach-days-to-reach", "need_help": "cohort-precision",
             "took_up_help": "outreach-uptake"}  # fmt: skip
_OF_SHIELDING = {"reached": "shielded-contacted", "expired": "shielding-expired"}


def outreach(facts: Facts) -> list[Line]:
    """List by list: how many of those to seek out were reached, how soon, how many do need help, took it up, or stand there too long."""
    return [*_lists(facts, "outreach", _OF_LISTS), *_lists(facts, "shielding", _OF_SHIELDING)]


def _lists(facts: Facts, kind: str, names: dict[str, str]) -> list[Line]:
    found = {column: {each.cuts["list"]: each for each in facts.look(name, "list")} for column, name in names.items()}
    lists = sorted({name for figures in found.values() for name in figures if name})
    columns = ("reached", "days_to_reach", "need_help", "took_up_help", "expired")
    return [
        {"kind": kind, "list": each}
        | {column: found[column][each].value if column in found and each in found[column] else None for column in columns}
        for each in lists
    ]


def segments(facts: Facts) -> list[Line]:
    """Which sort of customer comes how: contacts by segment and channel, and the share of the segment that each channel has."""
    figures = facts.look("contacts", "segment", "channel")
    whole: dict[str | None, float] = {}
    for each in figures:
        whole[each.cuts["segment"]] = whole.get(each.cuts["segment"], 0) + (each.value or 0)
    return [
        {"scheme": facts.rules.segments.value, "segment": each.cuts["segment"], "channel": each.cuts["channel"], "contacts": each.value,
         "share": round(100 * each.value / whole[each.cuts["segment"]], 1) if each.value and whole[each.cuts["segment"]] else None}
        for each in figures
    ]  # fmt: skip
