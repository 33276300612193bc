"""What goes wrong is said as problem details, and never repeats what was sent."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from hub.logs import _structured
from hub.model.errors import Misconfigured, Unavailable
from hub.web import loopback, open_door
from tests.engine_harness import running
from tests.web.conftest import BINS, CALL, Town, made_app, served

CANARY = "QQ123456C"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One hub for all of these: nothing they send leaves a trace."""
    with running(tmp_path_factory.mktemp("town")) as engine, served(made_app(engine)) as client:
        yield Town(engine=engine, client=client)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What this process logs, as in service."""
    before, stream = structlog.get_config(), StringIO()
    structlog.configure(processors=[_structured], logger_factory=structlog.PrintLoggerFactory(stream))
    yield stream
    structlog.configure(**before)


@pytest.mark.parametrize(
    "body",
    [
        BINS | {"kind": CANARY},
        BINS | {"latitude": CANARY},
        BINS | {"occurred_at": CANARY},
        BINS | {CANARY: 1},
        BINS | {"service": f"{CANARY} !"},
        BINS | {"owner": [CANARY]},
        BINS | {"owner": {CANARY: CANARY}},
        {"kind": CANARY},
        [CANARY],
        CANARY,
    ],
)
def test_a_request_that_makes_no_sense_is_refused_without_an_echo(town: Town, body: Any) -> None:
    answer = town.post("/v1/cases", body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert answer.json()["errors"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 30_000, b'{"channel": "' + b"\xc3" + b'"}'])
def test_a_body_that_is_not_json_is_a_problem_of_the_asker(town: Town, body: bytes) -> None:
    headers = {"Idempotency-Key": "12345678", "Content-Type": "application/json"}
    answer = town.client.post("/v1/contacts", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_asker_names_every_request(town: Town) -> None:
    assert town.client.post("/v1/contacts", json=CALL).status_code == 422
    assert town.post("/v1/contacts", CALL, key="short").status_code == 422


def test_nothing_happens_in_the_future(town: Town) -> None:
    answer = town.post("/v1/cases", BINS | {"occurred_at": "2099-01-01T00:00:00Z"})
    assert answer.json()["type"] == "urn:hub:problem:date-in-the-future"


def test_an_unknown_place_and_an_unknown_way_of_asking_are_problems_too(town: Town) -> None:
    nowhere, put = town.client.get("/v1/nothing"), town.client.put("/v1/cases")
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "urn:hub:problem:not-found")
    assert (put.status_code, put.headers["allow"], put.json()["status"]) == (405, "GET, POST", 405)


def test_a_body_is_at_most_64_kilobytes_whether_announced_or_not(town: Town) -> None:
    long = b'{"notes": "' + b"a" * 70_000 + b'"}'
    headers = {"Idempotency-Key": "12345678", "Content-Type": "application/json"}
    announced = town.client.post("/v1/contacts", content=long, headers=headers)
    in_pieces = town.client.post("/v1/contacts", content=iter([long[:50_000], long[50_000:]]), headers=headers)
    assert (announced.status_code, in_pieces.status_code) == (413, 413)
    assert in_pieces.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:1", 200), ("127.0.0.1", 200), ("[::1]:8080", 200), ("evil.example", 421), ("10.0.0.1", 421)]
)
def test_a_page_elsewhere_whose_name_leads_here_is_turned_away(town: Town, host: str, status: int) -> None:
    assert town.client.get("/livez", headers={"Host": host}).status_code == status


def test_no_answer_is_kept_by_a_browser_or_framed_by_a_page(town: Town) -> None:
    headers = town.client.get("/v1/cases").headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_bug_answers_without_what_was_sent_and_logs_where_it_was(town: Town, log: StringIO) -> None:
    with served(made_app(town.engine, now=_broken)) as client:
        answer = client.post("/v1/cases", json=BINS | {"description": CANARY}, headers={"Idempotency-Key": "12345678"})
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:hub:problem:bug")
    assert CANARY not in answer.text + log.getvalue()
    assert "ValueError" in log.getvalue()
    assert "_broken" in log.getvalue()


def _broken() -> Any:
    raise ValueError(CANARY)


def test_a_store_that_is_away_is_said_so_and_the_same_key_may_ask_again(town: Town) -> None:
    def away() -> Any:
        raise Unavailable("the store")

    with served(made_app(town.engine, now=away)) as client:
        answer = client.post("/v1/cases", json=BINS, headers={"Idempotency-Key": "12345678"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org", "", "127.0.0.1.evil.example"])  # noqa: S104 - refused
def test_only_this_machine_can_be_listened_on(host: str) -> None:
    with pytest.raises(Misconfigured, match=r"web\.host"):
        loopback(host)


def test_a_taken_port_is_said(town: Town) -> None:
    with pytest.raises(Misconfigured, match=r"web\.port"):
        open_door("127.0.0.1", town.client.base_url.port or 0)
