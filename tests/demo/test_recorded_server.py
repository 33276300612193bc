"""The recorded server gives what was recorded, byte for byte, and honours the question as GeoReport v2 does."""

from collections.abc import Iterator

import orjson
import pytest
from httpx2 import Client

from hub.demo.recorded_server import FILES, recorded_server
from tests.connectors.reading import RECORDINGS

ALL = {"start_date": "2018-07-01T00:00:00Z", "end_date": "2018-09-01T00:00:00Z"}


@pytest.fixture(scope="module")
def recorded() -> Iterator[Client]:
    with recorded_server(RECORDINGS) as url, Client(base_url=url, trust_env=False) as client:
        yield client


def bytes_of(name: str) -> bytes:
    return (RECORDINGS / FILES[name]).read_bytes()


@pytest.mark.parametrize("name", [name for name in FILES if "services" in name])
def test_lists_of_services_are_the_recorded_bytes(recorded: Client, name: str) -> None:
    assert recorded.get(f"/{name}").content == bytes_of(name)


def test_all_requests_of_a_recording_are_the_recorded_bytes(recorded: Client) -> None:
    assert recorded.get("/toronto/requests.xml", params=ALL).content == bytes_of("toronto/requests.xml")
    july = {"start_date": "2014-07-01T00:00:00Z", "end_date": "2014-08-01T00:00:00Z"}
    assert recorded.get("/chicago-july-2014/requests.json", params=july).content == bytes_of("chicago-july-2014/requests.json")


def test_a_window_gives_the_requests_made_within_it_as_recorded(recorded: Client) -> None:
    reply = recorded.get("/chicago/requests.json", params={"start_date": "2014-09-28T06:00:00Z", "end_date": "2014-12-27T06:00:00Z"})
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    found = orjson.loads(reply.content)
    assert len(found) == 7
    assert all(orjson.dumps(request["service_request_id"]) in bytes_of("chicago/requests.json") for request in found)
    assert reply.content.strip(b"[]").split(b'{"service_request_id"')[1] in bytes_of("chicago/requests.json")


def test_without_a_window_the_last_ninety_days_of_the_recording_are_given(recorded: Client) -> None:
    assert len(orjson.loads(recorded.get("/chicago/requests.json").content)) == 7


def test_requests_named_by_number_override_the_window(recorded: Client) -> None:
    numbers = {"service_request_id": "14-00684314,14-02155558"} | ALL
    assert len(orjson.loads(recorded.get("/chicago/requests.json", params=numbers).content)) == 2


def test_status_and_service_code_narrow_the_question(recorded: Client) -> None:
    year = {"start_date": "2014-10-01T00:00:00Z", "end_date": "2014-12-30T00:00:00Z"}
    assert len(orjson.loads(recorded.get("/chicago/requests.json", params=year | {"status": "open"}).content)) == 1
    assert orjson.loads(recorded.get("/chicago/requests.json", params=year | {"service_code": "none"}).content) == []


def test_a_single_request_is_that_request(recorded: Client) -> None:
    single = recorded.get("/toronto/requests/101005420892.xml").content
    assert b"101005420892" in single
    assert b"101005420894" not in single
    assert single.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<service_requests>\n  <request>')


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/nowhere/requests.json", 404),
        ("/chicago/requests.xml", 404),
        ("/chicago/requests/0.json", 404),
        ("/nowhere/discovery.json", 404),
        ("/../../etc/passwd", 404),
        ("/chicago/requests.json?start_date=2014-01-01T00:00:00Z&end_date=2014-12-31T00:00:00Z", 400),
        ("/chicago/requests.json?start_date=2014-01-01T00:00:00&end_date=2014-02-01T00:00:00Z", 400),
        ("/chicago/requests.json?start_date=yesterday", 400),
    ],
)
def test_a_question_it_cannot_answer_is_refused_as_the_specification_says(recorded: Client, path: str, code: int) -> None:
    reply = recorded.get(path)
    assert reply.status_code == code
    assert f"{code}".encode() in reply.content


def test_the_discovery_document_names_the_server_itself(recorded: Client) -> None:
    endpoint = orjson.loads(recorded.get("/chicago/discovery.json").content)["endpoints"][0]
    assert endpoint["url"].endswith("/chicago")
    assert recorded.get(f"{endpoint['url']}/requests.json").status_code == 200
