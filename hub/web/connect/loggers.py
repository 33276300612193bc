"""How much this process says in its log, by logger and level as Kafka Connect names them; `root` is what the hub itself says, too."""

import logging
from datetime import datetime
from typing import Any

from hub import logs

ROOT = "root"
LEVELS = {"OFF": 60, "FATAL": logging.CRITICAL, "ERROR": logging.ERROR, "WARN": logging.WARNING, "INFO": logging.INFO,
          "DEBUG": logging.DEBUG, "TRACE": 5}  # fmt: skip
"""Connect's names and what they are here; what is fatal the hub says even where its log is off."""


class Loggers:
    """The loggers of this process, and when their levels were changed."""

    def __init__(self) -> None:
        self._changed: dict[str, datetime] = {}

    def listed(self) -> dict[str, dict[str, Any]]:
        """Every logger there is, with its level in force."""
        return {name: self._said(name) for name in sorted([ROOT, *_known()])}

    def find(self, name: str) -> dict[str, Any] | None:
        """One logger; None where there is none."""
        return self._said(name) if name == ROOT or name in _known() else None

    def change(self, name: str, level: str, now: datetime) -> list[str]:
        """Set the level of a logger and of those below it; gives their names. One that is not there yet begins with it."""
        below = [each for each in _known() if name == ROOT or each.startswith(f"{name}.")]
        for each in (name, *below):
            if each == ROOT:
                logs.speak_from(LEVELS[level])
            else:
                logging.getLogger(each).setLevel(LEVELS[level])
            self._changed[each] = now
        return sorted({name, *below})

    def _said(self, name: str) -> dict[str, Any]:
        number = logging.getLogger(None if name == ROOT else name).getEffectiveLevel()
        level = next((known for known, least in LEVELS.items() if number >= least), "TRACE")
        changed = self._changed.get(name)
        return {"level": level, "last_modified": int(changed.timestamp() * 1000) if changed else None}


def _known() -> list[str]:
    return [name for name, each in list(logging.root.manager.loggerDict.items()) if isinstance(each, logging.Logger)]
