"""Signing in with the organisation's own account: OpenID Connect, code flow with PKCE, nonce, one exact address to come back to.

What the provider says is believed only if it is signed by its published keys, by an asymmetric algorithm, for this client, about this
attempt, and not out of date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.integrations.httpx_client.oauth2_client import OAuthError
from httpx2 import AsyncClient, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.model.errors import Misconfigured, Unavailable
from hub.privacy.passwords import new_token

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
_LEEWAY = 60
_TIMEOUT = 10.0


class NotBelieved(Exception):
    """What came back was not said by the provider, or not for us, or not now."""


class Attempt(NamedTuple):
    """One attempt to sign in, kept by the browser alone."""

    state: str
    nonce: str
    verifier: str


class Person(NamedTuple):
    """Who the provider says somebody is, and which session of theirs it is, where it says so."""

    subject: str
    outside: str


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One OpenID provider; `back` is the one address it sends people back to. Raises Unavailable where it does not answer."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    back: str
    _known: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises Misconfigured for an issuer that anybody on the way could pretend to be."""
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise Misconfigured("web.oidc.issuer", "is not an https address")

    async def begin(self) -> tuple[str, Attempt]:
        """Where to send somebody, and what their browser keeps meanwhile."""
        attempt = Attempt(new_token(), new_token(), new_token())
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                await self._said("authorization_endpoint"), state=attempt.state, code_verifier=attempt.verifier, nonce=attempt.nonce
            )
        return url, attempt

    async def finish(self, attempt: Attempt, state: str, code: str) -> Person:
        """Who came back; raises NotBelieved."""
        if not state or state != attempt.state:
            raise NotBelieved("another attempt")
        try:
            async with self._client() as client:
                token = await client.fetch_token(await self._said("token_endpoint"), code=code, code_verifier=attempt.verifier)
        except HTTPError as error:
            raise Unavailable("the OpenID provider") from error
        except OAuthError as error:
            raise NotBelieved("no token") from error
        claims = await self._checked(token.get("id_token", ""), {"nonce": {"essential": True, "value": attempt.nonce}})
        return Person(f"{self.issuer} {claims['sub']}", f"{self.issuer} {claims.get('sid', claims['sub'])}")

    async def logged_out(self, token: str) -> Person:
        """Who signed out at the provider (back-channel logout 1.0); raises NotBelieved."""
        claims = await self._checked(token, {"events": {"essential": True}})
        if "nonce" in claims or LOGGED_OUT not in claims["events"] or not ({"sid", "sub"} & claims.keys()):
            raise NotBelieved("no logout token")
        subject = claims.get("sub", "")
        return Person(f"{self.issuer} {subject}", f"{self.issuer} {claims.get('sid', subject)}")

    async def _checked(self, token: str, more: Mapping[str, Any]) -> dict[str, Any]:
        for fresh in (False, True):  # once more with fresh keys: the provider may have changed them
            try:
                decoded = jwt.decode(token, KeySet.import_key_set(await self._keys(fresh=fresh)), algorithms=ALGORITHMS)
            except (JoseError, ValueError, KeyError) as error:
                if fresh:
                    raise NotBelieved("not signed by the provider") from error
                continue
            return self._claims(decoded.claims, more)
        raise NotBelieved("not signed by the provider")

    def _claims(self, claims: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
        wanted: dict[str, Any] = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}}
        registry = jwt.JWTClaimsRegistry(now=lambda: int(time()), leeway=_LEEWAY, **wanted, iat={"essential": True}, **more)
        try:
            registry.validate(claims)
        except JoseError as error:
            raise NotBelieved("said for somebody else, or for another time") from error
        if "exp" not in claims and "events" not in claims:
            raise NotBelieved("never ends")
        return claims

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.client_id, self.client_secret, redirect_uri=self.back, scope="openid", code_challenge_method="S256", timeout=_TIMEOUT
        )

    async def _said(self, name: str) -> str:
        if "about" not in self._known:
            self._known["about"] = await self._fetched(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        about = self._known["about"]
        if about.get("issuer") != self.issuer:
            raise NotBelieved("another issuer")
        return str(about[name])

    async def _keys(self, *, fresh: bool) -> Any:
        if fresh or "keys" not in self._known:
            self._known["keys"] = await self._fetched(await self._said("jwks_uri"))
        return self._known["keys"]

    async def _fetched(self, url: str) -> Any:
        try:
            async with AsyncClient(timeout=_TIMEOUT, follow_redirects=False) as http:
                answer = await http.get(url)
                answer.raise_for_status()
                return answer.json()
        except (HTTPError, ValueError) as error:
            raise Unavailable("the OpenID provider") from error
