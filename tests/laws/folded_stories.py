"""Prints what every projection makes of a fixed story: the same text, whatever the hash seed."""

import sys
from random import Random

from hub.engine.rows import to_json
from hub.level_policies import known
from hub.privacy.agreements import agreed
from projections import PROJECTIONS, by_agreements, by_policy
from tests.laws.any_event import ROOT, event_types, key_field, numbered, random_event


def main() -> None:
    """One line of JSON per projection: its facts, then what they make it want told."""
    levels = known(ROOT / "policies")
    for projection in (*PROJECTIONS, *by_policy(levels), *by_agreements(agreed(ROOT / "policies"), levels)):
        random = Random(11)
        events = numbered([random_event(event_type, key_field(projection), random) for event_type in event_types(projection) * 5])
        facts = projection.facts()
        for event in events:
            facts = projection.apply(facts, event)
        wanted = projection.wanted(facts, max(event.occurred_at for event in events))
        sys.stdout.write(f"{to_json(facts)} {[(str(effect), to_json(event)) for effect, event in wanted.items()]}\n")


if __name__ == "__main__":
    main()
