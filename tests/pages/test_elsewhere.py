"""Signing in with the organisation's own account, against a certified OpenID provider; and what of it is not believed."""

import json
import shutil
import socket
import subprocess
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from httpx2 import Client, Response
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from hub.privacy.accounts import NewAccount
from hub.web import open_door, serve
from hub.web.oidc import LOGGED_OUT, Attempt, NotBelieved, Provider
from tests.engine_harness import running
from tests.pages.hall import COUNCIL, SHOWN, Browser, Hall, made_app, made_entrance

pytestmark = [pytest.mark.waiting, pytest.mark.needs("openid provider")]
HERE = Path(__file__).parent / "provider"


@cache
def installed() -> Path:
    """The provider and what it needs, from its lock file."""
    folder = Path(tempfile.mkdtemp(prefix="openid-provider-"))
    for name in ("package.json", "package-lock.json", "provider.mjs"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True, capture_output=True, timeout=900)
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def provider(port: int, hub: str) -> Iterator[None]:
    command = ["node", "provider.mjs", str(port), hub]
    with subprocess.Popen(command, cwd=installed(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("ready" in line for line in iter(process.stdout.readline, ""))
            yield
        finally:
            process.kill()


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hub that trusts a provider with signing in."""
    with ExitStack() as held:
        door, port, stop = open_door("127.0.0.1", 0), free_port(), Signal()
        address, issuer = f"http://127.0.0.1:{door.port}", f"http://127.0.0.1:{port}"
        held.enter_context(provider(port, address))
        engine = held.enter_context(running(tmp_path_factory.mktemp("trusting"), "", SHOWN, controller=COUNCIL))
        trusted = Provider(issuer=issuer, client_id="hub", client_secret="a-secret-for-one-test", back=f"{address}/sign-in/elsewhere/back")
        entrance = made_entrance(engine, trusted)
        thread = Thread(target=serve, args=(made_app(engine, entrance), door, stop))
        thread.start()
        held.callback(thread.join, 20)
        held.callback(stop.set)
        entrance.accounts.add(NewAccount(name="ada", role="adviser", organisation=COUNCIL, subject=f"{issuer} ada"))
        yield Hall(engine=engine, entrance=entrance, client=held.enter_context(Client(base_url=address, timeout=60)))


def come_back(browser: Browser) -> Response:
    """Go to the provider, be signed in there, and come back."""
    answer = browser.client.get("/sign-in/elsewhere")
    for _ in range(12):
        if not answer.is_redirect:
            return answer
        answer = browser.client.get(str(answer.next_request.url if answer.next_request else ""))
    raise AssertionError("it does not end")


@pytest.fixture
def visitor(trusting: Hall) -> Iterator[Browser]:
    with Client(base_url=trusting.address, timeout=60) as client:
        yield Browser(client=client)


def test_somebody_signed_in_elsewhere_is_signed_in_here(visitor: Browser) -> None:
    assert come_back(visitor).url.path == "/purpose"
    assert visitor.get("/purpose").url.path == "/purpose"


def test_signing_out_there_ends_the_session_here(trusting: Hall, visitor: Browser) -> None:
    come_back(visitor)
    issuer = trusting.entrance.elsewhere.issuer if trusting.entrance.elsewhere else ""
    page = visitor.client.get(f"{issuer}/session/end").text
    secret = page.partition('name="xsrf" value="')[2].partition('"')[0]
    visitor.client.post(f"{issuer}/session/end/confirm", data={"xsrf": secret, "logout": "yes"}, follow_redirects=True)
    assert visitor.get("/purpose").url.path == "/sign-in"


def test_a_code_that_was_used_or_made_up_signs_nobody_in(visitor: Browser) -> None:
    visitor.client.get("/sign-in/elsewhere")
    kept = next(each.value or "" for each in visitor.client.cookies.jar if each.name == "hub-attempt").strip('"')
    for state in (kept.split(" ")[0], "another"):
        answer = visitor.client.get("/sign-in/elsewhere/back", params={"state": state, "code": "made-up"})
        assert answer.status_code == 403
    assert visitor.get("/purpose").url.path == "/sign-in"


def test_an_unknown_account_of_the_provider_is_not_let_in(trusting: Hall, visitor: Browser) -> None:
    trusting.entrance.accounts.disable("ada")
    assert come_back(visitor).status_code == 403


def claims(issuer: str, **more: Any) -> dict[str, Any]:
    said = {"iss": issuer, "aud": "hub", "sub": "ada", "sid": "s", "iat": 4_000_000_000, "events": {LOGGED_OUT: {}}, "jti": "j"}
    return {name: value for name, value in (said | more).items() if value is not None}


def unsigned(said: dict[str, Any]) -> str:
    """A token whose head says that it needs no signature."""
    parts = ({"alg": "none"}, said)
    return ".".join([*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), ""])


def forged(how: str, said: dict[str, Any]) -> str:
    """A logout that the provider did not sign."""
    if how == "unsigned":
        return unsigned(said)
    if how == "another key":
        return jwt.encode({"alg": "RS256"}, said, RSAKey.generate_key(2048))
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key("a-secret-for-one-test-that-is-long-enough"))


@pytest.mark.parametrize("how", ["unsigned", "another key", "the secret as key"])
async def test_a_logout_that_the_provider_did_not_sign_ends_nothing(trusting: Hall, how: str) -> None:
    trusted = trusting.entrance.elsewhere
    assert trusted is not None
    with pytest.raises(NotBelieved):
        await trusted.logged_out(forged(how, claims(trusted.issuer)))


async def test_another_attempts_answer_is_not_believed(trusting: Hall) -> None:
    trusted = trusting.entrance.elsewhere
    assert trusted is not None
    with pytest.raises(NotBelieved):
        await trusted.finish(Attempt("a", "b", "c"), "another", "code")
