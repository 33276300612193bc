"""One module per outside system; `KINDS` names every kind of source there is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors import csv_drop, open311
from connectors.configuration import Configuration, checked, load_document
from connectors.surroundings import Surroundings
from hub.model.connector import Source
from hub.model.errors import Misconfigured

__all__ = ["CONFIG", "KINDS", "Kind", "Surroundings", "load"]

CONFIG = Path(__file__).parent / "config"
"""The configurations that ship with the hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of source: the `kind:` of its YAML, what the rest must look like, and how it becomes a source."""

    name: str
    config: type[Configuration]
    source: Callable[[Any, Surroundings], Source]


KINDS: tuple[Kind, ...] = (
    Kind(name="csv_drop", config=csv_drop.CsvDrop, source=csv_drop.source),
    Kind(name="open311", config=open311.Open311, source=open311.source),
)


def load(path: Path, surroundings: Surroundings, **instead: Any) -> Source:
    """The source described by a YAML file, with some settings given instead; raises Misconfigured with file, line and what was meant."""
    document = load_document(path)
    kind = next((kind for kind in KINDS if kind.name == document.get("kind")), None)
    if kind is None:
        raise Misconfigured(f"{path}: kind", "is not a kind of source", f"one of {', '.join(kind.name for kind in KINDS)}")
    document.update(instead)
    return kind.source(checked(path, document, kind.config), surroundings)
