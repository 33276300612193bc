"""Which file is read, and when it counts as read: the only module here that touches a disk's directory.

The cursor remembers each file that was read to its end by size, time of last change and the configuration it was read with, and the
place in the file being read. It forgets files that have left the folder. So a file that is overwritten, or whose configuration was
mended, is read again: what has not changed in it is no event.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from connectors.rows.files import Chunk, Drop, ReadOn, Refused, Spot
from connectors.surroundings import Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Misconfigured, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where reading stands: the files done with, the file begun and the spot in it."""

    done: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    seen: str = ""
    spot: Spot = field(default_factory=Spot)


def written(place: Place) -> str:
    """The cursor of a place."""
    return orjson.dumps(place).decode()


def read(cursor: str | None) -> Place:
    """The place of a cursor; the beginning for one that cannot be read, so that nothing is lost."""
    try:
        said: dict[str, Any] = orjson.loads(cursor) if cursor else {}
        return Place(**said | {"spot": Spot(**said.get("spot", {}))})
    except (orjson.JSONDecodeError, TypeError):
        return Place()


async def poll(read_on: ReadOn, config: Drop, surroundings: Surroundings, cursor: str | None) -> Page:
    """The next rows of the folder.

    Raises Unavailable where it cannot be read or a file is being written, Misconfigured where it holds too many files.
    """
    folder = surroundings.folder / config.folder
    return await asyncio.to_thread(_page, read_on, config, folder, surroundings.now(), read(cursor))


def _page(read_on: ReadOn, config: Drop, folder: Path, now: datetime, place: Place) -> Page:
    mark = _mark(config)
    stamps = {name: _stamp(mark, folder / name) for name in _names(config, folder)}
    done = {name: stamp for name, stamp in place.done.items() if stamps.get(name) == stamp}
    waiting = [name for name in stamps if name not in done and _settled(config, folder / name, now)]
    if place.file and place.file not in stamps:
        gone = BadRecord(origin=f"{place.file}:{place.spot.line}", code="csv-file-gone", original=b"")
        return Page(records=(), rejected=(gone,), cursor=written(Place(done=done)), more=bool(waiting))
    if not waiting:
        return Page(records=(), cursor=written(replace(place, done=done)), more=False)
    name = place.file if place.file in waiting else waiting[0]
    resumed = name == place.file and place.seen == stamps[name]
    spot = place.spot if resumed else Spot()
    return _carried(read_on, config, folder / name, Place(done=done, file=name, seen=stamps[name], spot=spot), more=len(waiting) > 1)


def _names(config: Drop, folder: Path) -> list[str]:
    try:
        names = sorted(entry.name for entry in folder.iterdir() if config.layout_of(entry.name) is not None)
    except OSError as error:
        raise Unavailable(f"{config.name}: the folder cannot be read: {error.strerror}") from None
    if len(names) > config.limits.files:
        raise Misconfigured("folder", f"holds more than {config.limits.files} files", "archive the oldest")
    return names


def _mark(config: Drop) -> str:
    """A digest of what a row's meaning depends on."""
    configured = config.model_dump_json(include=set(config.meaning()))
    return sha256(configured.encode()).hexdigest()[:8]


def _stamp(mark: str, path: Path) -> str:
    try:
        state = path.lstat()
    except OSError:
        return ""
    return f"{state.st_size}-{state.st_mtime_ns}-{mark}"


def _settled(config: Drop, path: Path, now: datetime) -> bool:
    # A date of change ahead of our clock is a copied one, or that of another machine's clock: it must not hold the file up until then.
    try:
        return abs(now.timestamp() - path.lstat().st_mtime) >= config.settle_seconds
    except OSError:
        return False


def _carried(read_on: ReadOn, config: Drop, path: Path, place: Place, *, more: bool) -> Page:
    try:
        chunk = read_on(config, path, place.spot)
    except Refused as refused:
        chunk = Chunk(rejected=(BadRecord(origin=f"{path.name}:1", code=refused.code, original=refused.original),), ended=True, whole=False)
    except OSError as error:
        raise Unavailable(f"{config.name}: a file cannot be read: {error.strerror}") from None
    if _stamp(_mark(config), path) != place.seen:
        raise Unavailable(f"{config.name}: a file is being written", retry_after=config.settle_seconds)
    following = Place(done={**place.done, place.file: place.seen}) if chunk.ended else replace(place, spot=chunk.spot)
    snapshot = f"{place.seen} {place.file}" if config.complete else None
    return Page(
        records=chunk.rows, rejected=chunk.rejected, cursor=written(following), more=more or not chunk.ended, snapshot=snapshot,
        ends_snapshot=config.complete and chunk.ended and chunk.whole,
    )  # fmt: skip
