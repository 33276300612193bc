"""What it costs: counts priced by the rates that the council set; what has no rate has no price."""

from collections.abc import Mapping

from hub.contracts.measures import CostScope, CostUnit
from hub.insight.facts import Facts, Line
from hub.insight.measure import Figure
from hub.insight.standards import Aim, aims_on

SAVING = "front-line-saving"
"""What a target calls the saving asked of the front line; its baseline is what the thin line cost in a month, in pence."""


def contact_cost(facts: Facts) -> float | None:
    """Pence a contact by the thin line of staff, over the channels that have a rate."""
    costs = [line for line in channel_costs(facts) if line["thin_pence"] is not None and line["contacts"]]
    whole = sum(line["contacts"] for line in costs)
    return round(sum(line["contacts"] * line["thin_pence"] for line in costs) / whole, 1) if whole else None


def channel_costs(facts: Facts) -> list[Line]:
    """Contacts by channel, each priced by the thin line of staff and by the whole life of the interaction."""
    return [
        {
            "channel": figure.cuts["channel"],
            "contacts": figure.value,
            "thin_pence": _pence(facts, CostScope.THIN, figure),
            "lifecycle_pence": _pence(facts, CostScope.LIFECYCLE, figure),
        }
        for figure in facts.look("contacts-by-channel", "channel")
    ]


def _pence(facts: Facts, scope: CostScope, figure: Figure, unit: CostUnit = CostUnit.CONTACT) -> int | None:
    rate = facts.standards.rate(unit, scope, figure.cuts.get("service"), figure.cuts.get("channel"), facts.on)
    return rate.pence if rate else None


def transaction_costs(facts: Facts) -> list[Line]:
    """Per service what a case costs both ways: its contacts alone, and with the working time of everybody it passes through."""
    minute = facts.standards.rate(CostUnit.MINUTE, CostScope.LIFECYCLE, None, None, facts.on)
    worked = {figure.cuts["service"]: figure.value for figure in facts.look("worked-seconds", "service")}
    thin = {figure.cuts["service"]: figure for figure in facts.look("contacts-per-resolved-request", "service")}
    lines = []
    for service, figure in thin.items():
        rate = facts.standards.rate(CostUnit.CONTACT, CostScope.THIN, service, None, facts.on)
        front = None if rate is None or figure.value is None else figure.value * rate.pence
        behind = None if minute is None or worked.get(service) is None else (worked[service] or 0) / 60 * minute.pence
        whole = None if front is None or behind is None else round(front + behind, 1)
        lines.append({"service": service, "thin_pence": front and round(front, 1), "lifecycle_pence": whole, "n": figure.n})
    return lines


def unit_costs(facts: Facts) -> list[Line]:
    """Applications by service and channel, what each costs there, and what was saved against the dearest channel of the service."""
    figures = facts.look("applications", "service", "channel")
    dearest: dict[str | None, int] = {}
    for rate in facts.standards.rates:
        if rate.unit is CostUnit.APPLICATION:
            dearest[rate.service] = max(rate.pence, dearest.get(rate.service, 0))
    return [_unit_cost(facts, figure, dearest) for figure in figures]


def _unit_cost(facts: Facts, figure: Figure, dearest: Mapping[str | None, int]) -> Line:
    service, pence = figure.cuts["service"], _pence(facts, CostScope.LIFECYCLE, figure, CostUnit.APPLICATION)
    pence = _pence(facts, CostScope.THIN, figure, CostUnit.APPLICATION) if pence is None else pence
    before = dearest.get(service, dearest.get(None))
    shifted = figure.cuts["channel"] in facts.rules.digital
    saved = None if pence is None or before is None or figure.value is None else round(figure.value * (before - pence)) if shifted else 0
    return {"service": service, "channel": figure.cuts["channel"], "applications": figure.value, "pence_each": pence, "saved_pence": saved}


def savings(facts: Facts) -> list[Line]:
    """What the front line costs month by month by its thin line, and how much less that is than the baseline it was asked to save on."""
    asked = [aim for aim in aims_on(facts.standards.aims, facts.on) if aim.measure == SAVING]
    return [line for aim in asked for line in _saved(facts, aim)]


def _saved(facts: Facts, aim: Aim) -> list[Line]:
    where = {name: text for name, text in (("service", aim.service), ("channel", aim.channel)) if text is not None}
    costs: dict[str, float] = {}
    for figure in facts.look("contacts-by-channel", "month", "channel", **where):
        pence, month = _pence(facts, CostScope.THIN, figure), figure.cuts["month"]
        if pence is not None and figure.value is not None and month is not None:
            costs[month] = costs.get(month, 0) + figure.value * pence
    return [
        {"month": month, **where, "baseline_pence": aim.baseline, "cost_pence": round(cost), "saved_percent": saved,
         "target_percent": aim.target, "met": saved is not None and saved >= aim.target}
        for month, cost in sorted(costs.items())
        for saved in [round(100 * (aim.baseline - cost) / aim.baseline, 1) if aim.baseline else None]
    ]  # fmt: skip


def saving(facts: Facts, aim: Aim) -> float | None:
    """The saving of the last month that is over, in percent of the baseline."""
    over = [line for line in _saved(facts, aim) if line["month"] < f"{facts.on:%Y-%m}"]
    return over[-1]["saved_percent"] if over else None
