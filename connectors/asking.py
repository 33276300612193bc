"""One question over HTTP: what is an outage, what is a fault of the configuration, and how much of an answer is read."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2

from connectors.hardened_xml import MAX_BYTES
from connectors.surroundings import Surroundings
from hub.model.errors import Misconfigured, Unavailable

_DOWN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.TOO_EARLY})


async def get(
    surroundings: Surroundings, who: str, url: str, question: Mapping[str, str], headers: Mapping[str, str], seconds: float, *, mend: str
) -> bytes | None:
    """The body of the answer; none where it is larger than the hub reads at once.

    Raises Unavailable where nobody answers, slowly, or not now (408, 425, 429, 5xx); Misconfigured for any other refusal.
    """
    asked = {"Accept-Encoding": "identity"} | dict(headers)
    try:
        async with surroundings.http.stream("GET", url, params=question, headers=asked, timeout=seconds, follow_redirects=False) as reply:
            _judge(who, reply, surroundings.now(), mend)
            return await _body(reply)
    except httpx2.InvalidURL:
        raise Misconfigured("url", "is not an address") from None
    except httpx2.RequestError as error:
        raise Unavailable(f"{who}: {type(error).__name__}") from None


async def _body(reply: httpx2.Response) -> bytes | None:
    body = bytearray()
    async for chunk in reply.aiter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            return None
    return bytes(body)


def _judge(who: str, reply: httpx2.Response, now: datetime, mend: str) -> None:
    code = reply.status_code
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _DOWN:
        raise Unavailable(f"{who}: HTTP {code}", retry_after=_retry_after(reply.headers.get("Retry-After"), now))
    if code != HTTPStatus.OK:
        raise Misconfigured("url", f"the endpoint answers HTTP {code}", mend)


def _retry_after(said: str | None, now: datetime) -> float | None:
    if said is None:
        return None
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - now).total_seconds())
    except (ValueError, TypeError):
        return None
