"""Throws broken frames at the decoders and accounts for every one: `python -m tests.contracts.fuzz --frames 100000 --seed 1`.

A process of its own, so that a crash is seen as one and memory is counted from nothing. Each frame must be read or rejected by a known
code, the same by the generated functions, the strict reader and for any choice of fields; what is read, fastavro reads alike.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from math import inf, nan
from pathlib import Path
from random import Random
from struct import pack_into, unpack_from
from time import thread_time

from hub.contracts import Rejection
from hub.contracts.decoder import strict_event_reader
from hub.contracts.encoding import frame_header
from hub.model.errors import Rejected
from hub.model.event import Event
from tests.contracts.agreed import Decode, as_fastavro_says, contracts, example_events, fastavro_says, same

Mutate = Callable[[Random, bytearray], None]
PLAUSIBLE = 0.001, 100_000.0


def _flip(random: Random, frame: bytearray) -> None:
    frame[random.randrange(len(frame))] ^= 1 << random.randrange(8)


def _overwrite(random: Random, frame: bytearray) -> None:
    frame[random.randrange(len(frame))] = random.choice((0, 1, 2, 3, 4, 0x7E, 0x7F, 0x80, 0xFE, 0xFF))


def _cut(random: Random, frame: bytearray) -> None:
    del frame[random.randrange(len(frame)) :]


def _leave_out(random: Random, frame: bytearray) -> None:
    start = random.randrange(len(frame))
    del frame[start : start + random.randrange(1, 9)]


def _put_in(random: Random, frame: bytearray) -> None:
    start = random.randrange(len(frame))
    frame[start:start] = random.randbytes(random.randrange(1, 12))


def _long_number(random: Random, frame: bytearray) -> None:
    start = random.randrange(len(frame))
    frame[start : start + 1] = bytes(random.randrange(0x80, 0x100) for _ in range(random.randrange(1, 12))) + b"\x01"


def _no_number(random: Random, frame: bytearray) -> None:
    """Where eight bytes look like a decimal number of the world, one that is none."""
    places = [place for place in range(5, len(frame) - 7) if PLAUSIBLE[0] < abs(unpack_from("<d", frame, place)[0]) < PLAUSIBLE[1]]
    if places:
        pack_into("<d", frame, random.choice(places), random.choice((inf, -inf, nan)))


def _other_schema(random: Random, frame: bytearray) -> None:
    frame[:5] = frame_header(random.choice(tuple(contracts().schemas)))


def _noise(random: Random, frame: bytearray) -> None:
    frame[5:] = random.randbytes(random.randrange(300))


MUTATIONS: tuple[Mutate, ...] = (
    _flip,
    _flip,
    _overwrite,
    _overwrite,
    _cut,
    _leave_out,
    _put_in,
    _long_number,
    _no_number,
    _other_schema,
    _noise,
)


def mutant(random: Random, frames: tuple[bytes, ...]) -> bytes:
    """One frame, changed one to three times."""
    frame = bytearray(random.choice(frames))
    for _ in range(random.randrange(1, 4)):
        if frame:
            random.choice(MUTATIONS)(random, frame)
    return bytes(frame)


def outcome(decode: Decode, frame: bytes) -> Event | str | None:
    """The event, or the code of its rejection; anything else that is raised is a failure of the decoder and ends the run."""
    try:
        return decode(frame)
    except Rejected as rejected:
        return Rejection(rejected.code).value


def strictly(frame: bytes) -> Event | str | None:
    """The same by the strict reader alone."""
    schema = contracts().schemas.get(int.from_bytes(frame[1:5], "big"))
    if schema is None or frame[:1] != b"\0" or len(frame) < len(frame_header(0)):
        return None
    return outcome(strict_decoder(schema.id), frame)


@cache
def strict_decoder(schema_id: int) -> Decode:
    schema = contracts().schemas[schema_id]
    event_type = contracts().event_types[schema.name]
    return strict_event_reader(schema, event_type, contracts().words, tuple(field.name for field in fields(event_type)))


def agree(event: Event, frame: bytes) -> bool:
    """True if fastavro reads the same from a frame that was read."""
    schema = contracts().schema_of(type(event))
    return same(schema, as_fastavro_says(event), fastavro_says(frame))


def run(frames: int, seed: int) -> dict[str, object]:
    """Accounts for so many frames; the same seed gives the same frames."""
    random = Random(seed)
    ordinary = tuple(map(contracts().encode, example_events()))
    whole = contracts().decoder()
    lean = contracts().decoder({event_type: (contracts().keys[name],) for name, event_type in contracts().event_types.items()})
    counts: Counter[str] = Counter()
    took: list[float] = []
    for _ in range(frames):
        frame = mutant(random, ordinary)
        began = thread_time()  # of this thread alone: what else the machine does is not the decoder's
        said = outcome(whole, frame)
        took.append(thread_time() - began)
        counts[said if isinstance(said, str) else "read"] += 1
        in_short = outcome(lean, frame)
        counts["disagreements"] += _differ(said, in_short, strictly(frame), frame)
    peak = _peak_megabytes()
    accounted = sum(counts.values()) - counts["disagreements"]
    p999_ms = round(sorted(took)[len(took) * 999 // 1000] * 1000, 3)
    return {"frames": frames, "seed": seed, "accounted": accounted, "peak_mb": peak, "p999_ms": p999_ms, **counts}


def _peak_megabytes() -> int:
    """This program's own peak; getrusage would also count what the process was that started it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) // 1024 if found else 0


def _differ(said: Event | str | None, in_short: Event | str | None, strict: Event | str | None, frame: bytes) -> bool:
    if isinstance(said, Event):
        return not (type(said) is type(in_short) and said == strict and agree(said, frame))
    return said != in_short or strict not in (said, None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps(run(asked.frames, asked.seed)))
