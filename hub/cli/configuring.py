"""`hub config`: what is set, what each setting means, and whether all of it can be read."""

from typing import Annotated, Any, get_args, get_origin
from urllib.parse import urlsplit

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hub.cli.output import Config, Json, say, settings
from hub.model.errors import Misconfigured
from hub.settings import Settings, load

app = typer.Typer(help="What is set, and what each setting means.", no_args_is_help=True)

_SECRET = ("password", "secret", "pem", "key.", "token", "jaas", "username")


@app.command()
def show(*, config: Config = None, as_json: Json = False) -> None:
    """What is in force, secrets left out."""
    values = _masked(settings(config).model_dump(mode="json"))
    values["store"] = _where(values["store"]) or "SQLite in the folder"
    values["keys"] = _where(values["keys"]) or "a file in the folder"
    for each in values["webhooks"].values():
        each["url"] = f"https://{urlsplit(each['url']).netloc}/…"  # partners put tokens into paths
    say(values if as_json else dict(_flat("", values)), as_json=as_json)


def _masked(values: dict[str, Any]) -> dict[str, Any]:
    """Without whatever is named as a secret is, at any depth."""
    return {name: "…" if each and any(part in name for part in _SECRET) else _masked_in(each) for name, each in values.items()}


def _masked_in(value: Any) -> Any:
    return _masked(value) if isinstance(value, dict) else value


def _where(address: str) -> str:
    """Where a database is, without who signs in to it and how."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if address else ""


def _flat(before: str, values: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        nested = isinstance(value, dict) and value
        found += _flat(f"{before}{name}.", value) if nested else [(f"{before}{name}", "" if value in (None, {}) else value)]
    return found


@app.command()
def check(*, config: Config = None, as_json: Json = False) -> None:
    """Whether the settings can be read; exit 2 with key, file, line and what was meant if not."""
    load(config)
    say({"ok": True}, as_json=as_json, sentence="the settings are in order")


@app.command()
def explain(key: Annotated[str, typer.Argument(help="For example kafka.replication_factor.")], *, as_json: Json = False) -> None:
    """What one setting means, its type and its default."""
    field = _field(key)
    if field is None:
        raise Misconfigured(key, "is not a setting", "hub config show prints them all")
    default = "" if isinstance(field.default, BaseModel) or field.default in (None, {}) else field.default
    means = " ".join((field.description or str(getattr(field.annotation, "__doc__", ""))).split())
    say({"key": key, "means": means, "type": type_of(field.annotation), "default": default}, as_json=as_json)


def _field(key: str) -> FieldInfo | None:
    model: Any = Settings
    *groups, last = key.split(".")
    for part in groups:
        group = getattr(model, "model_fields", {}).get(part)
        model = group.annotation if group is not None else None
    return getattr(model, "model_fields", {}).get(last)


def type_of(annotation: Any) -> str:
    """A setting's type, in words."""
    if get_origin(annotation) is dict:
        return "names with their values"
    options = [each for each in get_args(annotation) if each is not type(None)]
    if options:
        return " or ".join(each if isinstance(each, str) else type_of(each) for each in options)
    return "a group of settings" if issubclass(annotation, BaseModel) else str(annotation.__name__)
