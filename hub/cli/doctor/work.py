"""Of the work: what stopped, what could not be taken in, what does not leave; as the store knows it, also while Kafka is away."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from hub.cli import telling
from hub.cli.composition import House
from hub.cli.doctor.faults import Finding, found
from hub.connect.repository import Connectors
from hub.connect.words import Cause, State
from hub.engine import ownership
from hub.engine.figures import Figures, figures
from hub.sharing.agreement import Status

LONGEST = timedelta(minutes=1)
"""What waits longer to be sent does not drain."""
SOON = timedelta(days=30)


def waiting(house: House) -> Iterator[Finding]:
    """What waits for somebody."""
    seen = figures(house.store)
    yield from _stopped(house)
    yield from _connectors(house)
    for letters in seen.letters:
        yield found("dead-letters", letters.topic, f"{letters.letters} with the reason {letters.code}, since {letters.oldest:%d %b %H:%M}")
    for connector, records in seen.quarantined.items():
        yield found("quarantined", connector, f"{records} records of this source", f"hub quarantine list --connector {connector}")
    yield from _unsent(seen)


def _stopped(house: House) -> Iterator[Finding]:
    with house.store.read() as tx:
        rows = [row for row in ownership.status(tx, house.store.dialect) if row["status"] == ownership.STOPPED]
    reasons = Counter((row["bundle"], row["reason"]) for row in rows)
    for (bundle, reason), partitions in reasons.items():
        where = f"{bundle}, {partitions} {'partition' if partitions == 1 else 'partitions'}"
        yield found("partition-stopped", where, reason, f"mend that (docs/operations.md), then: hub projection resume {bundle}")


_MENDS = {
    Cause.MISCONFIGURED: "correct what is named, then: hub connector restart {name}",
    Cause.BUG: "take what is named to whoever makes the hub; with the next release: hub connector restart {name}",
    Cause.BAD_DATA: "hub quarantine list --connector {name}; mend its mapping, then: hub connector restart {name}",
}


def _connectors(house: House) -> Iterator[Finding]:
    for status in Connectors(store=house.store).statuses():
        for state, trouble in ((status.state, status.trouble), *((task.state, task.trouble) for task in status.tasks)):
            if trouble is not None and trouble.cause is Cause.OUTAGE:
                yield found("source-away", status.name, trouble.what)
            elif trouble is not None and state is State.FAILED:
                yield found("connector-failed", status.name, trouble.trace, _MENDS[trouble.cause].format(name=status.name))


def _unsent(seen: Figures) -> Iterator[Finding]:
    waited = seen.at - seen.outbox_oldest if seen.outbox_oldest else timedelta()
    if waited > LONGEST:
        yield found(
            "outbox-not-draining", "outbox", f"{seen.outbox_records} records, the first for {waited.total_seconds() / 60:.0f} minutes"
        )


def agreements(_: House, day: date) -> Iterator[Finding]:
    """The agreements that somebody is told under."""
    for each in telling.agreements()().values():
        if each.status is Status.ACTIVE and each.valid_to - day < SOON:
            yield found("agreement-ending", each.id, f"{'ended' if each.valid_to < day else 'ends'} on {each.valid_to}")
