"""Each report is said two to five times, the topic is replayed twice at new offsets, a year passes, fetches get lost on their way."""

from datetime import timedelta

from confluent_kafka import Producer

from tests.prove.ledger import Line, Story, repeated, tell
from tests.prove.observe import REPORTS, dump
from tests.prove.proving import Case, Proven, finish, last_due
from tests.prove.world import World, now, world

LEAK = "0.1"
A_YEAR_AND_MORE = str(400 * 86400)


def prove(case: Case) -> Proven:
    """See above; SQLite, one process, the bulk feeder."""
    events = case.pick(2_000, 20_000) if not case.without else 600
    with world(on_postgresql=False, without=case.without) as hub:
        story = Story(seed=case.seed, events=events, start=now(), dues=(1.0, 6.0))
        lines = repeated(tell(story), case.seed, 2, 5)
        first = hub.start("connect,relay,worker", "--leak", LEAK, "--seed", str(case.seed))
        for piece in _pieces(lines, 10):
            hub.say(piece)
            hub.until(lambda: not hub.open_ends().startswith("4 unread"), 30, "a source to be read")
        past = last_due(lines, now() + timedelta(hours=1))
        hub.quiet(120)
        hub.end(first)
        for skew in ("0", A_YEAR_AND_MORE):
            _replay(hub)
            later = hub.start("connect,relay,worker", "--leak", LEAK, "--skew", skew)
            hub.quiet(120)
            hub.look()
            hub.end(later)
        hub.start()
        return finish(hub, past=past)


def _pieces(values: list[Line], count: int) -> list[list[Line]]:
    size = -(-len(values) // count)
    return [values[start : start + size] for start in range(0, len(values), size)]


def _replay(hub: World) -> None:
    """Every record of the topic once more, as it is, at a new offset."""
    producer = Producer({"bootstrap.servers": hub.bootstrap, "enable.idempotence": True, "acks": "all"})
    for each in sorted(dump(hub.bootstrap, (REPORTS,)), key=lambda each: (each.partition, each.offset)):
        producer.produce(each.topic, each.value, each.key, each.partition)
        producer.poll(0)
    producer.flush(30)
