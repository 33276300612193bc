"""`hub backup`, `hub restore`, `hub upgrade`, `hub config`: looking after a hub that runs."""

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.composition import STORE_FILE, House, closing
from hub.cli.output import Config, Json, house, say, settings
from hub.engine.migrations import downgrade
from hub.engine.migrations import upgrade as upgrade_store
from hub.model.errors import Misconfigured, Unavailable
from hub.settings import Settings

config_app = typer.Typer(help="What is set, and what each setting means.", no_args_is_help=True)

MATERIAL = ("instance.json", "ids.secret", "operator", "keys.sqlite")


def backup(
    to: Annotated[Path, typer.Argument(help="A file that does not exist yet.")],
    *,
    keys: Annotated[
        bool, typer.Option(help="The hub's own material and key store instead of its store: keep it apart, for at most 7 days.")
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Copy the store (or the keys) while the hub runs; the topics are backed up by Kafka's own means."""
    if to.exists():
        raise Misconfigured(str(to), "exists already", "name a new file: a backup never overwrites another")
    with closing(house(config)) as opened:
        _copy_keys(opened.settings, to) if keys else _copy_store(opened, to)
    say({"written": str(to), "bytes": _size(to)}, as_json=as_json)


def _copy_store(opened: House, to: Path) -> None:
    if opened.settings.postgresql:
        _run("pg_dump", "--format=custom", f"--file={to}", opened.settings.store)
        return
    with sqlite3.connect(opened.settings.folder / STORE_FILE) as source, sqlite3.connect(to) as target:
        source.backup(target)


def _copy_keys(found: Settings, to: Path) -> None:
    to.mkdir(mode=0o700)
    for name in MATERIAL:
        source = found.folder / name
        if name.endswith(".sqlite"):
            with sqlite3.connect(source) as keys, sqlite3.connect(to / name) as target:
                keys.backup(target)
            (to / name).chmod(0o600)
        elif source.is_dir():
            shutil.copytree(source, to / name)
        elif source.exists():
            shutil.copy2(source, to / name)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def restore(
    source: Annotated[Path, typer.Argument(help="What `hub backup` wrote.")], *, config: Config = None, as_json: Json = False
) -> None:
    """Put a backed-up store in the place of one that is gone; the hub then reads on in the log from where the backup stood."""
    found = settings(config)
    if found.postgresql:
        _run("pg_restore", "--no-owner", f"--dbname={found.store}", str(source))
    else:
        place = found.folder / STORE_FILE
        if place.exists():
            raise Misconfigured(str(place), "exists", "move it away first: a restore never overwrites a store")
        with sqlite3.connect(source) as kept, sqlite3.connect(place) as target:
            kept.backup(target)
    say({"restored": str(source)}, as_json=as_json)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed programs, paths of the operator's own
    except FileNotFoundError:
        raise Misconfigured(command[0], "is not installed", "install PostgreSQL's client programs") from None
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"{command[0]} ended with {error.returncode}") from None


def upgrade(
    *, back_to: Annotated[str | None, typer.Option("--back-to", help="Take the store back to this revision instead.")] = None,
    config: Config = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Bring the store's schema to this release's; take a backup first."""
    opened = house(config)
    downgrade(opened.store_url, back_to) if back_to else upgrade_store(opened.store_url)
    say({"store": "upgraded" if back_to is None else f"at {back_to}"}, as_json=as_json)


@config_app.command("show")
def show(*, config: Config = None, as_json: Json = False) -> None:
    """What is in force, secrets left out."""
    values = settings(config).model_dump(mode="json")
    values["kafka"]["security"] = {name: "…" if "password" in name else value for name, value in values["kafka"]["security"].items()}
    values["store"] = "PostgreSQL" if str(values["store"]).startswith("postgres") else "SQLite"
    say(values, as_json=as_json)


@config_app.command("check")
def check(*, config: Config = None, as_json: Json = False) -> None:
    """Whether the settings can be read; exit 2 with key, file, line and what was meant if not."""
    settings(config)
    say({"ok": True}, as_json=as_json, sentence="the settings are in order")


@config_app.command("explain")
def explain(key: Annotated[str, typer.Argument(help="For example kafka.replication_factor.")], *, as_json: Json = False) -> None:
    """What one setting means, its type and its default."""
    model: Any = Settings
    for part in key.split(".")[:-1]:
        model = getattr(model.model_fields.get(part), "annotation", None)
    field = getattr(model, "model_fields", {}).get(key.split(".")[-1])
    if field is None:
        raise Misconfigured(key, "is not a setting", "hub config show prints them all")
    say({"key": key, "means": field.description, "type": str(field.annotation), "default": str(field.default)}, as_json=as_json)
