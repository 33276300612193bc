"""From a connector's document to its source: secrets looked up last, its settings checked, its transformations put before `translate`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors import Configured
from connectors.surroundings import Surroundings
from hub.configuration import checked
from hub.connect.flat import CHAINS
from hub.connect.kinds import find_kind, framework
from hub.connect.secrets import PLACEHOLDER, Secrets
from hub.connect.transformations import Tools
from hub.connect.transforms import chain_in, transformed
from hub.model.errors import Misconfigured

NO_TOOLS = Tools()


def built(
    document: Mapping[str, Any], where: Path, surroundings: Surroundings, secrets: Secrets | None = None, tools: Tools = NO_TOOLS
) -> Configured:
    """The source that a document describes; raises Misconfigured with the setting at fault and, of a file, its line."""
    try:
        kind = find_kind(str(document.get("kind")))
        chain = chain_in(document, tools)
    except Misconfigured as fault:
        raise Misconfigured(f"{where}: {fault.key}", fault.why, fault.mend) from None
    config = checked(where, own_settings(document, secrets or Secrets()), kind.config)
    source = transformed(kind.source(config, surroundings), chain)
    return Configured(source=source, every_seconds=config.every_seconds, most_per_second=config.most_per_second)


def own_settings(document: Mapping[str, Any], secrets: Secrets) -> Mapping[str, Any]:
    """What of a document the kind of source is to read, secrets looked up; a document that is all that keeps its lines."""
    own = document
    if any(name in CHAINS or framework(name, value) for name, value in document.items()):
        own = {name: value for name, value in document.items() if name not in CHAINS and not framework(name, value)}
    resolved: Mapping[str, Any] = secrets.resolved(own) if PLACEHOLDER.search(repr(own)) else own
    return resolved
