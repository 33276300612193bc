"""What others post is taken in only from those who may, kept once, and durable before anybody is told so."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook

from connectors import load_config
from connectors.http_intake import HttpRows, Unwelcome, admitted
from hub.connect import intake as waiting
from hub.connect.intake import Intake, KeyReused
from hub.engine.migrations import upgrade
from hub.engine.postgresql import PostgresqlStore
from hub.model.errors import Misconfigured, Unavailable
from tests.connectors.intake_world import FORMS, TOKEN, form, intake
from tests.connectors.reading import client, read_all
from tests.connectors.worlds import BASE, loaded
from tests.services.made_stores import fill

SECRET, FORMER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2Vjb25kc2Vjb25kc2Vjb25kc2Vjb25kc2Vjb25k"
BODY = orjson.dumps(form(1))


def door(folder: Path, **more: Any) -> HttpRows:
    (folder / "laws.yaml").write_bytes(orjson.dumps(dict(BASE) | FORMS | more))
    config = load_config(folder / "laws.yaml")[1]
    assert isinstance(config, HttpRows)
    return config


def signed(secret: str = SECRET, at: datetime | None = None, body: bytes = BODY) -> dict[str, str]:
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", at, body.decode())
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def test_who_shows_the_token_and_a_key_is_let_in(tmp_path: Path) -> None:
    shown = {"authorization": f"Bearer {TOKEN}", "idempotency-key": "k1"}
    assert admitted(door(tmp_path), shown, BODY) == "k1"


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer another-token", "idempotency-key": "k1"}, 401),
        ({"authorization": f"Basic {TOKEN}", "idempotency-key": "k1"}, 401),
        ({"authorization": "Bearer caf\xe9", "idempotency-key": "k1"}, 401),
        ({"authorization": f"Bearer {TOKEN}"}, 400),
        ({"authorization": f"Bearer {TOKEN}", "idempotency-key": "k" * 201}, 400),
    ],
)
def test_who_does_not_is_turned_away(tmp_path: Path, shown: dict[str, str], status: int) -> None:
    with pytest.raises(Unwelcome) as unwelcome:
        admitted(door(tmp_path), shown, BODY)
    assert unwelcome.value.status == status


@pytest.mark.parametrize("secret", [SECRET, FORMER])
def test_a_webhook_signed_by_either_secret_is_let_in_under_its_own_id(tmp_path: Path, secret: str) -> None:
    config = door(tmp_path, token="", signing_secret=SECRET, former_signing_secret=FORMER)
    assert admitted(config, signed(secret), BODY) == "msg_1"


def test_a_webhook_that_was_changed_is_old_or_is_signed_by_another_is_turned_away(tmp_path: Path) -> None:
    config = door(tmp_path, token="", signing_secret=SECRET)
    late = signed(at=datetime.now(UTC) - timedelta(minutes=6))
    for headers, body in ((signed(), BODY + b" "), (signed(FORMER), BODY), (late, BODY), ({}, BODY), (signed(), b"\xff")):
        with pytest.raises(Unwelcome):
            admitted(config, headers, body)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"token": ""}, "give either `token` or `signing_secret`"),
        ({"signing_secret": SECRET}, "give either `token` or `signing_secret`"),
        ({"token": "short"}, "fewer than 16"),
        ({"token": "", "signing_secret": "whsec_%"}, "whsec_ and base64"),
    ],
)
def test_a_door_that_anybody_could_open_is_refused(tmp_path: Path, more: dict[str, str], why: str) -> None:
    with pytest.raises(Misconfigured, match=why) as wrong:
        door(tmp_path, **more)
    assert not any(secret in str(wrong.value) for secret in (TOKEN, SECRET))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Intake]:
    with intake(tmp_path / "intake.sqlite") as kept:
        yield kept


def test_what_is_handed_in_again_is_kept_once(kept: Intake) -> None:
    assert [kept.hand_in("e-forms", key, BODY) for key in ("a", "a", "b")] == [True, False, True]
    assert len(kept.after("e-forms", 0, 10)) == 2


def test_many_at_once_are_kept_once_each_and_in_order_on_postgresql(postgresql: str) -> None:
    fill(postgresql.replace("postgresql://", "postgresql+psycopg://"), upgrade)
    store = PostgresqlStore(postgresql, "laws")
    kept = Intake(store=store, seal=lambda body, _: body, open_box=lambda box, _: box)
    try:
        with ThreadPoolExecutor(6) as many:
            new = list(many.map(lambda number: kept.hand_in("e-forms", str(number % 30), BODY), range(60)))
        seen = [post.seq for post in kept.after("e-forms", 0, 100)]
    finally:
        store.close()
    assert (new.count(True), len(seen), seen) == (30, 30, sorted(seen))


def test_one_key_is_not_for_two_things(kept: Intake) -> None:
    kept.hand_in("e-forms", "a", BODY)
    with pytest.raises(KeyReused):
        kept.hand_in("e-forms", "a", b"{}")


def test_while_too_much_waits_the_next_is_asked_to_come_again(kept: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 2)
    kept.hand_in("e-forms", "a", BODY)
    kept.hand_in("e-forms", "b", BODY)
    with pytest.raises(Unavailable):
        kept.hand_in("e-forms", "c", BODY)
    assert kept.hand_in("another", "c", BODY)


async def test_a_body_whose_key_is_gone_is_set_aside_as_erased(tmp_path: Path, kept: Intake) -> None:
    from hub.model.errors import Rejected  # noqa: PLC0415 - what a store of keys says

    def gone(_box: bytes, _place: str) -> bytes:
        raise Rejected("erased")

    kept.hand_in("e-forms", "a", BODY)
    erased = Intake(store=kept.store, seal=kept.seal, open_box=gone)
    async with loaded(tmp_path, FORMS, datetime.now(UTC), handed_in=erased) as source:
        assert [bad.code for bad in (await read_all(source)).bad] == ["erased"]


async def test_a_post_may_hold_a_list_and_records_of_several_kinds(tmp_path: Path, kept: Intake) -> None:
    layout = FORMS["layouts"][0]
    settings = FORMS | {"records_at": "data.forms", "type_at": "type", "layouts": [layout | {"pattern": "form.*"}]}
    listed = [form(1, type="form.sent"), form(2, type="form.begun"), form(3, type="survey.sent")]
    kept.hand_in("e-forms", "a", orjson.dumps({"data": {"forms": listed}}))
    async with loaded(tmp_path, settings, datetime.now(UTC), handed_in=kept) as source:
        read = await read_all(source)
    assert (read.count()["CaseOpened"], [(bad.origin, bad.code) for bad in read.bad]) == (2, [("post 1:3", "record-unmapped")])


async def test_without_a_place_for_posts_the_connector_says_so(tmp_path: Path) -> None:
    async with client(), loaded(tmp_path, FORMS, datetime.now(UTC)) as source:
        with pytest.raises(Misconfigured, match="nothing can be handed in here"):
            await source.poll(None)
