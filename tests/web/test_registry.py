"""The schema registry as clients of Confluent's know it: what is there is found, what is not is said in their codes, nothing is changed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError
from httpx2 import Client

from hub.contracts.subjects import event_subjects, subjects
from hub.sharing.versions import notice_versions
from hub.web.registry import MEDIA_TYPE, registry
from tests.contracts.agreed import SCHEMAS, contracts
from tests.web.conftest import served

CASES = "cases-foss.hub.CaseOpened"
MISREAD = "field number is written as {0} and read as {1}: type mismatch (reader type: {1} not compatible with writer type: {0})"
HOUSING = "tell-us-once-registered-housing-provider-value"


@pytest.fixture(scope="module")
def http() -> Iterator[Client]:
    held = subjects([*event_subjects(contracts()), *notice_versions(SCHEMAS)])
    with served(registry(lambda: held)) as client:
        yield client


@pytest.fixture(scope="module")
def client(http: Client) -> Iterator[SchemaRegistryClient]:
    """Confluent's own client."""
    with SchemaRegistryClient({"url": str(http.base_url).rstrip("/")}) as client:
        yield client


def newest(http: Client, subject: str) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"/subjects/{subject}/versions/latest").json()
    return found


def changed(http: Client, subject: str, *, without: str = "", **more: Any) -> dict[str, str]:
    """The body that asks for the newest schema with one field left out, or one more."""
    schema = json.loads(newest(http, subject)["schema"])
    schema["fields"] = [field for field in schema["fields"] if field["name"] != without]
    return {"schema": json.dumps(schema | {"fields": [*schema["fields"], *([more] if more else [])]})}


def test_every_schema_has_its_wire_id_under_a_subject_of_its_topic(http: Client) -> None:
    for schema in contracts().schemas.values():
        assert json.loads(http.get(f"/schemas/ids/{schema.id}").json()["schema"]) == dict(schema.avro)
    assert newest(http, CASES)["id"] in contracts().schemas
    assert {CASES, HOUSING} <= set(http.get("/subjects").json())
    assert http.get("/subjects", params={"subjectPrefix": "tell-us-once-registered"}).json() == [HOUSING]


def test_confluents_client_finds_ids_versions_and_levels(client: SchemaRegistryClient) -> None:
    latest = client.get_latest_version(HOUSING)
    assert (client.get_version(HOUSING, 1).schema_id or 0) >= 1 << 30
    assert client.get_versions(HOUSING)[-1] == latest.version
    assert client.lookup_schema(HOUSING, Schema(latest.schema.schema_str or "", "AVRO")).schema_id == latest.schema_id
    assert client.get_compatibility(HOUSING) == client.get_compatibility() == "FULL_TRANSITIVE"
    assert client.get_schema(latest.schema_id or 0).schema_str == latest.schema.schema_str


def test_a_schema_that_is_there_is_registered_under_its_id_and_written_in_other_letters_too(client: SchemaRegistryClient) -> None:
    latest = client.get_latest_version(HOUSING)
    bare = json.loads(latest.schema.schema_str or "")
    bare["fields"] = [{key: value for key, value in field.items() if key not in {"doc", "confluent:tags"}} for field in bare["fields"]]
    for text in (latest.schema.schema_str or "", json.dumps(bare, indent=2)):
        assert client.register_schema(HOUSING, Schema(text, "AVRO")) == latest.schema_id


def test_a_new_schema_is_refused_and_an_incompatible_one_with_its_reasons(client: SchemaRegistryClient, http: Client) -> None:
    compatible = changed(http, HOUSING, name="hobby", type=["null", "string"], default=None)
    with pytest.raises(SchemaRegistryError) as read_only:
        client.register_schema(HOUSING, Schema(compatible["schema"], "AVRO"))
    assert (read_only.value.http_status_code, read_only.value.error_code) == (422, 42205)
    answer = http.post(f"/subjects/{HOUSING}/versions", json=changed(http, HOUSING, without="purpose"))
    assert (answer.status_code, answer.json()["error_code"]) == (409, 409)
    assert "version 1 cannot read this schema: field purpose is not written, and has no default to read instead" in answer.json()["message"]


