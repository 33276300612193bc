"""Whole files that somebody drops into a folder: which one is read next, and when it counts as read.

The cursor remembers each file that was read by size and time of last change, and forgets files that have left the folder. So a file that
is overwritten is read again; what it said before is no event. Nothing here moves, changes or deletes a file.
"""

import asyncio
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

import orjson
from pydantic import Field

from connectors.vocabulary import Connection
from hub.model.errors import Misconfigured, Unavailable

MOST_BYTES = 16 * 1024 * 1024


class FileDrop(Connection):
    """A folder of files, each read whole once nobody has written to it for `settle_seconds`, in order of name."""

    folder: Path
    pattern: str
    settle_seconds: float = Field(default=5, ge=0)
    most_files: int = Field(default=10_000, gt=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One file: its name, and its bytes or the code that says why they were not read."""

    name: str
    body: bytes
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What comes next of a folder: a file or none, the cursor that follows it, and whether more is waiting."""

    file: Dropped | None
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFiles:
    """What comes next of a folder, several files at once."""

    files: tuple[Dropped, ...]
    cursor: str
    more: bool


async def next_files(config: FileDrop, folder: Path, now: datetime, cursor: str | None, at_once: int) -> NextFiles:
    """The next files, at most so many; raises as `next_file` does. The folder is looked through once for all of them."""
    return await asyncio.to_thread(_several, config, folder, now, _read(cursor), at_once)


async def next_file(config: FileDrop, folder: Path, now: datetime, cursor: str | None) -> Next:
    """The next file; raises Unavailable where one cannot be read or is being written, Misconfigured where there are too many."""
    return await asyncio.to_thread(_next, config, folder, now, _read(cursor))


def _next(config: FileDrop, folder: Path, now: datetime, done: Mapping[str, str]) -> Next:
    found = _several(config, folder, now, done, 1)
    return Next(file=found.files[0] if found.files else None, cursor=found.cursor, more=found.more)


def _several(config: FileDrop, folder: Path, now: datetime, done: Mapping[str, str], at_once: int) -> NextFiles:
    stamps = {name: _stamp(folder / name) for name in _names(config, folder)}
    still = {name: stamp for name, stamp in done.items() if stamps.get(name) == stamp}
    waiting = [name for name in stamps if name not in still and _settled(config, folder / name, now)]
    chosen = waiting[:at_once]
    files = tuple(_opened(folder / name) for name in chosen)
    if any(_stamp(folder / name) != stamps[name] for name in chosen):
        raise Unavailable(f"{config.name}: a file is being written", retry_after=config.settle_seconds)
    cursor = _written({**still, **{name: stamps[name] for name in chosen}})
    return NextFiles(files=files, cursor=cursor, more=len(waiting) > len(chosen))


def _names(config: FileDrop, folder: Path) -> list[str]:
    try:
        names = sorted(entry.name for entry in folder.iterdir() if fnmatchcase(entry.name, config.pattern))
    except OSError as error:
        raise Unavailable(f"{config.name}: the folder cannot be read: {error.strerror}") from None
    if len(names) > config.most_files:
        raise Misconfigured("folder", f"holds more than {config.most_files} files", "archive the oldest")
    return names


def _opened(path: Path) -> Dropped:
    try:
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode):
            return Dropped(name=path.name, body=b"", fault="file-not-a-file")
        if state.st_size > MOST_BYTES:
            return Dropped(name=path.name, body=b"", fault="file-too-large")
        return Dropped(name=path.name, body=path.read_bytes())
    except OSError as error:
        raise Unavailable(f"a dropped file cannot be read: {error.strerror}") from None


def _settled(config: FileDrop, path: Path, now: datetime) -> bool:
    # A date of change ahead of our clock is another machine's: it must not hold the file up until then.
    try:
        return abs(now.timestamp() - path.lstat().st_mtime) >= config.settle_seconds
    except OSError:
        return False


def _stamp(path: Path) -> str:
    try:
        state = path.lstat()
    except OSError:
        return ""
    return f"{state.st_size}-{state.st_mtime_ns}"


def _read(cursor: str | None) -> dict[str, str]:
    """The files done with; none for a cursor that cannot be read, so that nothing is lost."""
    try:
        done = orjson.loads(cursor) if cursor else {}
    except orjson.JSONDecodeError:
        return {}
    return done if isinstance(done, dict) else {}


def _written(done: Mapping[str, str]) -> str:
    return orjson.dumps(done, option=orjson.OPT_SORT_KEYS).decode()
