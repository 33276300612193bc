"""Secrets as KIP-297 writes them, `${env:NAME}` and `${file:/path:key}`: looked up last, when a source is made, and kept nowhere.

What is stored, listed and described is the text with the placeholder. A file holds lines of `key=value`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.model.errors import Misconfigured

PLACEHOLDER = re.compile(r"\$\{(env|file):([^}]*)\}")
_ANY = re.compile(r"\$\{([a-zA-Z]+):[^}]*\}")
HIDDEN = "…"


@dataclass(slots=True)
class Secrets:
    """Looks placeholders up, and knows afterwards what must not be shown."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    _known: set[str] = field(default_factory=set, repr=False)

    def resolved(self, value: Any, key: str = "") -> Any:
        """The value with every placeholder in it looked up; raises Misconfigured with the setting's name and never with a value."""
        if isinstance(value, Mapping):
            return {name: self.resolved(each, f"{key}.{name}" if key else str(name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self.resolved(each, f"{key}[{number}]") for number, each in enumerate(value)]
        return PLACEHOLDER.sub(lambda found: self._looked_up(key, found[1], found[2]), value) if isinstance(value, str) else value

    def hide(self, text: str) -> str:
        """The text without anything that was looked up."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def _looked_up(self, key: str, where: str, name: str) -> str:
        found = self._of_environment(key, name) if where == "env" else _of_file(key, name)
        if found:
            self._known.add(found)
        return found

    def _of_environment(self, key: str, name: str) -> str:
        if name not in self.environment:
            raise Misconfigured(key, f"the environment has no {name}", "set it for the process of the hub")
        return self.environment[name]


def _of_file(key: str, place: str) -> str:
    path, _, name = place.rpartition(":")
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(key, f"the file of secrets {path or place} cannot be read", "${file:/path:key}") from None
    for line in lines:
        before, equals, after = line.partition("=")
        if equals and before.strip() == name and not line.lstrip().startswith(("#", "!")):
            return after.strip()
    raise Misconfigured(key, f"the file of secrets {path} has no {name}", "one line of it: key=value")


def unknown_providers(text: str) -> list[str]:
    """The providers that a text names and nobody here knows."""
    return [name for name in _ANY.findall(text) if name not in ("env", "file")]
