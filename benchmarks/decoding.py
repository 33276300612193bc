"""What reading one event costs: fastavro, the strict reader, the generated function for all fields, and for those a view needs.

`python -m benchmarks.decoding` (`--json` for machines). All four read the same frames in turn, so that a busy machine slows them alike;
each figure is the best of the rounds, in microseconds per event.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from timeit import timeit

import fastavro

from hub.contracts import Contracts, load
from hub.contracts.cases import CaseOpened, CaseStatusChanged
from hub.contracts.contacts import ContactRecorded
from hub.contracts.decoder import strict_event_reader
from hub.contracts.examples import story
from hub.contracts.strict import HEADER
from hub.model.event import Event
from hub.model.personal import Plain, Sealed

SCHEMAS = Path(__file__).parents[1] / "schemas"
NEEDED: Mapping[type[Event], tuple[str, ...]] = {
    ContactRecorded: ("event_id", "occurred_at", "contact_id", "channel", "organisation"),
    CaseOpened: ("event_id", "occurred_at", "case_id", "kind", "owner"),
    CaseStatusChanged: ("event_id", "occurred_at", "case_id", "status"),
}
EVENTS = 2_000
Read = Callable[[bytes], object]


def readers(contracts: Contracts, event_type: type[Event]) -> Mapping[str, Read]:
    """The four ways, by name."""
    schema = contracts.schema_of(event_type)
    parsed = fastavro.parse_schema(dict(schema.avro))
    everything = tuple(field.name for field in fields(event_type))

    def with_fastavro(frame: bytes) -> object:
        stream = BytesIO(frame)
        stream.seek(HEADER)
        return fastavro.schemaless_reader(stream, parsed, None)

    return {
        "fastavro": with_fastavro,
        "strict": strict_event_reader(schema, event_type, contracts.words, everything),
        "generated": contracts.decoder(),
        "generated_needed": contracts.decoder({event_type: NEEDED[event_type]}),
    }


def measure(contracts: Contracts, event_type: type[Event], rounds: int) -> dict[str, float]:
    """Microseconds per event, by way."""
    frame = contracts.encode(_example(contracts, event_type))
    ways = readers(contracts, event_type)
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, read in ways.items():
            best[name] = min(best[name], timeit(lambda read=read: read(frame), number=EVENTS) / EVENTS * 1e6)  # type: ignore[misc]  # the type of a bound default
    return {"bytes": len(frame), "fields": len(fields(event_type))} | {name: round(figure, 2) for name, figure in best.items()}


def _example(contracts: Contracts, event_type: type[Event]) -> Event:
    topic = contracts.topic_of(event_type).name
    event = next(event for event in story(contracts, SCHEMAS, topic) if type(event) is event_type)
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    sealed = {name: Sealed(bytes(40) + value.text.encode()) for name, value in values.items() if isinstance(value, Plain)}
    return replace(event, **sealed)  # type: ignore[arg-type]  # fields by name


def main() -> None:
    """Prints a table, or with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    contracts = load(SCHEMAS)
    figures = {event_type.__name__: measure(contracts, event_type, asked.rounds) for event_type in NEEDED}
    if asked.json:
        print(json.dumps(figures))
        return
    print(f"{'µs per event':<20}" + "".join(f"{name:>18}" for name in next(iter(figures.values()))))
    for event_name, row in figures.items():
        print(f"{event_name:<20}" + "".join(f"{figure:>18}" for figure in row.values()))


if __name__ == "__main__":
    main()
