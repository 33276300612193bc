"""Tables that hold figures side by side: each is one function of figures and of what the council has set for itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hub.contracts.measures import Direction
from hub.insight.campaigns import campaigns
from hub.insight.dissatisfaction import hot_spots
from hub.insight.facts import Facts, Line, n_of, value
from hub.insight.knowledge import stale_content
from hub.insight.management import beacon, excellence, management, strategies
from hub.insight.measure import Figure
from hub.insight.pricing import SAVING, channel_costs, contact_cost, saving, savings, transaction_costs, unit_costs
from hub.insight.questions import MEASURES, target_refused
from hub.insight.reaching import outreach, segments
from hub.insight.standards import Aim, aims_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One table: its question, the requirements it answers, and how it is made."""

    name: str
    says: str
    requirements: tuple[str, ...]
    lines: Callable[[Facts], list[Line]]


def scorecard(facts: Facts) -> list[Line]:
    """The four established measures, and avoidable contact as the fifth."""
    volume, cost = facts.look("contacts"), contact_cost(facts)
    lines = [
        {"measure": "volume", "value": value(volume), "unit": "contacts", "n": n_of(volume)},
        *({"measure": f"satisfaction, {each.cuts['scale']}, {each.cuts['method']}", "value": each.value, "unit": "% satisfied", "n": each.n}
          for each in facts.look("satisfied")),
        {"measure": "cost", "value": cost, "unit": "pence a contact, thin", "n": n_of(volume)},
        *({"measure": f"quality, {each.cuts['scheme']}, {each.cuts['criterion']}", "value": each.value, "unit": "score", "n": each.n}
          for each in facts.look("quality")),
    ]  # fmt: skip
    avoidable = facts.look("ni14")
    return [*lines, {"measure": "avoidable contact (NI14)", "value": value(avoidable), "unit": "%", "n": n_of(avoidable)}]


def shift(facts: Facts) -> list[Line]:
    """Digital take-up month by month: the signed change in points, with an alarm where it runs backwards."""
    return list(_shifted(facts.look("digital-take-up", "month"), facts.rules.reversal_points))


def _shifted(figures: Sequence[Figure], most: float) -> Iterator[Line]:
    before: float | None = None
    for figure in figures:
        change = None if before is None or figure.value is None else round(figure.value - before, 1)
        backwards = change is not None and change <= -most
        yield {"month": figure.cuts["month"], "take_up": figure.value, "shift_index": change, "alarm": backwards, "n": figure.n}
        before = before if figure.value is None else figure.value


def failure_band(facts: Facts) -> list[Line]:
    """Failure demand month by month, with an alarm where it leaves its band."""
    least, most = facts.rules.band
    return [
        {"month": figure.cuts["month"], "failure_demand": figure.value, "least": least, "most": most, "n": figure.n,
         "alarm": figure.value is not None and not least <= figure.value <= most}
        for figure in facts.look("failure-demand", "month")
    ]  # fmt: skip


def causes(facts: Facts) -> list[Line]:
    """Avoidable contacts by the cause that their category stands for."""
    found: dict[str, float] = {}
    for figure in facts.look("avoidable-contacts", "avoidable_category"):
        cause = facts.rules.causes.get(figure.cuts["avoidable_category"] or "", "not stated")
        found[cause] = found.get(cause, 0) + (figure.value or 0)
    whole = sum(found.values())
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [{"cause": cause, "contacts": count, "share": round(100 * count / whole, 1) if whole else None} for cause, count in ranked]


def touch_points(facts: Facts) -> list[Line]:
    """Who takes contacts, the largest volume first, and who of those known to deal with the public reports none."""
    figures = sorted(facts.look("contacts", "organisation", "office"), key=lambda each: -(each.value or 0))
    known = dict.fromkeys((*facts.rules.touch_points, *(each.area for each in facts.standards.attested)))
    reporting = {figure.cuts["organisation"] for figure in figures}
    silent = [name for name in known if name not in reporting]
    return [
        *({"area": each.cuts["organisation"], "office": each.cuts["office"], "contacts": each.value, "reports": True} for each in figures),
        *({"area": name, "office": None, "contacts": 0.0, "reports": False} for name in silent),
    ]


def migrations(facts: Facts) -> list[Line]:
    """Services that moved to the front office, the money that moved with them, and the front office's share before and after."""
    return [
        {
            "service": move.service, "name": move.service_name, "from": move.from_team, "to": move.to_team, "moved_on": move.moved_on,
            "budget_pence": move.budget_pence, "channels": " ".join(move.channels),
            "before": value(facts.look("front-office-share", period=f"0001-01..{_before(move.moved_on)}", service=move.service)),
            "after": value(facts.look("front-office-share", period=f"{move.moved_on:%Y-%m}..9999-12", service=move.service)),
        }
        for move in sorted(facts.standards.moves, key=lambda each: (each.moved_on, each.service))
    ]  # fmt: skip


def _before(day: date) -> str:
    year, month = divmod(day.year * 12 + day.month - 2, 12)
    return f"{year:04}-{month + 1:02}"


def cost_drivers(facts: Facts) -> list[Line]:
    """Per service the three drivers of cost: chasing, face to face for what could be done otherwise, and passing information on."""
    drivers = ("chases-per-case", "face-to-face-that-could-be-digital", "handoffs-per-contact", "passing-on-seconds")
    found = {name: {each.cuts["service"]: each.value for each in facts.look(name, "service")} for name in drivers}
    services = sorted({service for values in found.values() for service in values if service})
    return [{"service": each} | {name.replace("-", "_"): values.get(each) for name, values in found.items()} for each in services]


