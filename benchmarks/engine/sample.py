"""The input: the same events for the same seed, and what a correct engine knows after them, computed without any engine."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

SCHEMA_FILE = Path(__file__).parent / "schemas" / "avro" / "benchmark_event.v1.avsc"
SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text())
SCHEMA_ID = 99001
HEADER = b"\x00" + SCHEMA_ID.to_bytes(4, "big")
KEYS = 100_000
KINDS: tuple[str, ...] = tuple(SCHEMA["fields"][8]["type"]["symbols"])
CHANNELS: tuple[str, ...] = tuple(SCHEMA["fields"][9]["type"]["symbols"])
_BEGINNING = 1_750_000_000_000_000
_SECOND = 1_000_000
_DAY_OF_SECONDS = 86_400


class Sample(NamedTuple):
    """One event before encoding: the fold's four fields, and its number, from which the rest is made."""

    number: int
    case_id: str
    occurred_at: int
    kind: str
    channel: str


@dataclass(slots=True)
class Known:
    """What the job keeps of one case; the reference counts in place because no engine's code is to be shared with it."""

    count: int
    first: int
    last: int
    last_kind: str
    channels: set[str]


def samples(events: int, seed: int) -> Iterator[Sample]:
    """Yield `events` events over 100,000 keys in random order; up to a day out of order, no two at one instant."""
    choice = random.Random(seed).random
    for number in range(events):
        late = int(choice() * _DAY_OF_SECONDS)
        yield Sample(
            number,
            f"open311:los-angeles/1-{870_000_000 + int(choice() * KEYS)}",
            _BEGINNING + (number - late) * _SECOND + number % _SECOND,
            KINDS[int(choice() * len(KINDS))],
            CHANNELS[int(choice() * len(CHANNELS))],
        )


def record(sample: Sample) -> dict[str, Any]:
    """The event in the ten fields of the schema."""
    number, case_id, occurred_at, kind, channel = sample
    story = f"{number * 2654435761 & 0xFFFFFFFF:08x}-6a3f-8c51-9d27-{number:012x}"
    return {
        "event_id": story,
        "occurred_at": occurred_at,
        "recorded_at": occurred_at + 73 * _SECOND,
        "source": "https://open311.data.la-city.example/georeport/v2/",
        "controller": "https://organisations.example/united-states/city-of-los-angeles",
        "correlation_id": story,
        "causation_id": story,
        "case_id": case_id,
        "kind": kind,
        "channel": channel,
    }


def learn(known: dict[str, Known], sample: Sample) -> None:
    """Fold one event into what is known, in the plainest way there is."""
    _, case_id, at, kind, channel = sample
    case = known.get(case_id)
    if case is None:
        known[case_id] = Known(1, at, at, kind, {channel})
        return
    case.count += 1
    case.first = min(case.first, at)
    if at > case.last:
        case.last, case.last_kind = at, kind
    case.channels.add(channel)
