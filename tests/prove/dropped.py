"""Reads every file under a folder with the connector it was dropped for, and says of each what became of it, a line at a time."""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, KeySet

from tests.connectors.drops import COLUMNS, LAYOUT, VOCABULARY, lines, row
from tests.connectors.reading import NOW, read_all
from tests.connectors.signals_world import AUDIENCE, ISSUER
from tests.connectors.workbooks import EXCEL, job, workbook
from tests.connectors.worlds import loaded

MEMORY = 256 * 1024**2
WHOLE = {"folder": "drops", "settle_seconds": 0}
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "csv": WHOLE
    | {"kind": "csv_drop", "zone": "Europe/London", "owner": "o", "vocabulary": VOCABULARY, "layouts": [LAYOUT | {"columns": COLUMNS}]},
    "xml": WHOLE | {"kind": "gro_deaths", "zone": "Europe/London"},
    "dwp": WHOLE | {"kind": "dwp_changes", "pattern": "*.dwp"},
    "jwt": WHOLE | {"kind": "one_login_signals", "issuer": ISSUER, "audience": AUDIENCE, "keys": "keys.json"},
    "xlsx": EXCEL,
}
GOOD: Mapping[str, Callable[[], bytes]] = {"csv": lambda: lines(row("1")).encode(), "xlsx": lambda: workbook([job(1)])}


async def codes(place: Path) -> tuple[list[str], int]:
    """Why what lies there was refused, and how many facts were taken from it."""
    async with loaded(place, SETTINGS[place.name.partition("-")[2]], NOW) as source:
        read = await read_all(source)
    return [bad.code for bad in read.bad] + [refused.code for refused in read.refused], len(read.said)


def became(number: int, place: Path) -> dict[str, Any]:
    """What became of the file there, what it took, and by which exception its reader would have crashed."""
    began, crash, found, said = time.process_time(), "", list[str](), 0
    try:
        found, said = asyncio.run(codes(place))
    except Exception as error:  # noqa: BLE001 - what is looked for
        crash = type(error).__name__
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"number": number, "codes": found[:3], "said": said, "crash": crash, "seconds": time.process_time() - began, "bytes": used}


def main(folder: Path) -> None:
    """The good ones first, under numbers below nought."""
    for number, (drop, content) in enumerate(GOOD.items(), 1):
        place = folder / f"good{number}-{drop}"
        (place / "drops").mkdir(parents=True)
        (place / "drops" / f"drop.{drop}").write_bytes(content())
        apart(-number, place)
    keys = json.dumps(KeySet([ECKey.generate_key("P-256", {"kid": "issuer", "use": "sig"})]).as_dict(private=False))
    for place in sorted(folder.glob("[0-9]*")):
        (place / "keys.json").write_text(keys)
        apart(int(place.name[:3]), place)


def apart(number: int, place: Path) -> None:
    """In a process of its own, which may have so much memory and no more; says so itself where it died without a word."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        print(json.dumps(became(number, place)), flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        print(json.dumps({"number": number, "codes": [], "said": 0, "crash": f"status {status}", "seconds": 0, "bytes": 0}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
