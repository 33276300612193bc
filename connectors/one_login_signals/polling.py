"""One token is one page: signed by the issuer, meant for us, of our time, and never heard before; else it is refused.

The cursor remembers the id (jti) of every token for as long as one of its age is believed. A token that comes again is no news; another
token under an id that was used is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import Field

from connectors.dropped_files import Dropped, FileDrop, next_file
from connectors.surroundings import Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Misconfigured, Rejected

ALGORITHMS = ("ES256", "ES384", "PS256", "RS256")
"""Signatures that only the issuer can make: no shared secret, and never none."""
TYPE = "secevent+jwt"
AHEAD = timedelta(minutes=5)
"""How far the issuer's clock may be ahead of ours."""


class OneLoginSignals(FileDrop):
    """Where the tokens are dropped, who must have signed them and for whom, and for how many days after its issue one is believed."""

    kind: Literal["one_login_signals"]
    pattern: str = "*.jwt"
    issuer: str = Field(min_length=1)
    audience: str = Field(min_length=1)
    keys: Path
    """The issuer's public keys, a JWK set; read again for each token, so that a changed key needs no restart."""
    believed_days: int = Field(default=30, ge=1, le=366)
    already_told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One event of a token that was believed: its kind as the issuer names it, and what was said."""

    file: str
    kind: str
    said: Mapping[str, Any] = field(repr=False)
    happened_at: int | None
    """The token's time of event (toe), in seconds since 1970; None where it has none."""
    original: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard before: where reading stands, and by digest of its id each token's own digest and time of issue."""

    files: str | None = None
    tokens: Mapping[str, tuple[str, int]] = field(default_factory=dict)


async def poll(config: OneLoginSignals, surroundings: Surroundings, cursor: str | None) -> Page:
    """The events of the next token."""
    heard, now = _read(cursor), surroundings.now()
    found = await next_file(config, surroundings.folder / config.folder, now, heard.files)
    oldest = int((now - timedelta(days=config.believed_days)).timestamp())
    tokens = {jti: known for jti, known in heard.tokens.items() if known[1] >= oldest}
    if found.file is None:
        return Page(records=(), cursor=_written(found.cursor, tokens), more=found.more)
    try:
        claims = _believed(config, _keys(surroundings.folder / config.keys), found.file, now)
        news = _news(tokens, claims, found.file)
    except Rejected as refused:
        bad = BadRecord(origin=found.file.name, code=refused.code, original=found.file.body)
        return Page(records=(), rejected=(bad,), cursor=_written(found.cursor, tokens), more=found.more)
    records = tuple(_signals(claims, found.file)) if news else ()
    return Page(records=records, cursor=_written(found.cursor, tokens | news), more=found.more)


def _believed(config: OneLoginSignals, keys: KeySet, file: Dropped, now: datetime) -> Mapping[str, Any]:
    """What a token claims; raises Rejected where it is not to be believed."""
    if file.fault is not None:
        raise Rejected(file.fault)
    try:
        token = jws.deserialize_compact(file.body.strip(), keys, algorithms=ALGORITHMS)
        claims = orjson.loads(token.payload)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Rejected("signal-not-signed") from None
    if token.headers().get("typ") != TYPE or not _is_shaped(claims):
        raise Rejected("signal-malformed")
    audience = claims.get("aud")
    if claims["iss"] != config.issuer or config.audience not in (audience if isinstance(audience, list) else [audience]):
        raise Rejected("signal-not-for-us")
    if not (now - timedelta(days=config.believed_days)).timestamp() <= claims["iat"] <= (now + AHEAD).timestamp():
        raise Rejected("signal-out-of-time")
    return dict(claims)


def _is_shaped(claims: Any) -> bool:
    """Whether it claims what RFC 8417 requires, and nothing of another type; an event token has no end."""
    if not isinstance(claims, dict) or "exp" in claims:
        return False
    texts = all(isinstance(claims.get(name), str) and claims[name] for name in ("iss", "jti"))
    times = type(claims.get("iat")) is int and type(claims.get("toe", 0)) is int
    events = claims.get("events")
    return texts and times and isinstance(events, dict) and bool(events) and all(isinstance(said, dict) for said in events.values())


def _news(heard: Mapping[str, tuple[str, int]], claims: Mapping[str, Any], file: Dropped) -> dict[str, tuple[str, int]]:
    """What to remember of a token; nothing where it was heard before, and Rejected where another had its id."""
    jti, digest = _digest(claims["jti"].encode()), _digest(file.body.strip())
    if jti not in heard:
        return {jti: (digest, claims["iat"])}
    if heard[jti][0] != digest:
        raise Rejected("signal-replayed")
    return {}


def _signals(claims: Mapping[str, Any], file: Dropped) -> list[Signal]:
    return [
        Signal(file=file.name, kind=kind, said=said, happened_at=claims.get("toe"), original=file.body)
        for kind, said in claims["events"].items()
    ]


def _keys(path: Path) -> KeySet:
    try:
        return KeySet.import_key_set(orjson.loads(path.read_bytes()))
    except OSError as error:
        raise Misconfigured("keys", f"cannot be read: {error.strerror}", "the issuer publishes its keys as a JWK set") from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise Misconfigured("keys", "is no JWK set", "the issuer publishes its keys as a JWK set") from None


def _digest(value: bytes) -> str:
    return sha256(value).hexdigest()[:32]


def _read(cursor: str | None) -> Heard:
    try:
        known = orjson.loads(cursor) if cursor else {}
        return Heard(files=known.get("files"), tokens={jti: (digest, at) for jti, (digest, at) in known.get("tokens", {}).items()})
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError):
        return Heard()


def _written(files: str, tokens: Mapping[str, tuple[str, int]]) -> str:
    return orjson.dumps({"files": files, "tokens": tokens}, option=orjson.OPT_SORT_KEYS).decode()
