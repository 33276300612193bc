"""An endpoint is swept window by window; whatever it does meanwhile, no request is passed over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from hub.model.errors import Misconfigured, Unavailable
from tests.connectors.endpoints import Endpoint, request, source
from tests.connectors.reading import NOW, RECORDINGS, Read, client, read_all
from tests.services.scripted_http import Reply, scripted_http

T = TypeVar("T")

EMPTY = Reply(body=b"[]")


def window(path: str) -> tuple[datetime, datetime]:
    asked = parse_qs(urlsplit(path).query)
    return datetime.fromisoformat(asked["start_date"][0]), datetime.fromisoformat(asked["end_date"][0])


def noting(asked: list[T], what: Callable[[str], T]) -> Callable[[str], Reply]:
    """Answers nothing, and notes what was asked."""

    def answer(path: str) -> Reply:
        asked.append(what(path))
        return EMPTY

    return answer


async def sweep(answer: Callable[[str], Reply], cursor: str | None = None, *, now: datetime = NOW, **more: object) -> Read:
    with scripted_http(answer) as url:
        async with client() as http:
            return await read_all(source(http, now, url=url, **more), cursor)


def references(read: Read) -> list[str]:
    return [str(record.fields["service_request_id"]) for record in read.records]


async def test_windows_are_of_ninety_days_and_meet_without_a_gap() -> None:
    asked: list[tuple[datetime, datetime]] = []
    await sweep(noting(asked, window))
    assert asked[0][0] == datetime(2026, 1, 1, tzinfo=UTC)
    assert all(end - start <= timedelta(days=90) for start, end in asked)
    assert all(later[0] == earlier[1] for earlier, later in pairwise(asked))
    assert asked[-1][1] > NOW


async def test_after_a_full_sweep_only_the_last_days_are_asked_for_until_the_next_is_due() -> None:
    asked: list[tuple[datetime, datetime]] = []
    first = await sweep(noting(asked, window))
    asked.clear()
    await sweep(noting(asked, window), first.cursor, now=NOW + timedelta(hours=1), look_back_days=30)
    assert asked[0][0] == NOW + timedelta(hours=1) - timedelta(days=30)
    asked.clear()
    await sweep(noting(asked, window), first.cursor, now=NOW + timedelta(hours=24))
    assert asked[0][0] == datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_reply_that_may_have_been_cut_short_is_asked_for_by_halves_until_all_is_there() -> None:
    endpoint = Endpoint(500, most=100)
    read = await sweep(lambda path: Reply(body=endpoint.reply(*window(path))), reply_limit=100)
    assert set(references(read)) == {str(number) for number in range(500)}


async def test_a_poll_resumed_from_any_cursor_brings_what_is_left() -> None:
    endpoint = Endpoint(60, most=20)
    read = await sweep(lambda path: Reply(body=endpoint.reply(*window(path))), reply_limit=20)
    seen: set[str] = set()
    for page in read.pages[:-1]:
        seen |= {record.fields["service_request_id"] for record in page.records}
        rest = await sweep(lambda path: Reply(body=endpoint.reply(*window(path))), page.cursor, reply_limit=20)
        assert seen | set(references(rest)) == {str(number) for number in range(60)}


async def test_more_requests_in_a_second_than_the_endpoint_gives_are_never_passed_over() -> None:
    full = Reply(body=orjson.dumps([request(str(number)) for number in range(10)]))
    with pytest.raises(Unavailable, match="within one second"):
        await sweep(lambda _path: full, reply_limit=10)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 429])
async def test_an_endpoint_that_is_down_or_busy_is_waited_for(status: int) -> None:
    with pytest.raises(Unavailable, match=f"HTTP {status}") as outage:
        await sweep(lambda _path: Reply(status=status, headers={"Retry-After": "7"}))
    assert outage.value.retry_after == 7


async def test_a_date_to_come_back_at_is_understood() -> None:
    with pytest.raises(Unavailable) as outage:
        await sweep(lambda _path: Reply(status=503, headers={"Retry-After": "Sun, 22 Nov 2026 12:01:00 GMT"}))
    assert outage.value.retry_after == 60


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410])
async def test_an_endpoint_that_refuses_the_question_is_a_fault_of_the_configuration(status: int) -> None:
    with pytest.raises(Misconfigured, match=f"HTTP {status}"):
        await sweep(lambda _path: Reply(status=status, headers={"Location": "http://127.0.0.1:1/"}))


async def test_nobody_at_the_address_is_an_outage() -> None:
    async with client() as http:
        with pytest.raises(Unavailable, match="ConnectError"):
            await source(http, url="http://127.0.0.1:1").poll(None)


async def test_a_reply_that_breaks_off_is_an_outage() -> None:
    with pytest.raises(Unavailable, match="RemoteProtocolError"):
        await sweep(lambda _path: Reply(body=orjson.dumps([request()]), cut=10))


async def test_a_page_of_html_is_set_aside_whole_and_the_sweep_goes_on() -> None:
    page = b"<html>Back soon</html>"
    read = await sweep(lambda _path: Reply(body=page))
    assert {(bad.code, bad.original) for bad in read.bad} == {("open311-unreadable", page)}
    assert read.pages[-1].more is False


async def test_what_is_no_request_among_requests_is_set_aside_alone() -> None:
    body = orjson.dumps([request("1"), "oh dear", request("2")])
    read = await sweep(lambda _path: Reply(body=body), until="2026-02-01T00:00:00Z")
    assert references(read) == ["1", "2"]
    assert [(bad.origin, bad.code, bad.original) for bad in read.bad] == [
        ("requests 2026-01-01T00:00:00Z #1", "open311-malformed", b'"oh dear"')
    ]


@pytest.mark.parametrize(
    "body",
    [
        orjson.dumps({"service_requests": [request("7")]}),
        orjson.dumps({"service_requests": {"request": [request("7")]}}),
        orjson.dumps({"request": request("7")}),
        orjson.dumps(request("7")),
        orjson.dumps([request(service_request_id=7)]),
    ],
)
async def test_requests_are_found_however_they_are_wrapped(body: bytes) -> None:
    assert references(await sweep(lambda _path: Reply(body=body), until="2026-02-01T00:00:00Z")) == ["7"]


async def test_a_reply_larger_than_the_hub_reads_is_asked_for_by_halves() -> None:
    huge, asked = b"[" + b" " * 17_000_000 + b"]", []

    def answer(path: str) -> Reply:
        start, end = window(path)
        asked.append(end - start)
        return Reply(body=huge if end - start > timedelta(days=50) else b"[]")

    await sweep(answer)
    assert max(asked) > timedelta(days=50) >= asked[-1]


async def test_the_endpoint_is_found_by_its_discovery_document() -> None:
    asked: list[str] = []

    def answer(path: str) -> Reply:
        asked.append(path)
        return Reply(body=document if path == "/discovery.json" else b"<service_requests/>")

    with scripted_http(answer) as url:
        old = {"specification": "http://wiki.open311.org/GeoReport_v1", "url": f"{url}/v1", "type": "production"}
        test = {"specification": "http://wiki.open311.org/GeoReport_v2", "url": f"{url}/test", "type": "test"}
        good = test | {"url": f"{url}/v2/", "type": "production", "formats": ["text/xml"]}
        document = orjson.dumps({"endpoints": [old, test, good]})
        async with client() as http:
            await read_all(source(http, url=None, discovery=f"{url}/discovery.json"))
    assert {urlsplit(path).path for path in asked} == {"/discovery.json", "/v2/requests.xml"}


@pytest.mark.parametrize("endpoints", [[], [{"specification": "GeoReport_v2", "url": "file:///etc/passwd"}], "none"])
async def test_a_discovery_document_without_an_endpoint_of_use_is_a_fault_of_the_configuration(endpoints: object) -> None:
    with scripted_http(lambda _path: Reply(body=orjson.dumps({"endpoints": endpoints}))) as url:
        async with client() as http:
            with pytest.raises(Misconfigured, match=r"open311-(no-endpoint|endpoint-not-https)"):
                await source(http, url=None, discovery=f"{url}/discovery.json").poll(None)


async def test_updates_are_swept_after_the_requests() -> None:
    asked: list[str] = []
    await sweep(noting(asked, lambda path: urlsplit(path).path), updates=True, until="2026-02-01T00:00:00Z")
    assert asked == ["/requests.json", "/servicerequestupdates.json"]


async def test_the_jurisdiction_is_named_where_the_endpoint_serves_several() -> None:
    asked: list[str] = []
    await sweep(noting(asked, str), jurisdiction="tameside.gov.uk", until="2026-02-01T00:00:00Z")
    assert "jurisdiction_id=tameside.gov.uk" in asked[0]


@pytest.mark.parametrize("cursor", ["", "{}", "null", '{"feed": 1}', "from another age"])
async def test_a_cursor_that_cannot_be_read_begins_anew(cursor: str) -> None:
    read = await sweep(lambda _path: Reply(body=orjson.dumps([request()])), cursor, until="2026-02-01T00:00:00Z")
    assert references(read) == ["1"]


async def test_the_recorded_list_of_services_reads_in_both_formats() -> None:
    from connectors.open311.replies import items  # noqa: PLC0415 - one law of the replies beside those of the polls

    giessen = items((RECORDINGS / "giessen/real_services_giessen.xml").read_bytes(), "xml")
    assert (len(giessen), giessen[3]["service_name"], giessen[0]["description"]) == (8, "Verkehrsschild beschädigt", None)
    assert len(items((RECORDINGS / "chicago/real_service_list.json").read_bytes(), "json")) == 3
