"""By which method and at which point does each transaction pass from the front office to the back office? The latest rule counts."""

from dataclasses import dataclass
from datetime import datetime

from hub.contracts.measures import AgreedMethod, TimeUnit
from hub.contracts.ordering import said_order
from hub.contracts.standards import HandoffRulePublished
from hub.contracts.vocabulary import Channel
from hub.model.projection import Projection
from hub.model.values import replace


@dataclass(frozen=True, kw_only=True)  # without slots: another one is one copy of a dictionary (hub/model/values.py)
class HandoffRule:
    """One row per rule; a rule that names no channel or interaction holds for every one. Days are ISO text."""

    rule_order: str = ""
    published_at: datetime | None = None
    service: str | None = None
    interaction: str | None = None
    channel: Channel | None = None
    method: AgreedMethod | None = None
    point: str | None = None
    receiving_queue: str | None = None
    deadline_amount: int | None = None
    deadline_unit: TimeUnit | None = None
    valid_from: str | None = None

    def holds(self, service: str | None, channel: Channel | None, day: str) -> bool:
        """Whether it is about this transaction on this day."""
        return service is not None and self.service == service and self.channel in {None, channel} and (self.valid_from or day) <= day


_SAID = ("service", "interaction", "channel", "method", "point", "receiving_queue", "deadline_amount", "deadline_unit")


def apply(facts: HandoffRule, event: HandoffRulePublished) -> HandoffRule:
    """Fold one publication: the one that holds from the latest day counts, of one day the one said last."""
    order = f"{event.valid_from.isoformat()} {said_order(event)}"
    if order <= facts.rule_order:
        return facts
    said = {name: getattr(event, name) for name in _SAID}
    return replace(facts, rule_order=order, published_at=event.occurred_at, valid_from=event.valid_from.isoformat(), **said)


PROJECTION = Projection(
    name="handoff-rules", version=1, reads=("standards",), facts=HandoffRule, apply=apply,
    needs={HandoffRulePublished: ("event_id", "occurred_at", "recorded_at", "valid_from", *_SAID)},
)  # fmt: skip