@pytest.mark.parametrize(
    ("without", "more", "reasons"),
    [
        ("", {"name": "hobby", "type": ["null", "string"], "default": None}, []),
        ("name", {}, []),
        ("", {"name": "hobby", "type": "string"},
         ["this schema cannot read version 1: field hobby is not written, and has no default to read instead"]),
        ("number", {"name": "number", "type": "string"},
         [f"this schema cannot read version 1: {MISREAD.format('int', 'string')}",
          f"version 1 cannot read this schema: {MISREAD.format('string', 'int')}"]),
    ],
)  # fmt: skip
def test_compatibility_is_judged_with_reasons_in_words(http: Client, without: str, more: dict[str, Any], reasons: list[str]) -> None:
    body = changed(http, HOUSING, without=without, **more)
    for version in ("/1", "/latest", ""):
        answer = http.post(f"/compatibility/subjects/{HOUSING}/versions{version}", params={"verbose": "true"}, json=body).json()
        assert answer == {"is_compatible": not reasons, "messages": reasons}
    assert http.post(f"/compatibility/subjects/{HOUSING}/versions/1", json=body).json() == {"is_compatible": not reasons}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/schemas/ids/999999999", None, 404, 40403),
        ("GET", "/schemas/ids/ten", None, 404, 404),
        ("GET", "/subjects/nobody/versions", None, 404, 40401),
        ("GET", f"/subjects/{CASES}/versions/99", None, 404, 40402),
        ("GET", f"/subjects/{CASES}/versions/0", None, 422, 42202),
        ("GET", f"/subjects/{CASES}/versions/newest", None, 422, 42202),
        ("GET", "/config/nobody", None, 404, 40408),
        ("GET", "/mode/nobody", None, 404, 40409),
        ("GET", "/nowhere", None, 404, 404),
        ("POST", "/subjects/nobody", {"schema": '"string"'}, 404, 40401),
        ("POST", f"/subjects/{CASES}", {"schema": '"string"'}, 404, 40403),
        ("POST", f"/subjects/{CASES}", {"schema": "{"}, 422, 42201),
        ("POST", f"/subjects/{CASES}", {"schema": json.dumps({"type": "record", "name": "A", "fields": [{"name": "a", "type": "A"}]})},
         422, 42201),
        ("POST", f"/subjects/{CASES}", {"schema": '"string"', "schemaType": "PROTOBUF"}, 422, 42201),
        ("POST", f"/subjects/{CASES}", {"scheme": 1}, 422, 42201),
        ("POST", "/subjects/new-value/versions", {"schema": '"string"'}, 422, 42205),
        ("PUT", "/config", {"compatibility": "NONE"}, 422, 42205),
        ("PUT", f"/mode/{CASES}", {"mode": "IMPORT"}, 422, 42205),
        ("DELETE", f"/subjects/{CASES}", None, 422, 42205),
        ("DELETE", f"/subjects/{CASES}/versions/1", None, 422, 42205),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_confluents_codes(http: Client, method: str, path: str, body: Any, status: int, code: int) -> None:
    answer = http.request(method, path, json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert answer.json().keys() == {"error_code", "message"}
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_a_body_that_is_no_json_is_refused_without_its_words(http: Client) -> None:
    answer = http.post(f"/subjects/{CASES}", content=b"{SMITH", headers={"Content-Type": MEDIA_TYPE})
    assert (answer.status_code, answer.json()["error_code"], "SMITH" in answer.text) == (400, 400, False)


def test_tools_that_look_around_are_answered(http: Client) -> None:
    assert (http.get("/").json(), http.get("/schemas/types").json(), http.get("/contexts").json()) == ({}, ["AVRO"], ["."])
    assert http.get("/mode").json() == {"mode": "READONLY"}
    wire_id = newest(http, CASES)["id"]
    assert http.get(f"/schemas/ids/{wire_id}/subjects").json() == [CASES]
    assert http.get(f"/schemas/ids/{wire_id}/versions").json()[-1] == {"subject": CASES, "version": newest(http, CASES)["version"]}
    assert http.get(f"/subjects/{CASES}/versions/1/schema").json()["name"] == "CaseOpened"
    assert http.get(f"/subjects/{CASES}/versions/1/referencedby").json() == []
    assert len(http.get("/schemas", params={"subjectPrefix": HOUSING, "latestOnly": "true"}).json()) == 1
