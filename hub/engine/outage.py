"""A role that waits for something outside says so once, says what, and says when it goes on."""

from dataclasses import dataclass

import structlog

from hub.model.errors import Unavailable


@dataclass(slots=True)
class Outage:
    """What one role waits for; nothing while it works."""

    role: str
    _what: str = ""

    def began(self, why: Unavailable) -> None:
        """It waits: said when it begins to, and when the cause becomes another."""
        if why.what != self._what:
            structlog.get_logger().warning("waiting", role=self.role, exc_info=why)
            self._what = why.what

    def over(self) -> None:
        """It works."""
        if self._what:
            structlog.get_logger().warning("goes on", role=self.role)
            self._what = ""
