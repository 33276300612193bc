"""`hub backup`, `hub restore`, `hub upgrade`: looking after a hub that runs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing as closed
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hub.cli.composition import STORE_FILE, House, closing
from hub.cli.output import Config, Json, house, say, settings
from hub.engine.migrations import HEAD, downgrade
from hub.engine.migrations import upgrade as upgrade_store
from hub.engine.restored import learn as learn_from_log
from hub.engine.sqlite import only_process
from hub.engine.watch import Watch
from hub.model.errors import Misconfigured, Unavailable

MATERIAL = ("instance.json", "ids.secret", "operator", "keys.sqlite")
NOT_BACKED_UP = ("search_term", "follower")
"""The search index, and the positions without which its follower begins anew."""
_SECRET_FOLDER, _SECRET_FILE = 0o700, 0o600


def backup(
    to: Annotated[Path, typer.Argument(help="A file (with --keys: a folder) that does not exist yet.")],
    *,
    keys: Annotated[
        bool, typer.Option("--keys", help="The hub's own material and key store instead of its store: keep it apart, for at most 7 days.")
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Copy the store (or the keys) while the hub runs; the topics are backed up by Kafka's own means."""
    if to.exists():
        raise Misconfigured(str(to), "exists already", "name a new one: a backup never overwrites another")
    with closing(house(config)) as opened:
        _whole(to, lambda part: _copy_keys(opened.settings.folder, part) if keys else _copy_store(opened, part))
    say({"written": str(to), "bytes": _size(to)}, as_json=as_json)


def _whole(to: Path, copy: Callable[[Path], None]) -> None:
    """Make the copy under another name first, so that what is there under its own is whole."""
    part = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        copy(part)
        part.rename(to)
    except (OSError, sqlite3.Error) as error:
        raise Misconfigured(str(to), f"cannot be written: {getattr(error, 'strerror', None) or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
        part.unlink(missing_ok=True)


def _copy_store(opened: House, to: Path) -> None:
    if opened.settings.postgresql:
        with opened.store.read():  # it answers, and is a hub's
            pass
        left_out = (f"--exclude-table-data={table}" for table in NOT_BACKED_UP)
        _run_postgresql("pg_dump", opened.settings.store, "--format=custom", *left_out, f"--file={to}")
    else:
        opened.store.close()
        _copy_sqlite(opened.settings.folder / STORE_FILE, to)
        _leave_out(to)


def _leave_out(copy: Path) -> None:
    """Words that people were found by would outlive their erasure in a backup; a restored hub makes them again from the log."""
    with closed(sqlite3.connect(copy, isolation_level=None)) as kept:
        for table in NOT_BACKED_UP:
            kept.execute(f"DELETE FROM {table}")  # noqa: S608 - the names below
        kept.execute("VACUUM")


def _copy_sqlite(source: Path, to: Path) -> None:
    with closed(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as kept, closed(sqlite3.connect(to)) as copy:
        kept.backup(copy)


def _copy_keys(folder: Path, to: Path) -> None:
    if not folder.is_dir():
        raise Misconfigured(str(folder), "holds no hub", "check the folder setting")
    to.mkdir(mode=_SECRET_FOLDER)
    for name in MATERIAL:
        source = folder / name
        if source.is_dir():
            shutil.copytree(source, to / name)
        elif source.suffix == ".sqlite" and source.exists():
            _copy_sqlite(source, to / name)
            (to / name).chmod(_SECRET_FILE)
        elif source.exists():
            shutil.copy2(source, to / name)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def restore(
    source: Annotated[Path, typer.Argument(help="What `hub backup` wrote: the keys first, if they are gone too.")],
    *,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Put a backed-up store (or keys) in the place of what is gone; the hub then reads on in the log from where the backup stood."""
    if not source.exists():
        raise Misconfigured(str(source), "is not there")
    found = settings(config)
    if source.is_dir():
        _absent(found.folder)
        found.folder.parent.mkdir(parents=True, exist_ok=True)
        _whole(found.folder, lambda part: _copy_keys(source, part))
    elif found.postgresql:
        with _empty(found.store):
            _run_postgresql("pg_restore", found.store, "--no-owner", "--exit-on-error", "--single-transaction", str(source))
    else:
        _absent(found.folder / STORE_FILE)
        _whole(found.folder / STORE_FILE, lambda part: _copy_sqlite(source, part))
    say({"restored": str(source), "then": "hub up" if source.is_dir() else "hub learn"}, as_json=as_json)


def learn(*, config: Config = None, as_json: Json = False) -> None:
    """After a restore, before `hub up`: learn from the log what was said since the backup, so that nobody is told it again."""
    with closing(house(config, kafka=True)) as opened:
        lock = None if opened.settings.postgresql else only_process(opened.settings.folder)
        say({"learned": learned(opened)}, as_json=as_json)
        if lock is not None:
            lock.close()


def learned(opened: House) -> int:
    """How many records the log has that this store does not remember; from now on it knows of them."""
    watch = Watch(kafka=opened.kafka, group="learn")
    try:
        return learn_from_log(opened.store, watch, opened.kafka, opened.contracts)
    finally:
        watch.close()


def _absent(place: Path) -> None:
    if place.exists():
        raise Misconfigured(str(place), "exists", "move it away first: a restore never overwrites anything")


@contextmanager
def _empty(address: str) -> Iterator[None]:
    """The database has no hub's tables; raises Unavailable where it does not answer."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            found = connection.execute("SELECT to_regclass('instance')").fetchone()
    except psycopg.OperationalError as error:
        raise Unavailable(f"PostgreSQL store: {type(error).__name__}") from None
    if found != (None,):
        raise Misconfigured("store", "is not empty", "name an empty database: a restore never overwrites a store")
    yield


def _run_postgresql(program: str, address: str, *options: str) -> None:
    """One of PostgreSQL's own programs; the password goes by the environment, which no list of processes shows."""
    parts = conninfo_to_dict(address)
    password = str(parts.pop("password", ""))
    command = (program, f"--dbname={make_conninfo('', **parts)}", "--no-password", *options)
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | {"PGPASSWORD": password})  # noqa: S603 - fixed programs, paths of the operator's own
    except FileNotFoundError:
        raise Misconfigured(program, "is not installed", "install PostgreSQL's client programs") from None
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip().splitlines()
        raise Unavailable(said[0] if said else f"{program} ended with {error.returncode}") from None


def upgrade(
    *,
    back_to: Annotated[str | None, typer.Option("--back-to", help="Take the store back to this revision instead.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Bring the store's schema to this release's, while no hub runs on it; take a backup first."""
    opened = house(config)
    lock = None if opened.settings.postgresql else only_process(opened.settings.folder)
    if back_to is None:
        upgrade_store(opened.store_url)
    else:
        downgrade(opened.store_url, back_to)
    if lock is not None:
        lock.close()
    say({"schema": back_to or HEAD}, as_json=as_json)
