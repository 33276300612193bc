"""A customer was informed where Notify says that the message was delivered; nobody else was."""

from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from connectors import load_config
from connectors.http_door import Intake, admitted
from connectors.notify import NotifyStatuses
from connectors.notify.polling import _token
from connectors.notify.receipts import Receipt, translate
from hub.contracts.cases import CustomerInformed
from hub.model.errors import Misconfigured, Rejected, Unavailable
from tests.connectors.notify_world import CALLBACKS, OTHER, RECEIVED, SECRET, SERVICE, STATUSES, StatusesWorld, message, receipt
from tests.connectors.reading import NOW, read_all
from tests.connectors.worlds import BASE, loaded


def config(**more: Any) -> NotifyStatuses:
    return NotifyStatuses.model_validate(dict(BASE) | STATUSES | more)


def told(said: dict[str, Any]) -> list[CustomerInformed]:
    found = translate(config(), Receipt(place="here", said=said, original=b""))
    return [one.event for one in found if isinstance(one.event, CustomerInformed)]


@pytest.mark.parametrize("said", [message(1), receipt(1)])
def test_what_was_delivered_informed_the_customer_of_the_case_it_refers_to(said: dict[str, Any]) -> None:
    (event,) = told(said)
    assert (event.case_id, str(event.channel), str(event.about)) == ("crm:R1", "SMS", "OUTCOME")
    assert (event.message_id, event.occurred_at.isoformat()) == (said["id"], "2026-11-22T11:59:00+00:00")


@pytest.mark.parametrize(
    ("kind", "status", "informed"),
    [
        ("email", "delivered", True), ("email", "sending", False), ("email", "permanent-failure", False), ("sms", "sent", True),
        ("sms", "pending", False), ("sms", "temporary-failure", False), ("letter", "received", True), ("letter", "accepted", False),
        ("letter", "cancelled", False), ("letter", "validation-failed", False), ("letter", "virus-scan-failed", False),
    ],
)  # fmt: skip
def test_every_status_of_every_kind_of_message_is_known_for_what_it_is(kind: str, status: str, *, informed: bool) -> None:
    assert bool(told(message(1, type=kind, status=status))) is informed


@pytest.mark.parametrize(
    "more",
    [
        {"template": {"id": OTHER}}, {"reference": None}, {"phone_number": "07700900111"}, {"phone_number": "+44 7700 900222"},
        {"phone_number": None, "email_address": "simulate-delivered-2@notifications.service.gov.uk"},
    ],
)  # fmt: skip
def test_messages_of_others_and_smoke_tests_informed_no_customer(more: dict[str, Any]) -> None:
    assert told(message(1, **more)) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"status": "exploded"}, "notify-unknown-status"),
        ({"type": "pigeon"}, "notify-unknown-status"),
        ({"id": "1"}, "notify-malformed"),
        ({"reference": "../1"}, "notify-malformed"),
        ({"completed_at": "2026-11-22T12:00:00"}, "notify-malformed"),
        ({"completed_at": None, "sent_at": None}, "notify-malformed"),
    ],
)
def test_what_notify_never_says_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        told(message(1, **more))


def test_each_template_says_what_it_is_for() -> None:
    assert [str(event.about) for event in told(message(1, template={"id": RECEIVED}))] == ["RECEIPT"]


async def test_a_sweep_goes_back_as_far_as_a_status_may_change(tmp_path: Path) -> None:
    world = StatusesWorld(tmp_path)
    world.messages += [message(number * 1440) for number in (3, 5, 6, 7, 8)]
    async with world.source(NOW) as source:
        read = await read_all(source)
    assert [len(page.records) for page in read.pages] == [3, 3, 3, 3]
    assert read.cursor == '{"older_than":"","until":""}'


async def test_the_limit_of_calls_is_waited_out_and_a_key_of_nobody_stops(tmp_path: Path) -> None:
    world = StatusesWorld(tmp_path)
    limit = world.troubles()[1]
    with limit:
        async with world.source(NOW) as source:
            with pytest.raises(Unavailable, match="notify: HTTP 429"):
                await source.poll(None)
    async with loaded(tmp_path, STATUSES | {"url": "http://127.0.0.1:9/\0"}, NOW) as source:
        with pytest.raises(Misconfigured, match="url: is not an address"):
            await source.poll(None)


def test_each_call_is_signed_by_the_secret_of_the_key_for_its_service() -> None:
    token = jwt.decode(_token(config().api_key, NOW), OctKey.import_key(SECRET), algorithms=["HS256"])
    assert token.claims == {"iss": SERVICE, "iat": int(NOW.timestamp())}


def test_a_callback_names_no_post_so_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "notify.yaml").write_text(str(dict(BASE) | CALLBACKS))
    door = load_config(tmp_path / "notify.yaml")[1]
    assert isinstance(door, Intake)
    shown = {"authorization": f"Bearer {CALLBACKS['token']}"}
    assert admitted(door, shown, b"1") == admitted(door, shown, b"1") != admitted(door, shown, b"2")
