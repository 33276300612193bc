"""Which requests were answered: by their routes, never by their addresses."""

from collections.abc import Callable, MutableMapping
from time import monotonic
from typing import Any

import structlog

Scope = MutableMapping[str, Any]
Channel = Callable[..., Any]


class AccessLog:
    """Logs every answered request of an ASGI application by its route ("/v1/cases/{id}"): a path itself may name a person."""

    def __init__(self, app: Callable[[Scope, Channel, Channel], Any]) -> None:
        self._app, self._log = app, structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        """Passes everything through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = monotonic(), 500

        async def noting(message: Scope) -> None:
            nonlocal status
            status = int(message.get("status", status))
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "/-")
            self._log.info("answered", method=scope["method"], route=route, status=status, seconds=round(monotonic() - began, 4))
