"""Who may hand something in, and under which key, decided before anything is kept; and how what was kept is read."""

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Any, ClassVar, Self

import orjson
from pydantic import Field, model_validator
from standardwebhooks import Webhook, WebhookVerificationError

from connectors.surroundings import Handed, Surroundings
from connectors.vocabulary import Connection
from hub.model.connector import BadRecord
from hub.model.errors import Misconfigured

AT_ONCE = 100
"""Posts of one page; each may hold a list of records, of 64 kB in all."""
_LONGEST_KEY = 200
_SHORTEST_TOKEN, _SHORTEST_SECRET = 16, 24


class Unwelcome(Exception):
    """It is not taken in; `status` is HTTP's, `code` says why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Intake(Connection):
    """What others hand in: with a bearer token, or signed as Standard Webhooks does (two secrets while one replaces the other)."""

    keyed: ClassVar[bool] = True
    """Whether a post names itself by Idempotency-Key; else the same bytes are the same post."""
    token: str = Field(default="", repr=False)
    signing_secret: str = Field(default="", repr=False)
    former_signing_secret: str = Field(default="", repr=False)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if bool(self.token) == bool(self.signing_secret):
            raise ValueError("give either `token` or `signing_secret`")
        if self.token and len(self.token) < _SHORTEST_TOKEN:
            raise ValueError("token has fewer than 16 characters: it could be guessed")
        if not all(map(_signs, filter(None, (self.signing_secret, self.former_signing_secret)))):
            raise ValueError("a signing secret is whsec_ and base64 of 24 bytes or more")
        return self


def _signs(secret: str) -> bool:
    try:
        return secret.startswith("whsec_") and len(b64decode(secret.removeprefix("whsec_"), validate=True)) >= _SHORTEST_SECRET
    except ValueError:
        return False


def admitted(config: Intake, headers: Mapping[str, str], body: bytes) -> str:
    """The key under which a post is kept; raises Unwelcome. Names of headers are in small letters."""
    if config.signing_secret:
        return _signed(config, headers, body)
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(shown.strip().encode(), config.token.encode()):
        raise Unwelcome(401, "token-unknown")
    if not config.keyed:
        return sha256(body).hexdigest()
    key = headers.get("idempotency-key", "").strip()
    if not key or len(key) > _LONGEST_KEY or not key.isprintable():
        raise Unwelcome(400, "idempotency-key-missing")
    return key


def _signed(config: Intake, headers: Mapping[str, str], body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Unwelcome(401, "signature-unknown") from None
    for secret in filter(None, (config.signing_secret, config.former_signing_secret)):
        try:
            Webhook(secret).verify(text, dict(headers))
        except (WebhookVerificationError, ValueError):
            continue
        return headers["webhook-id"][:_LONGEST_KEY]
    raise Unwelcome(401, "signature-unknown")


async def handed_in(config: Intake, surroundings: Surroundings, cursor: str | None) -> tuple[list[Handed], str | None, bool]:
    """The next posts, the cursor that follows them, and whether more is waiting; raises Unavailable."""
    if surroundings.handed_in is None:
        raise Misconfigured(config.name, "takes what is handed in over HTTP, but nothing can be handed in here")
    since = int(cursor) if cursor and cursor.isdecimal() else 0
    found = list(await asyncio.to_thread(surroundings.handed_in.after, config.name, since, AT_ONCE))
    return found, str(found[-1].seq) if found else cursor, len(found) == AT_ONCE


def value_of(post: Handed) -> Any:
    """What a post says; a BadRecord where it cannot be read."""
    if post.body is None:
        return BadRecord(origin=f"post {post.seq}:0", code="erased", original=b"")
    try:
        return orjson.loads(post.body)
    except orjson.JSONDecodeError:
        return BadRecord(origin=f"post {post.seq}:0", code="record-malformed", original=post.body)
