"""The receiver that partners are given: nothing altered, stale, repeated or signed by others is acted on."""

import base64
import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from hub.shipped import shipped

NOW = 1_795_392_000
OLD, NEW, STRANGE = (f"whsec_{base64.b64encode(letter * 32).decode()}" for letter in (b"o", b"n", b"s"))
BODY = json.dumps({"type": "foss.hub.notices.tell", "data": {"name": "Margaret", "reference": "ct/1"}}).encode()
Said = tuple[dict[str, str], bytes]
DAMAGED = 10_000


@cache
def receiver() -> Any:
    """The program that is shipped, as a module."""
    spec = importlib.util.spec_from_file_location("webhook", shipped("deploy/consumers") / "python/webhook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(message_id: str = "m-1", body: bytes = BODY, at: int = NOW, *secrets: str) -> Said:
    signed = [Webhook(each).sign(message_id, datetime.fromtimestamp(at, UTC), body.decode()) for each in secrets or (NEW,)]
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": " ".join(signed)}, body


def believed(given: Said, secrets: tuple[str, ...] = (NEW,), now: float = NOW) -> bool:
    try:
        receiver().verified(*given, secrets, now)
    except receiver().Refused:
        return False
    return True


def _body(draw: random.Random, given: Said) -> Said:
    headers, body = given
    place = draw.randrange(len(body))
    flipped = body[:place] + bytes([body[place] ^ (1 << draw.randrange(8))]) + body[place + 1 :]
    return headers, draw.choice([flipped, body[:place], body + b" ", b" " + body, body[:place] + b"x" + body[place:], b""])


def _header(draw: random.Random, given: Said) -> Said:
    headers, body = given
    name = draw.choice(sorted(headers))
    text = headers[name]
    place = draw.randrange(len(text))
    letter = draw.choice("0123456789abcdefABCXYZ+/=_-.,: \té²")
    changed = draw.choice(
        [text[:place] + letter + text[place + 1 :], text[:place] + letter + text[place:], text[:place] + text[place + 1 :], ""]
    )
    return {**headers, name: changed if changed != text else text + "0"}, body


def _spelling(draw: random.Random, given: Said) -> Said:
    headers, body = given
    at, signature = headers["webhook-timestamp"], headers["webhook-signature"]
    other = [
        {"webhook-timestamp": form}
        for form in (f"{at}.0", f" {at}", f"+{at}", f"0{at}", f"{at}_", f"{int(at):e}", hex(int(at)), "nan", "inf", f"-{at}", f"{at}\u0661")
    ]
    other += [
        {"webhook-signature": form}
        for form in (
            signature.removeprefix("v1,"), signature.replace("v1,", "v1a,"), signature.replace("v1,", "V1,"), signature.rstrip("="),
            signature.replace("=", "=="), signature[:-2] + "." + signature[-2:], signature.replace(",", ", "), signature.swapcase(),
            ",", "v1,", "v1", " ".join(["v1,"] * 9) + " " + signature,
        )
    ]  # fmt: skip
    other += [{"webhook-id": form} for form in ("m-1.", f"m-1.{at}", "", "m-2", "m\n-1", "M-1")]
    return {**headers, **draw.choice(other)}, body


def _stale(draw: random.Random, _: Said) -> Said:
    return said("m-1", BODY, NOW + draw.choice([-1, 1]) * draw.randrange(301, 40_000_000))


def _strange(draw: random.Random, _: Said) -> Said:
    return said(f"m-{draw.randrange(1000)}", BODY, NOW, draw.choice([STRANGE, OLD]))


def _mixed(draw: random.Random, given: Said) -> Said:
    """The signature of another message of theirs, or one whose parts were moved about."""
    other, body = said(f"m-{draw.randrange(2, 1000)}", b"7." + BODY, NOW - draw.randrange(200))
    moved = {**other, "webhook-id": f"{other['webhook-id']}.{other['webhook-timestamp']}", "webhook-timestamp": "7"}
    return draw.choice([(given[0], body), ({**given[0], "webhook-signature": other["webhook-signature"]}, given[1]), (moved, body[2:])])


WAYS: tuple[Callable[[random.Random, Said], Said], ...] = (_body, _header, _spelling, _stale, _strange, _mixed)


def test_of_ten_thousand_that_are_altered_stale_or_signed_by_others_none_is_believed() -> None:
    draw, good = random.Random(20261123), said()
    assert believed(good)
    spoilt = [draw.choice(WAYS)(draw, good) for _ in range(DAMAGED)]
    assert [each for each in spoilt if each != good and believed(each)] == []
    assert sum(each != good for each in spoilt) >= DAMAGED - 100


def test_the_parts_of_a_message_cannot_be_moved_about() -> None:
    headers, body = said("m-1", b"7." + BODY)
    moved = {**headers, "webhook-id": f"m-1.{NOW}", "webhook-timestamp": "7"}
    assert believed((headers, body))
    assert not believed((moved, BODY), now=7)


@pytest.mark.parametrize(("old", "new", "good"), [(True, False, True), (True, True, True), (False, True, True), (False, False, False)])
def test_no_message_is_lost_while_one_secret_replaces_the_other(*, old: bool, new: bool, good: bool) -> None:
    both = said("m-1", BODY, NOW, OLD, NEW)
    known = tuple(secret for secret, has in ((OLD, old), (NEW, new)) if has) or (STRANGE,)
    assert believed(both, known) is good


@pytest.mark.parametrize(("seconds", "good"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_clocks_may_differ_by_five_minutes(seconds: int, good: bool) -> None:  # noqa: FBT001 - of the table
    assert believed(said(), now=NOW + seconds) is good


def test_what_was_acted_on_is_not_acted_on_again_and_what_failed_is(tmp_path: Path) -> None:
    acted: list[str] = []
    seen = receiver().Seen(tmp_path / "seen.db")
    with pytest.raises(ZeroDivisionError):
        seen.new("m-1", lambda: 1 // 0)
    assert [seen.new("m-1", lambda: acted.append("m-1")) for _ in range(3)] == [True, False, False]
    assert receiver().Seen(tmp_path / "seen.db").new("m-1", lambda: acted.append("again")) is False
    assert acted == ["m-1"]


def test_the_shipped_receiver_takes_each_notice_once_and_refuses_the_rest(tmp_path: Path) -> None:
    environment = {**os.environ, "SECRETS": f"{OLD} {NEW}", "SEEN": str(tmp_path / "seen.db"), "PORT": "0"}
    program = shipped("deploy/consumers") / "python/webhook.py"
    with subprocess.Popen([sys.executable, program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            port = int(running.stderr.readline().rpartition(" ")[2])
            headers, body = said("m-1", BODY, int(datetime.now(UTC).timestamp()))
            again = [posted(port, headers, body) for _ in range(2)]
            refused = [posted(port, headers, body + b" "), posted(port, {**headers, "webhook-id": "m-2"}, body), posted(port, {}, body)]
        finally:
            running.terminate()
        told, complained = running.communicate()
    assert (again, refused) == ([204, 204], [400, 400, 400])
    assert [json.loads(line) for line in told.splitlines()] == [{"name": "Margaret", "reference": "ct/1"}]
    assert "Margaret" not in complained


def posted(port: int, headers: dict[str, str], body: bytes) -> int:
    """What it answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status
