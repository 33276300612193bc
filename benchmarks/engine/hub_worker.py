"""One worker process of the hub under test: feeds until its standard input closes, then prints what it noted as one line of JSON."""

import argparse
import json
import sys
import threading
from pathlib import Path

from benchmarks.engine.hub_house import BUNDLE, NotingHouse, open_house
from benchmarks.engine.load import PARTITIONS
from benchmarks.peers.stopwatch import peak_megabytes
from hub.cli.roles import Running
from hub.engine.relay import Relay


def main() -> None:
    """Feed, relay if asked to, report."""
    options = argparse.ArgumentParser()
    for name in ("folder", "bootstrap", "feeder", "partitions"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--dsn", default="")
    options.add_argument("--count", type=int, default=PARTITIONS, help="partitions of each topic")
    options.add_argument("--relay", action="store_true")
    given = options.parse_args()
    house = open_house(Path(given.folder), given.dsn, given.bootstrap, given.count)
    running, stop = Running(), threading.Event()
    if given.relay:
        relay(house, running)
    threading.Thread(target=until_closed, args=(stop,), daemon=True).start()
    house.notes.add()
    feed(house, given.feeder, [int(partition) for partition in given.partitions.split(",")], stop)
    running.end()
    print(json.dumps({"readings": house.notes.readings, "memory_mb": peak_megabytes()}), flush=True)


def until_closed(stop: threading.Event) -> None:
    """Whoever started this process ends it by closing its standard input."""
    sys.stdin.read()
    stop.set()


def relay(house: NotingHouse, running: Running) -> None:
    """Carry the effects to Kafka in a thread of this process, as the hub on SQLite does."""
    alone = not house.settings.postgresql
    parts = Relay(
        store=house.store, kafka=house.kafka, headers=house.headers, holder=house.holder, failpoints=house.failpoints, alone=alone
    )
    running.begin("relay", parts.run)


def feed(house: NotingHouse, feeder: str, partitions: list[int], stop: threading.Event) -> None:
    """Run the feeder in this thread until told to stop."""
    serving = house.serving(BUNDLE)
    if feeder == "faust":
        from hub.engine.faust_feeder import FaustFeeder  # noqa: PLC0415 - a second to import, needed by this feeder alone

        FaustFeeder(serving=serving, kafka=house.kafka, bundle=BUNDLE).run(stop)
    else:
        from hub.engine.bulk import BulkFeeder  # noqa: PLC0415 - as above

        BulkFeeder(serving=serving, kafka=house.kafka, partitions=partitions).run(stop)


if __name__ == "__main__":
    main()
