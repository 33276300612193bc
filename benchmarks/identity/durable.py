"""How fast are parties decided on for good? `python -m benchmarks.identity.durable [--people N]`.

Every record of a made-up town is a sealed event, as in the log; what counts is the processor time of the hub's own process from those
bytes until the decisions, the events that tell of them and the position are in one committed transaction of SQLite on this disk: decoding,
decrypting, deciding, and writing. Kafka itself and the views that read the decisions are left out.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.identity.files import read_records
from benchmarks.identity.hazards import write
from benchmarks.identity_restart import AT, Log
from hub.cli import people
from hub.cli.composition import closing, open_house
from hub.cli.instance import make
from hub.engine import catalogue
from hub.settings import IdentitySettings, Settings


def main() -> None:
    """Make the town, decide on it, say how fast."""
    options = argparse.ArgumentParser(prog="benchmarks.identity.durable", description=__doc__)
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=9090)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="identity-") as folder:
        print(json.dumps(measured(Path(folder), given.people, given.seed)))


def measured(folder: Path, of: int, seed: int) -> dict[str, int]:
    """Records per second of processor time and of the clock; raises SystemExit where not every record was decided on."""
    write(folder / "town", people=of, seed=seed)
    said = read_records(folder / "town" / "records.csv")
    matching = IdentitySettings(accept_reserved=True)
    settings = Settings(folder=folder / "hub", controller="tameside", demonstration=True, identity=matching)
    with closing(open_house(settings)) as house:
        make(house)
        catalogue.create(house.store, people.INBOX, 1, {}, {})
        log = Log(house)
        log.say(said)
        worker = people.identity_worker(house, log.past)
        worker.claim([0], AT)
        began, on_the_clock = time.process_time(), time.monotonic()
        log.feed(worker)
        taken, wall = time.process_time() - began, time.monotonic() - on_the_clock
        if sum(map(len, worker.state.standing().customers)) != len(said):
            raise SystemExit("not every record was decided on")
    return {"records": len(said), "records_per_cpu_second": round(len(said) / taken), "records_per_second": round(len(said) / wall)}


if __name__ == "__main__":
    main()
