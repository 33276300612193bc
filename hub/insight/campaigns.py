"""Did a campaign bring people to the channel it was for? The days of it, as many before, and as many after."""

from datetime import date, timedelta

from hub.clocks.london import day_of
from hub.insight.facts import Facts, Line, value
from hub.insight.standards import Campaign


def campaigns(facts: Facts) -> list[Line]:
    """Digital take-up, and contacts on its channel, in the days of each campaign, in as many before and as many after; of its segment."""
    return [_campaign(facts, each) for each in sorted(facts.standards.campaigns, key=lambda each: (each.started_at, each.name))]


def _campaign(facts: Facts, campaign: Campaign) -> Line:
    first, last = day_of(campaign.started_at), day_of(campaign.ended_at) if campaign.ended_at else facts.on
    long = timedelta(days=(last - first).days + 1)
    spans = {"before": (first - long, first - timedelta(days=1)), "during": (first, last)}
    if campaign.ended_at:
        spans["after"] = (last + timedelta(days=1), last + long)
    about = {name: said for name, said in (("service", campaign.service), ("segment", campaign.segment)) if said is not None}
    of_channel = {"channel": campaign.channel.value} if campaign.channel else {}
    share = {name: value(facts.look("digital-take-up", period=_days(*span), **about)) for name, span in spans.items()}
    count = {name: value(facts.look("contacts", period=_days(*span), **about, **of_channel)) for name, span in spans.items()}
    return {
        "campaign": campaign.name, **about, **of_channel, "from": first, "to": last if campaign.ended_at else None,
        **{f"take_up_{name}": share.get(name) for name in ("before", "during", "after")},
        "uplift": _change(share.get("before"), share.get("during")), "lasting_uplift": _change(share.get("before"), share.get("after")),
        **{f"contacts_{name}": count.get(name) for name in ("before", "during", "after")},
    }  # fmt: skip


def _days(first: date, last: date) -> str:
    return f"{first}..{last}"


def _change(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(other - one, 1)
