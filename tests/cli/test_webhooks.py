"""Partners who are posted to: what is set is checked before anything is sent, secrets are shown to nobody, endpoints to operators."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from hub.engine.sqlite import SqliteStore
from hub.telling.endpoint import Answer, Endpoint, after
from hub.telling.endpoints import Endpoints, digest
from tests.cli.conftest import Command

SECRET = f"whsec_{base64.b64encode(b's' * 32).decode()}"
URL = "https://practice.example/hub?token=t0ken"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def settings(agreement: str = "general-practice", url: str = URL, secrets: str = SECRET, more: str = "") -> str:
    return f"webhooks:\n  {agreement}:\n    url: {url}\n    secrets: [{secrets}]\n{more}"


def test_what_webhooks_are_signed_by_and_the_token_in_their_address_are_not_shown(hub: Command) -> None:
    hub.settings(settings() + "web:\n  oidc: {client_secret: s3cret}\n")
    ran = hub("config", "show", "--json")
    assert ran.value["webhooks"]["general-practice"]["url"] == "https://practice.example/…"
    assert ran.value["webhooks"]["general-practice"]["ports"] == [443, 8443]
    said = ran.said + hub("config", "show").said
    assert not [each for each in (SECRET, SECRET[6:], "t0ken", "s3cret") if each in said]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (settings(url="http://practice.example/"), "url: it does not begin with https://"),
        (settings(url="https://practice.example:6379/"), "url: its port is not one of those allowed"),
        (settings(url="https://user:s3cret@practice.example/"), "url: it is more, or less, than host, port, path and query"),
        (settings(secrets="whsec_c2hvcnQ="), "is not whsec_ and the base64 of 24 to 64 random bytes"),
        (settings(secrets="s3cret-s3cret-s3cret-s3cret-s3cret"), "is not whsec_ and the base64 of 24 to 64 random bytes"),
        (settings(secrets=", ".join([SECRET] * 3)), "List should have at most 2 items"),
        (settings(more="    inside: [10.0.0.1/8]\n"), "hub.yaml:5: webhooks.general-practice.inside"),
    ],
)
def test_an_address_or_secret_that_cannot_be_is_refused_and_not_repeated(hub: Command, text: str, why: str) -> None:
    hub.settings(text)
    ran = hub("config", "check")
    assert (ran.code, why in ran.complained) == (2, True), ran.complained
    assert not [each for each in ("s3cret", "c2hvcnQ", SECRET) if each in ran.complained]


def test_an_address_for_an_agreement_that_is_told_otherwise_is_refused(hub: Command) -> None:
    hub.settings(settings("library"))
    assert hub("init").code == 0
    ran = hub("partner", "endpoints")
    assert (ran.code, "webhooks.library: is not an active agreement with the transport webhook" in ran.complained) == (2, True)


def test_an_operator_sees_how_every_endpoint_is_doing_and_can_have_it_asked_again(hub: Command) -> None:
    hub.settings(settings())
    assert hub("init").code == 0
    rows = {each["agreement"]: each for each in hub("partner", "endpoints", "--json").value}
    assert (rows["general-practice"]["host"], rows["general-practice"]["state"]) == ("practice.example", "ready")
    assert rows["adult-social-care"]["state"] == "no address"
    store = SqliteStore(hub.folder / "hub-data" / "hub.sqlite")
    Endpoints(store=store).put("general-practice", digest(URL), after(Endpoint(), Answer(status=503), NOW))
    store.close()
    shown = hub("partner", "endpoints", "--json")
    row = next(each for each in shown.value if each["agreement"] == "general-practice")
    assert (row["state"], row["failed"], row["why"]) == ("failing", 1, "answers 503")
    assert datetime.fromisoformat(row["next_at"]) == NOW + timedelta(seconds=5)
    assert "t0ken" not in shown.said
    assert [hub("partner", "resume", "general-practice").code for _ in range(2)] == [0, 1]
