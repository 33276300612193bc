"""Notices as signed webhooks (standardwebhooks.com): JSON, posted to the recipient's own address, one at a time."""

import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from standardwebhooks import Webhook

from hub.contracts.notification_words import NoticeTransport
from hub.model.errors import Unavailable
from hub.sharing.agreement import NoticeAgreement
from hub.telling.address import PORTS, Network, Refused, Resolve, checked, target
from hub.telling.endpoint import Answer, Endpoint, EndpointState, after
from hub.telling.endpoints import Endpoints, digest
from hub.telling.notice import Notice
from hub.telling.posting import look_up, post
from hub.telling.transport import Delivered

LIMIT = 15.0
"""Seconds for one request, all in all: less than a courier's lease."""
LOOK_AGAIN = timedelta(seconds=20)
"""How long a courier sleeps at most before it sees whether somebody resumed the endpoint."""


@dataclass(slots=True, kw_only=True)
class WebhookTransport:
    """Posts one agreement's notices, the next when the one before was taken; what waits for the endpoint waits for its next turn."""

    agreement: NoticeAgreement
    url: str = field(repr=False)
    secrets: Sequence[str] = field(repr=False)
    """One, or two while one replaces the other: each signs, and the recipient believes either."""
    endpoints: Endpoints
    trust: ssl.SSLContext
    clock: Callable[[], datetime]
    ports: Sequence[int] = PORTS
    inside: Sequence[Network] = ()
    resolve: Resolve = look_up
    limit: float = LIMIT
    kind: NoticeTransport = NoticeTransport.WEBHOOK
    at_once: int = 1

    def deliver(self, notices: Sequence[Notice]) -> Iterator[Delivered]:
        """Each as it is taken; raises Unavailable at the first that is not, and as long as it is not the endpoint's turn."""
        for each in notices:
            before, now = self._endpoint(), self.clock()
            if not before.asked_at(now):
                raise self._waits(before, now)
            answer = self._post(each, now)
            seen = after(before, answer, now)
            if seen != before:
                self.endpoints.put(self.agreement.id, digest(self.url), seen)
            if not answer.taken:
                raise self._waits(seen, now)
            yield Delivered(evidence=f"HTTP {answer.status}", received=True)

    def close(self) -> None:
        """Each request has its own connection."""

    def _endpoint(self) -> Endpoint:
        return self.endpoints.of(self.agreement.id, digest(self.url))

    def _waits(self, seen: Endpoint, now: datetime) -> Unavailable:
        left = LOOK_AGAIN if seen.next_at is None else min(seen.next_at - now, LOOK_AGAIN)
        what = "said that it is gone" if seen.state is EndpointState.GONE else seen.why
        return Unavailable(f"webhook {self.agreement.id}: {what}", retry_after=max(left.total_seconds(), 0.1))

    def _post(self, notice: Notice, now: datetime) -> Answer:
        body = payload(notice)
        try:
            where = target(self.url, self.ports)
            addresses = checked(where, self.inside, self.resolve)
        except Refused as refused:
            return Answer(why=refused.why)
        return post(where, addresses, body, headers(notice, body, self.secrets, now), trust=self.trust, now=now, limit=self.limit)


def payload(notice: Notice) -> bytes:
    """The notice as JSON: the same bytes whenever the same is sent again."""
    return orjson.dumps({"type": f"foss.hub.notices.{notice.instruction.value.lower()}", "data": dict(notice.values)})


def headers(notice: Notice, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Id, time and signatures; the id is the message's, so that a repeat is known for one."""
    signed = [Webhook(each).sign(notice.message_id, now, body.decode()) for each in secrets]
    return {
        "content-type": "application/json", "user-agent": "foss-hub", "connection": "close", "webhook-id": notice.message_id,
        "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": " ".join(signed),
    }  # fmt: skip
