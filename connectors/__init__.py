"""One module per outside system; `KINDS` names every kind of source there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import create_model

from connectors import csv_drop, dwp_changes, excel_drop, gazetteer, gro_deaths, http_intake, notify, one_login_signals, open311, sql_rows
from connectors.rows import MEANINGS
from connectors.surroundings import Surroundings
from connectors.vocabulary import Connection
from hub.configuration import checked, load_document
from hub.model.connector import Source
from hub.model.errors import Misconfigured

__all__ = ["CONFIG", "KINDS", "TEMPLATES", "Configured", "Kind", "Surroundings", "load_config", "load_source"]

CONFIG = Path(__file__).parent / "config"
"""The configurations that ship with the hub."""
TEMPLATES = Path(__file__).parent / "templates"
"""What `hub connector new` begins from: for a kind of source a configuration with its tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of source: the `kind:` of its YAML, what the rest must look like, and how it becomes a source."""

    name: str
    config: type[Connection]
    source: Callable[[Any, Surroundings], Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A source, and how it is to be asked."""

    source: Source
    every_seconds: float
    most_per_second: float | None


def _row_kinds(prefix: str, brings: type[Connection], source: Callable[[Any, Surroundings], Source]) -> Iterator[Kind]:
    """One kind for each thing that rows can tell of, all brought in the same way."""
    for name, meaning in MEANINGS.items():
        kind = f"{prefix}_{name}"
        named: dict[str, Any] = {"kind": (Literal[kind], ...)}
        config: Any = create_model(kind, __base__=(meaning, brings), __doc__=meaning.__doc__, **named)
        yield Kind(name=kind, config=config, source=source)


KINDS: tuple[Kind, ...] = (
    Kind(name="csv_drop", config=csv_drop.CsvDrop, source=csv_drop.source),
    Kind(name="csv_facts", config=csv_drop.CsvFacts, source=csv_drop.source),
    Kind(name="csv_participants", config=csv_drop.CsvParticipants, source=csv_drop.source),
    Kind(name="csv_people", config=csv_drop.CsvPeople, source=csv_drop.source),
    Kind(name="dwp_changes", config=dwp_changes.DwpChanges, source=dwp_changes.source),
    *_row_kinds("excel", excel_drop.ExcelFiles, excel_drop.source),
    Kind(name="gazetteer", config=gazetteer.GazetteerFiles, source=gazetteer.source),
    Kind(name="gro_deaths", config=gro_deaths.GroDeaths, source=gro_deaths.source),
    *_row_kinds("http", http_intake.HttpRows, http_intake.source),
    Kind(name="notify_callbacks", config=notify.NotifyCallbacks, source=notify.callbacks),
    Kind(name="notify_statuses", config=notify.NotifyStatuses, source=notify.statuses),
    Kind(name="one_login_signals", config=one_login_signals.OneLoginSignals, source=one_login_signals.source),
    Kind(name="open311", config=open311.Open311, source=open311.source),
    *_row_kinds("sql", sql_rows.SqlRows, sql_rows.source),
)


def load_source(path: Path, surroundings: Surroundings, **instead: Any) -> Configured:
    """The source described by a YAML file, with some settings given instead; raises Misconfigured with file and line."""
    kind, config = load_config(path, **instead)
    source = kind.source(config, surroundings)
    return Configured(source=source, every_seconds=config.every_seconds, most_per_second=config.most_per_second)


def load_config(path: Path, **instead: Any) -> tuple[Kind, Connection]:
    """What a YAML file declares, and of which kind it is; raises as `load_source` does."""
    document = load_document(path)
    kind = next((kind for kind in KINDS if kind.name == document.get("kind")), None)
    if kind is None:
        raise Misconfigured(f"{path}: kind", "is not a kind of source", f"one of {', '.join(kind.name for kind in KINDS)}")
    document.update(instead)
    return kind, checked(path, document, kind.config)