def improvements(facts: Facts) -> list[Line]:
    """What to do first: by the appetite of customers and of the organisation, and how well it suits; of equals what saves most."""
    scored = [(each.appetite_customer + each.appetite_organisation + each.suitability, each) for each in facts.standards.improvements]
    ranked = sorted(scored, key=lambda pair: (-pair[0], -(pair[1].saving_pence or 0), pair[1].name))
    return [
        {"rank": rank, "improvement": each.name, "service": each.service, "score": score, "appetite_customer": each.appetite_customer,
         "appetite_organisation": each.appetite_organisation, "suitability": each.suitability, "saving_pence": each.saving_pence}
        for rank, (score, each) in enumerate(ranked, 1)
    ]  # fmt: skip


def standards(facts: Facts) -> list[Line]:
    """Every target in force with its live figure; what counts throughput is refused."""
    return [_aimed(facts, aim) for aim in aims_on(facts.standards.aims, facts.on)]


def _aimed(facts: Facts, aim: Aim) -> Line:
    priced = aim.measure == SAVING
    refused = None if priced else target_refused(aim.measure, aim.direction)
    where = {name: text for name, text in (("service", aim.service), ("channel", aim.channel)) if text is not None}
    found = () if refused or priced else facts.look(aim.measure, **where)
    live = saving(facts, aim) if priced else value(found)
    up = aim.direction is Direction.UP
    met = None if live is None else live >= aim.target if up else live <= aim.target
    says = savings.__doc__ if priced else MEASURES[aim.measure].says if aim.measure in MEASURES else ""
    return {
        "measure": aim.measure, "says": says, **where,
        "baseline": aim.baseline, "target": aim.target, "unit": aim.unit, "live": live, "n": n_of(found), "met": met, "refused": refused,
    }  # fmt: skip


def baselines(facts: Facts) -> list[Line]:
    """Per service the first month there is anything of, and the last, with the change: volumes, surveys, and which customers come."""
    if not facts.months:
        return []
    first, last = facts.months[-1], facts.months[0]
    asked = [(name, "service") for name in ("contacts", "ni14", "first-time-resolution", "digital-take-up", "satisfied", "survey-score")]
    return [line for name, *by in (*asked, ("contacts", "segment")) for line in _compared(facts, name, by, first, last)]


def _compared(facts: Facts, name: str, by: Sequence[str], first: str, last: str) -> Iterator[Line]:
    before, after = ({tuple(each.cuts.items()): each.value for each in facts.look(name, *by, period=month)} for month in (first, last))
    for place in sorted({*before, *after}, key=str):
        one, other, cuts = before.get(place), after.get(place), dict(place)
        service = cuts.pop("service", None)
        change = None if one is None or other is None else round(other - one, 1)
        figure = ", ".join((name, *(f"{cut} {said or 'not known'}" for cut, said in cuts.items())))
        yield {"service": service, "figure": figure, "before": one, "after": other, "change": change}


BOARDS: Mapping[str, Board] = {
    board.name: board
    for board in (
        Board(name="scorecard", says=scorecard.__doc__ or "", requirements=("A13",), lines=scorecard),
        Board(name="channel-costs", says=channel_costs.__doc__ or "", requirements=("C14",), lines=channel_costs),
        Board(name="transaction-costs", says=transaction_costs.__doc__ or "", requirements=("C14",), lines=transaction_costs),
        Board(name="unit-costs", says=unit_costs.__doc__ or "", requirements=("C03",), lines=unit_costs),
        Board(name="savings", says=savings.__doc__ or "", requirements=("C15",), lines=savings),
        Board(name="cost-drivers", says=cost_drivers.__doc__ or "", requirements=("A10",), lines=cost_drivers),
        Board(name="campaigns", says=campaigns.__doc__ or "", requirements=("C04",), lines=campaigns),
        Board(name="management", says=management.__doc__ or "", requirements=("H12",), lines=management),
        Board(name="strategies", says=strategies.__doc__ or "", requirements=("J05",), lines=strategies),
        Board(name="beacon", says=beacon.__doc__ or "", requirements=("H10",), lines=beacon),
        Board(name="excellence", says=excellence.__doc__ or "", requirements=("H08",), lines=excellence),
        Board(name="shift", says=shift.__doc__ or "", requirements=("C07",), lines=shift),
        Board(name="failure-band", says=failure_band.__doc__ or "", requirements=("A08",), lines=failure_band),
        Board(name="causes", says=causes.__doc__ or "", requirements=("A09",), lines=causes),
        Board(name="touch-points", says=touch_points.__doc__ or "", requirements=("A06",), lines=touch_points),
        Board(name="hot-spots", says=hot_spots.__doc__ or "", requirements=("A05",), lines=hot_spots),
        Board(name="stale-content", says=stale_content.__doc__ or "", requirements=("H19",), lines=stale_content),
        Board(name="segments", says=segments.__doc__ or "", requirements=("H04", "H05"), lines=segments),
        Board(name="outreach", says=outreach.__doc__ or "", requirements=("I01", "I02", "H06"), lines=outreach),
        Board(name="migrations", says=migrations.__doc__ or "", requirements=("B08", "B09"), lines=migrations),
        Board(name="improvements", says=improvements.__doc__ or "", requirements=("C16",), lines=improvements),
        Board(name="standards", says=standards.__doc__ or "", requirements=("H07", "A14"), lines=standards),
        Board(name="baselines", says=baselines.__doc__ or "", requirements=("A16",), lines=baselines),
    )
}
"""Every table by its name."""
