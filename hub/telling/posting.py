"""One POST over TLS to an address that was checked: no redirection, no proxy, no cookie, and never longer than its limit."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from time import monotonic

from hub.telling.address import Target
from hub.telling.endpoint import Answer


def look_up(host: str, port: int) -> Sequence[str]:
    """What the machine's own resolver says; raises OSError or UnicodeError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def trusting(authority: str | None = None) -> ssl.SSLContext:
    """TLS 1.2 or later, the host's name checked against the authorities of this machine, or against this one alone."""
    made = ssl.create_default_context(cafile=authority)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


class _Connection(HTTPSConnection):
    """A connection to addresses that are given, in the name of the host; `cut` ends it from another thread."""

    def __init__(self, target: Target, addresses: Sequence[str], trust: ssl.SSLContext, limit: float) -> None:
        super().__init__(target.host, target.port, timeout=limit, context=trust)
        self._addresses = addresses
        self._trust = trust
        self._ends = monotonic() + limit
        self._raw: socket.socket | None = None

    def connect(self) -> None:
        """To the first address that takes it."""
        for left, address in zip(range(len(self._addresses) - 1, -1, -1), self._addresses, strict=True):
            try:
                self._raw = socket.create_connection((address, self.port), timeout=self._left() / (left + 1))
                break
            except OSError:
                if left == 0:
                    raise
        assert self._raw is not None, "there is no connection without an address"  # noqa: S101 - says so to the type checker too
        self._raw.settimeout(self._left())
        self._raw = self.sock = self._trust.wrap_socket(self._raw, server_hostname=self.host)

    def cut(self) -> None:
        """Its time is over: whoever reads or writes gets an error."""
        if self._raw is not None:
            try:
                socket.socket.shutdown(self._raw, socket.SHUT_RDWR)
            except OSError:
                return  # it had ended by itself

    def _left(self) -> float:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def post(
    where: Target, addresses: Sequence[str], body: bytes, headers: Mapping[str, str], *, trust: ssl.SSLContext, now: datetime, limit: float
) -> Answer:
    """Post it, and say what was answered within so many seconds; of the answer only status and Retry-After are read."""
    connection = _Connection(where, addresses, trust, limit)
    watch, began = Timer(limit, connection.cut), monotonic()
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", where.path, body, dict(headers))
        answer = connection.getresponse()
        return Answer(status=answer.status, retry_after=_retry_after(answer.headers.get("Retry-After"), now))
    except (OSError, HTTPException) as error:
        return Answer(why=_why(error, late=monotonic() - began >= limit))
    finally:
        watch.cancel()
        connection.close()


def _why(error: Exception, *, late: bool) -> str:
    """In words that hold nothing of what the other side said."""
    if late or isinstance(error, TimeoutError):
        return "gives no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "takes no connection"
    if isinstance(error, ssl.SSLError):
        return "shows no certificate that is trusted for it"
    return "breaks off"


def _retry_after(said: str | None, now: datetime) -> timedelta | None:
    """Seconds or a date; None where it is neither."""
    if said is None:
        return None
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        return max(timedelta(), parsedate_to_datetime(said) - now)
    except (ValueError, TypeError):
        return None
