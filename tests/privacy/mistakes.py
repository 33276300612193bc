"""Errors that hold the value they stumbled over: what goes wrong in a hub, provoked with one person's number."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fastavro
import fastavro.validation
from lxml import etree
from pydantic import BaseModel
from ruamel.yaml import YAML

SECRET = "QQ123456C"


class Status(StrEnum):
    OPEN = "OPEN"


class Form(BaseModel):
    age: int


@dataclass(frozen=True)
class Careless:
    """A record whose repr shows what it holds."""

    name: str


SCHEMA: Any = fastavro.parse_schema({"type": "record", "name": "R", "fields": [{"name": "age", "type": "int"}]})


def _sql(text: str) -> None:
    db = sqlite3.connect(":memory:")
    try:
        db.execute(text)
    finally:
        db.close()


def _of_another() -> None:
    try:
        MISTAKES["key"]()
    except KeyError as error:
        raise LookupError(f"nobody is called {SECRET}") from error


def _group() -> None:
    raise ExceptionGroup(f"about {SECRET}", [ValueError(SECRET), KeyError(SECRET)])


def _noted() -> None:
    error = RuntimeError("went wrong")
    error.add_note(f"while reading {SECRET}")
    raise error


def _asserted() -> None:
    raise AssertionError(Careless(SECRET))


MISTAKES: Mapping[str, Callable[[], Any]] = {
    "int": lambda: int(SECRET),
    "float": lambda: float(SECRET),
    "pydantic": lambda: Form(age=SECRET),  # type: ignore[arg-type]  # that is the mistake
    "fastavro validate": lambda: fastavro.validation.validate({"age": SECRET}, SCHEMA),
    "decode": lambda: f"{SECRET}\xff".encode("latin-1").decode("utf-8"),
    "encode": f"{SECRET}\ud800".encode,
    "json": lambda: json.loads(f"[{SECRET}"),
    "key": lambda: {"": ""}[SECRET],
    "date": lambda: datetime.fromisoformat(SECRET),
    "strptime": lambda: datetime.strptime(SECRET, "%Y-%m-%d"),  # noqa: DTZ007  # it never gets so far
    "enumeration": lambda: Status(SECRET),
    "sql": lambda: _sql(f"SELECT name FROM {SECRET}"),
    "file": lambda: Path(f"/nowhere/{SECRET}").read_bytes(),
    "lxml": lambda: etree.fromstring(f"<{SECRET}>"),
    "yaml": lambda: YAML(typ="safe", pure=True).load(f"name: '{SECRET}\n  : ["),
    "attribute": lambda: getattr(Status.OPEN, SECRET),
    "zone": lambda: ZoneInfo(SECRET),
    "address": lambda: ip_address(SECRET),
    "of another": _of_another,
    "group": _group,
    "note": _noted,
    "assertion": _asserted,
}
