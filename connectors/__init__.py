"""One module per outside system; `KINDS` names every kind of source there is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors import csv_drop, dwp_changes, gazetteer, gro_deaths, one_login_signals, open311
from connectors.surroundings import Surroundings
from connectors.vocabulary import Connection
from hub.configuration import checked, load_document
from hub.model.connector import Source
from hub.model.errors import Misconfigured

__all__ = ["CONFIG", "KINDS", "Configured", "Kind", "Surroundings", "load_source"]

CONFIG = Path(__file__).parent / "config"
"""The configurations that ship with the hub."""


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


KINDS: tuple[Kind, ...] = (
    Kind(name="csv_drop", config=csv_drop.CsvDrop, source=csv_drop.source),
    Kind(name="csv_facts", config=csv_drop.CsvFacts, source=csv_drop.facts_source),
    Kind(name="csv_participants", config=csv_drop.CsvParticipants, source=csv_drop.participants_source),
    Kind(name="csv_people", config=csv_drop.CsvPeople, source=csv_drop.people_source),
    Kind(name="dwp_changes", config=dwp_changes.DwpChanges, source=dwp_changes.source),
    Kind(name="gazetteer", config=gazetteer.GazetteerFiles, source=gazetteer.source),
    Kind(name="gro_deaths", config=gro_deaths.GroDeaths, source=gro_deaths.source),
    Kind(name="one_login_signals", config=one_login_signals.OneLoginSignals, source=one_login_signals.source),
    Kind(name="open311", config=open311.Open311, source=open311.source),
)


def load_source(path: Path, surroundings: Surroundings, **instead: Any) -> Configured:
    """The source described by a YAML file, with some settings given instead; raises Misconfigured with file and line."""
    document = load_document(path)
    kind = next((kind for kind in KINDS if kind.name == document.get("kind")), None)
    if kind is None:
        raise Misconfigured(f"{path}: kind", "is not a kind of source", f"one of {', '.join(kind.name for kind in KINDS)}")
    document.update(instead)
    config = checked(path, document, kind.config)
    source = kind.source(config, surroundings)
    return Configured(source=source, every_seconds=config.every_seconds, most_per_second=config.most_per_second)
