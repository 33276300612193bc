"""What Notify calls back, and what it says when it is asked: messages from the newest on, as far back as one may still change."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

import orjson
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import Field, field_validator

from connectors.asking import get
from connectors.http_door import Intake, handed_in, value_of
from connectors.notify.receipts import Notify, Receipt
from connectors.surroundings import Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Misconfigured

_ID = 36
KEPT_DAYS = 7
"""Notify forgets a message so many days after it was sent."""


class NotifyCallbacks(Intake, Notify):
    """Notify posts to /v1/intake/{name} with the bearer token; it names no post, so the same bytes are the same one."""

    kind: Literal["notify_callbacks"]
    keyed: ClassVar[bool] = False


class NotifyStatuses(Notify):
    """Notify is asked for the messages of the last `look_back_days`, with a key of the service's (`name-service id-secret`)."""

    kind: Literal["notify_statuses"]
    url: str = "https://api.notifications.service.gov.uk"
    api_key: str = Field(repr=False)
    look_back_days: int = Field(default=4, ge=1, le=KEPT_DAYS)
    timeout_seconds: float = Field(default=30, gt=0)

    @field_validator("api_key")
    @classmethod
    def _of_two_ids(cls, key: str) -> str:
        if len(key) < 2 * _ID + 1:
            raise ValueError("is no key of Notify's")
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Mid:
    """A sweep: the message that the next page begins behind, and the instant at which it ends."""

    older_than: str = ""
    until: str = ""


async def poll_callbacks(config: NotifyCallbacks, surroundings: Surroundings, cursor: str | None) -> Page:
    """The next receipts that were posted."""
    posts, following, more = await handed_in(config, surroundings, cursor)
    said = [(f"post {post.seq}", value_of(post)) for post in posts]
    bad = tuple(value for _, value in said if isinstance(value, BadRecord))
    found = list(_receipts((place, value) for place, value in said if not isinstance(value, BadRecord)))
    return _page(found, bad, following, more=more)


async def poll(config: NotifyStatuses, surroundings: Surroundings, cursor: str | None) -> Page:
    """The next 250 messages, from the newest on; raises Unavailable, also where Notify's limit of calls is reached (429)."""
    sweep = _read(cursor)
    now = surroundings.now()
    until = sweep.until or (now - timedelta(days=config.look_back_days)).isoformat()
    headers = {"Authorization": f"Bearer {_token(config.api_key, now)}", "Accept": "application/json"}
    question = {"older_than": sweep.older_than} if sweep.older_than else {}
    body = await get(
        surroundings, "notify", f"{config.url.rstrip('/')}/v2/notifications", question, headers, config.timeout_seconds,
        mend="check the key and its service",
    )  # fmt: skip
    try:
        listed = orjson.loads(body or b"")["notifications"]
        ids = [str(each["id"]) for each in listed]
        created = [datetime.fromisoformat(each["created_at"]) for each in listed]
        ended = not created or min(created) < datetime.fromisoformat(until)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise Misconfigured("url", "does not answer as Notify does") from None
    following = Mid() if ended else Mid(older_than=ids[-1], until=until)
    found = list(_receipts((f"message {number}", each) for number, each in zip(ids, listed, strict=True)))
    return _page(found, (), orjson.dumps(asdict(following)).decode(), more=not ended)


def _receipts(said: Any) -> Iterator[Receipt | BadRecord]:
    for place, value in said:
        original = orjson.dumps(value)
        known = isinstance(value, dict)
        yield (
            Receipt(place=place, said=value, original=original)
            if known
            else BadRecord(origin=place, code="record-malformed", original=original)
        )


def _page(found: list[Receipt | BadRecord], bad: tuple[BadRecord, ...], cursor: str | None, *, more: bool) -> Page:
    worse = tuple(each for each in found if isinstance(each, BadRecord))
    return Page(records=tuple(each for each in found if isinstance(each, Receipt)), rejected=(*bad, *worse), cursor=cursor, more=more)


def _token(key: str, now: datetime) -> str:
    """Signed anew for each call, as Notify's clients do: HS256 by the secret, issued by the service, believed for thirty seconds."""
    service, secret = key[-2 * _ID - 1 : -_ID - 1], key[-_ID:]
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, {"iss": service, "iat": int(now.timestamp())}, OctKey.import_key(secret))


def _read(cursor: str | None) -> Mid:
    try:
        return Mid(**orjson.loads(cursor)) if cursor else Mid()
    except (orjson.JSONDecodeError, TypeError):
        return Mid()
