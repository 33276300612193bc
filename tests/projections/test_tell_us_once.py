"""What should have been told changes at due instants only, whatever was heard of somebody: on stories in which much happens at once."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from hub.contracts.life_event_words import DeathUpdateReason
from hub.contracts.records import RecordKnown
from hub.level_policies import known
from hub.privacy.agreements import agreed
from hub.shipped import shipped
from projections import by_agreements
from tests.laws.any_event import START
from tests.telling.desk import ACCOUNT, DEAD, died, moved, updated

TOLD, _ = by_agreements(agreed(shipped("policies")), known(shipped("policies")))
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


def heard(seed: int) -> Any:
    """Facts of somebody to whom something happened, and of whose records any may be held back or not be proved."""
    random, facts = Random(seed), TOLD.facts()
    kind = random.choice(("death", "move"))
    subject = DEAD if kind == "death" else ACCOUNT
    said: list[Any] = [died()] if kind == "death" else [moved(ACCOUNT, "waste")]
    said += [
        updated(random.choice(list(DeathUpdateReason)), minutes) if kind == "death" else moved(ACCOUNT, occurred_at=START)
        for minutes in random.sample(range(1, 5000), random.randint(0, 3))
    ]
    for number, event in enumerate(said):
        at = START + timedelta(days=270, minutes=random.randrange(9000))
        stamped = type(event)(**{name: getattr(event, name) for name in event.__dataclass_fields__} | {
            "event_id": f"e{number}", "recorded_at": at, "source": "gro", "controller": "x",
        })  # fmt: skip
        facts = TOLD.apply(facts, stamped)
    for party, system in {DEAD: "gro", ACCOUNT: "council-tax", "h-1": "housing"}.items():
        facts = TOLD.apply(facts, RecordKnown(
            occurred_at=START, recorded_at=START + timedelta(days=random.randrange(260, 300)), subject=subject, party_id=party, number=1,
            system=system, held_for="x", proved=random.random() < 0.7, restricted_by=random.choice(((), ("borough-of-exampleton",))),
            address_hidden=random.random() < 0.2, erased=random.random() < 0.1,
        ))  # fmt: skip
    return facts


@pytest.mark.parametrize("seed", range(40))
def test_what_should_have_been_told_changes_at_due_instants_only(seed: int) -> None:
    facts, at = heard(seed), BEGIN
    while (due := TOLD.due(facts, at)) is not None:
        just_before = due - timedelta(microseconds=1)
        assert TOLD.wanted(facts, just_before) == TOLD.wanted(facts, at)
        assert TOLD.wanted(facts, due) != TOLD.wanted(facts, just_before)
        at = due
    assert TOLD.wanted(facts, END) == TOLD.wanted(facts, at)


def test_something_of_all_that_is_told_in_the_end() -> None:
    assert any(effect.kind == "told" for seed in range(40) for effect in TOLD.wanted(heard(seed), END))
