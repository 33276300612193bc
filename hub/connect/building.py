"""From a connector's document to its source: secrets looked up last, its settings checked, its transformations put before `translate`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors import KINDS, Configured, Kind
from connectors.surroundings import Surroundings
from hub.configuration import checked
from hub.connect.secrets import PLACEHOLDER, Secrets
from hub.model.errors import Misconfigured

FRAMEWORK = {"tasks": {"max"}}
"""What Kafka Connect's tools always send: a source here is one task, whatever the most may be."""


def kind_of(document: Mapping[str, Any], where: Path) -> Kind:
    """The kind of source that a document is of; raises Misconfigured where there is none such."""
    found = next((kind for kind in KINDS if kind.name == document.get("kind")), None)
    if found is None:
        raise Misconfigured(f"{where}: kind", "is not a kind of source", f"one of {', '.join(kind.name for kind in KINDS)}")
    return found


def built(document: Mapping[str, Any], where: Path, surroundings: Surroundings, secrets: Secrets | None = None) -> Configured:
    """The source that a document describes; raises Misconfigured with the setting at fault and, of a file, its line."""
    kind = kind_of(document, where)
    config = checked(where, own_settings(document, secrets or Secrets()), kind.config)
    source = kind.source(config, surroundings)
    return Configured(source=source, every_seconds=config.every_seconds, most_per_second=config.most_per_second)


def own_settings(document: Mapping[str, Any], secrets: Secrets) -> Mapping[str, Any]:
    """What of a document the kind of source is to read, secrets looked up; a document without any keeps its lines."""
    own = document
    if any(name in FRAMEWORK for name in document):
        own = {name: each for name, each in document.items() if set(each if isinstance(each, Mapping) else ()) != FRAMEWORK.get(name)}
    resolved: Mapping[str, Any] = secrets.resolved(own) if PLACEHOLDER.search(repr(own)) else own
    return resolved
