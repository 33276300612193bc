"""Notices as webhooks: signed, in order, under one id; what a partner's server does to them, and when it is asked again."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from hub.cli.composition import closing
from hub.cli.telling import courier, transport_of
from hub.contracts.notification_words import Instruction
from hub.engine.failpoints import Failpoints
from hub.engine.migrations import upgrade
from hub.engine.sqlite import SqliteStore
from hub.model.errors import Unavailable
from hub.settings import Settings
from hub.telling.endpoint import WAITS, Answer, Endpoint, EndpointState, after
from hub.telling.endpoints import Endpoints
from hub.telling.figures import telling_figures
from hub.telling.notice import Notice
from hub.telling.posting import trusting
from hub.telling.webhook import WebhookTransport
from projections.ledger_lines import LineState
from tests.telling.desk import ACCOUNT, AGREEMENTS, MONDAY, Desk, moved
from tests.telling.partners import Behaviour, Partner, partner

PRACTICE = "general-practice"
OLD, NEW = (f"whsec_{base64.b64encode(letter * 32).decode()}" for letter in (b"o", b"n"))


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Partner]:
    with partner(tmp_path / "practice") as listening:
        yield listening


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[Endpoints]:
    upgrade(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    store = SqliteStore(tmp_path / "hub.sqlite")
    yield Endpoints(store=store)
    store.close()


def transport(endpoints: Endpoints, practice: Partner, clock: Clock | None = None, **more: Any) -> WebhookTransport:
    said: dict[str, Any] = {
        "url": practice.url, "secrets": [NEW], "ports": [practice.port], "inside": [ip_network("127.0.0.1/32")], "limit": 20.0,
        "resolve": lambda *_: ["127.0.0.1"], "trust": trusting(str(practice.authority)), "clock": clock or Clock(),
    }  # fmt: skip
    return WebhookTransport(agreement=AGREEMENTS()[PRACTICE], endpoints=endpoints, **(said | more))


def of(council: Desk) -> Endpoints:
    return Endpoints(store=council.engine.house.store)


def a_notice(message_id: str = "m-1") -> Notice:
    return Notice(
        agreement=AGREEMENTS()[PRACTICE], message_id=message_id, life_event_id="l-1", instruction=Instruction.TELL, number=1,
        values={"message_id": message_id, "reference": "Ünïcode"},
    )  # fmt: skip


def test_a_notice_is_posted_signed_and_the_ledger_says_that_it_was_received(council: Desk, practice: Partner) -> None:
    council.couriers[PRACTICE] = courier(council.engine.house, AGREEMENTS()[PRACTICE], transport(of(council), practice))
    council.say(moved(ACCOUNT, PRACTICE), source="front-office")
    council.carry()
    ((headers, body),) = practice.got
    said = Webhook(NEW).verify(body, headers)
    assert said["type"] == "foss.hub.notices.tell"
    assert said["data"]["message_id"] == headers["webhook-id"]
    assert council.line(PRACTICE, None).state is LineState.RECEIVED


class Dying(Failpoints):
    """The process ends between the send and its receipt."""

    def reach(self, name: str) -> None:
        raise SystemExit(name)


def test_whoever_dies_between_send_and_receipt_sends_the_same_again_under_the_same_id(council: Desk, practice: Partner) -> None:
    house, council.couriers = council.engine.house, {}
    council.say(moved(ACCOUNT, PRACTICE), source="front-office")
    dying = replace(courier(house, AGREEMENTS()[PRACTICE], transport(of(council), practice)), failpoints=Dying())
    with pytest.raises(SystemExit):
        dying.round()
    council.couriers[PRACTICE] = courier(house, AGREEMENTS()[PRACTICE], transport(of(council), practice))
    council.carry()
    assert len(practice.got) == 2
    assert len(set(practice.ids)) == len({body for _, body in practice.got}) == 1


def test_what_the_settings_say_is_where_it_goes(council: Desk, practice: Partner) -> None:
    said = {
        "url": f"https://127.0.0.1:{practice.port}/", "secrets": [OLD, NEW], "ports": [practice.port], "inside": ["127.0.0.1/32"],
        "authority": practice.authority,
    }  # fmt: skip
    house = council.engine.house
    settings = Settings.model_validate({"folder": house.settings.folder, "store": house.settings.store, "webhooks": {PRACTICE: said}})
    with closing(replace(house, settings=settings)) as other:
        made = transport_of(other, AGREEMENTS()[PRACTICE])
        assert made is not None
        assert len(list(made.deliver([a_notice()]))) == 1
    assert transport_of(house, AGREEMENTS()[PRACTICE]) is None
    assert not [each for each in ("127.0.0.1", OLD, NEW) if each in repr(settings.webhooks[PRACTICE].model_copy(update={"inside": []}))]


def test_both_secrets_sign_while_one_replaces_the_other(endpoints: Endpoints, practice: Partner) -> None:
    list(transport(endpoints, practice, secrets=[OLD, NEW]).deliver([a_notice()]))
    ((headers, body),) = practice.got
    for secret in (OLD, NEW):
        assert Webhook(secret).verify(body, headers)["data"]["reference"] == "Ünïcode"


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (Behaviour(status=503), "answers 503"),
        (Behaviour(status=302, headers={"location": "https://localhost:1/"}), "answers 302"),
        (Behaviour(status=404), "answers 404"),
        (Behaviour(status=102), "answers 102"),
        (Behaviour(how="hangs"), "gives no answer in time"),
        (Behaviour(how="drips"), "gives no answer in time"),
        (Behaviour(how="breaks off"), "breaks off"),
    ],
    ids=lambda each: each if isinstance(each, str) else f"{each.how} {each.status}",
)
def test_whatever_a_broken_server_does_is_waited_for_and_then_the_same_goes_out(
    endpoints: Endpoints, practice: Partner, behaviour: Behaviour, why: str
) -> None:
    practice.behaviour, clock = behaviour, Clock()
    sending = transport(endpoints, practice, clock, limit=1.0 if "time" in why else 20.0)
    with pytest.raises(Unavailable, match=f"webhook general-practice: {why}"):
        list(sending.deliver([a_notice()]))
    with pytest.raises(Unavailable):
        list(sending.deliver([a_notice()]))
    assert endpoints.all()[PRACTICE].failed == 1, "asked again before its turn"
    practice.behaviour, clock.now = Behaviour(), clock.now + timedelta(seconds=5)
    (delivered,) = list(transport(endpoints, practice, clock).deliver([a_notice()]))
    assert delivered.received
    assert set(practice.ids) == {"m-1"}
    assert sending.endpoints.all()[PRACTICE].state is EndpointState.READY


def test_a_server_that_is_not_there_is_told_when_it_is_back(endpoints: Endpoints, tmp_path: Path) -> None:
    clock = Clock()
    with partner(tmp_path / "practice") as gone:
        pass
    with pytest.raises(Unavailable, match="takes no connection"):
        list(transport(endpoints, gone, clock).deliver([a_notice()]))
    clock.now += timedelta(seconds=5)
    with partner(tmp_path / "practice", gone.port) as back:
        assert [each.evidence for each in transport(endpoints, back, clock).deliver([a_notice()])] == ["HTTP 204"]


def test_a_server_that_shows_another_certificate_is_told_nothing(endpoints: Endpoints, practice: Partner) -> None:
    with pytest.raises(Unavailable, match="certificate"):
        list(transport(endpoints, practice, trust=trusting()).deliver([a_notice()]))
    assert practice.got == []


def test_who_says_gone_is_not_asked_again_until_somebody_says_so(council: Desk, practice: Partner) -> None:
    practice.behaviour, clock = Behaviour(status=410), Clock()
    for days in (0, 1, 30):
        clock.now += timedelta(days=days)
        with pytest.raises(Unavailable, match="said that it is gone"):
            list(transport(of(council), practice, clock).deliver([a_notice()]))
    assert len(practice.got) == 1
    assert telling_figures(council.engine.house.store).failing.keys() == {(PRACTICE, "gone")}
    practice.behaviour = Behaviour()
    assert [of(council).resume(PRACTICE) for _ in range(2)] == [True, False]
    assert len(list(transport(of(council), practice, clock).deliver([a_notice()]))) == 1


def test_another_address_is_asked_at_once(endpoints: Endpoints, practice: Partner) -> None:
    practice.behaviour = Behaviour(status=410)
    with pytest.raises(Unavailable):
        list(transport(endpoints, practice).deliver([a_notice()]))
    practice.behaviour = Behaviour()
    assert len(list(transport(endpoints, practice, url=practice.url + "&new=1").deliver([a_notice()]))) == 1


def test_neither_address_nor_secret_is_in_what_is_said(endpoints: Endpoints, practice: Partner) -> None:
    practice.behaviour = Behaviour(status=500)
    sending = transport(endpoints, practice)
    with pytest.raises(Unavailable) as raised:
        list(sending.deliver([a_notice()]))
    for said in (str(raised.value), repr(sending), repr(sending.endpoints.all())):
        assert not [each for each in ("s3cret", "localhost", NEW, NEW[6:]) if each in said]


def test_tries_are_spread_over_seventy_six_hours_and_then_made_daily() -> None:
    at, seen, spans = MONDAY, Endpoint(), []
    for _ in range(12):
        seen = after(seen, Answer(status=500), at)
        assert seen.next_at is not None
        spans.append(seen.next_at - at)
        at = seen.next_at
    assert spans == [*WAITS, *[timedelta(days=1)] * 3]
    assert timedelta(hours=75) < sum(WAITS, timedelta()) < timedelta(hours=76)
    assert (seen.failed, seen.since) == (12, MONDAY)
    assert after(seen, Answer(status=200), at) == Endpoint(since=at)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("120", 120), ("0", 5), ("99999999999", 86_400), ("Mon, 23 Nov 2026 10:00:00 GMT", 3600), ("soon", 5), ("²", 5)],
)
def test_who_asks_for_time_is_given_it_a_day_at_most(endpoints: Endpoints, practice: Partner, asked: str, waited: int) -> None:
    practice.behaviour, clock = Behaviour(status=429, headers={"retry-after": asked}), Clock()
    clock.now = MONDAY
    with pytest.raises(Unavailable):
        list(transport(endpoints, practice, clock).deliver([a_notice()]))
    assert endpoints.all()[PRACTICE].next_at == MONDAY + timedelta(seconds=waited)
