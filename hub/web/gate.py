"""Before and behind the application: who may be addressed, how much may be sent, what every answer carries, and what becomes of a bug."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException

from hub.web.problems import problem

MOST_BYTES = 64 * 1024
_ADDRESSED = frozenset({"localhost", "127.0.0.1", "::1"})
_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
"""What every answer carries, if it does not say otherwise itself: a page names what its browser may load, a style sheet may be kept."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Gate:
    """Wraps an ASGI application.

    A page of another site that has its name resolve to this machine still names its own host: such a request is turned away.
    """

    def __init__(self, app: Application) -> None:
        self._app, self._log = app, structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        gone_out = _Started(send)
        try:
            await self._let_through(scope, receive, gone_out)
        except Exception as error:  # noqa: BLE001 - the last resort: say where, never what
            self._log.error("request failed", exc_info=error)
            if not gone_out.started:
                await problem(500, "bug", "The hub failed. What happened is in its log.")(scope, receive, gone_out)

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if _host(headers.get(b"host", b"")) not in _ADDRESSED:
            await problem(421, "misdirected", "This hub is addressed as localhost.")(scope, receive, send)
        elif _length(headers.get(b"content-length", b"")) > MOST_BYTES:
            await problem(413, "too-large", "The body is larger than 64 kB.")(scope, receive, send)
        else:
            await self._app(scope, _counted(receive), send)


class _Started:
    """Sends, adds what every answer carries, and knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send, self.started = send, False

    async def __call__(self, message: Scope) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            said = {name.lower() for name, _ in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(each for each in _ALWAYS if each[0] not in said)]}
        await self._send(message)


def _counted(receive: Receive) -> Receive:
    read = 0

    async def counting() -> Scope:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BYTES:
            raise HTTPException(413)
        return message

    return counting


def _host(header: bytes) -> str:
    text = header.decode("latin-1").lower()
    return text[1:].partition("]")[0] if text.startswith("[") else text.rpartition(":")[0] or text


def _length(header: bytes) -> int:
    return int(header) if header.isdigit() and len(header) < 10 else (MOST_BYTES + 1 if header else 0)  # noqa: PLR2004 - digits
