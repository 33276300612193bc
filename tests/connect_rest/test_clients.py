"""A client that was written for Kafka Connect finds what it knows; whoever may not run the hub finds nothing."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Client
from kafka_connect import KafkaConnect
from requests import HTTPError

from hub.cli.access import record
from hub.connect.repository import Connectors
from hub.privacy.access_record import Kind
from tests.connect_rest.asking import eventually
from tests.connect_rest.calls import CONDITIONS
from tests.connect_rest.hub import Hub, hub_with_connectors, token_of
from tests.services.kafka import Kafka


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, kafka: Kafka) -> Iterator[Hub]:
    with hub_with_connectors(tmp_path_factory.mktemp("hub"), kafka.bootstrap) as found:
        yield found


@pytest.fixture
def client(hub: Hub) -> KafkaConnect:
    """kafka-connect-py, which knows basic authentication and nothing of the hub."""
    return KafkaConnect(url=hub.url, auth=f"tools:{hub.token}")


def test_kafka_connect_py_takes_a_connector_through_its_life(client: KafkaConnect, hub: Hub) -> None:
    assert client.get_cluster_info()["version"] == "4.3.1"
    assert client.list_connectors() == []
    made = client.create_connector({"name": "places", "config": hub.world.config})
    assert (made["name"], made["type"], made["config"]["connector.class"]) == ("places", "source", "gazetteer")
    assert becomes(client, "running")["tasks"][0]["id"] == 0
    assert list(client.list_connectors(expand="status", state="RUNNING")) == ["places"]
    assert [task["id"]["task"] for task in client.list_connector_tasks("places")] == [0]
    assert client.get_connector_task_status("places", 0)["state"] == "RUNNING"
    client.pause_connector("places")
    becomes(client, "paused")
    client.resume_connector("places")
    becomes(client, "running")
    assert client.restart_connector("places") is None
    assert client.restart_connector("places", include_tasks=True)["connector"]["state"] == "RESTARTING"
    client.restart_connector_task("places", 0)
    becomes(client, "running")
    changed = client.update_connector("places", {**hub.world.config, "every_seconds": "60"})
    assert changed["config"]["every_seconds"] == client.get_connector_config("places")["every_seconds"] == "60"
    assert eventually(lambda: client.list_connector_topics("places")["places"]["topics"]) == ["gazetteer"]
    client.reset_connector_topics("places")
    client.stop_connector("places")
    becomes(client, "stopped")
    client.delete_connector("places")
    assert client.list_connectors() == []


def becomes(client: KafkaConnect, condition: str) -> dict[str, Any]:
    """The connector's status, once it is so."""
    held = CONDITIONS[condition]

    def status() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get_connector_status("places")
        return found if held(found) else None

    return eventually(status)


def test_kafka_connect_py_finds_what_can_be_configured_and_what_is_wrong(client: KafkaConnect, hub: Hub) -> None:
    assert {"gazetteer", "open311", "csv_drop"} <= {each["class"] for each in client.list_connector_plugins()}
    config = {"name": "places", **hub.world.config}
    assert client.validate_connector_config("gazetteer", config)["error_count"] == 0
    del config["folder"]
    verdict = client.validate_connector_config("gazetteer", config)
    assert {each["value"]["name"] for each in verdict["configs"] if each["value"]["errors"]} == {"folder"}
    with pytest.raises(HTTPError, match="400"):
        client.create_connector({"name": "places", "config": config})


@pytest.mark.parametrize(
    "header", ["", "Bearer nobody", f"Basic {base64.b64encode(b'tools:nobody').decode()}", "Basic ?", "Bearer", "Digest nobody"]
)
def test_nobody_is_told_anything_without_a_token(hub: Hub, header: str) -> None:
    with Client(base_url=hub.url, headers={"Authorization": header} if header else {}) as stranger:
        for method, path in (("GET", "/connectors"), ("POST", "/connectors"), ("DELETE", "/connectors/places"), ("GET", "/")):
            answer = stranger.request(method, path)
            assert (answer.status_code, answer.json()["error_code"], answer.headers["www-authenticate"]) == (401, 401, "Bearer")
        assert stranger.get("/health").json()["status"] == "healthy"


def test_an_adviser_is_refused_and_the_refusal_is_on_the_record(hub: Hub) -> None:
    token = token_of(hub.house, "adviser", "adviser")
    with Client(base_url=hub.url, headers={"Authorization": f"Bearer {token}"}) as adviser:
        assert adviser.get("/connectors").status_code == 403
    last = record(hub.house).last(Kind.ACCESS_DENIED)
    assert last is not None
    assert (last.body["role"], last.body["route"], last.body["why"]) == ("adviser", "GET /connectors", "purpose-not-yours")


def test_who_deleted_a_connector_is_on_the_record(hub: Hub) -> None:
    assert hub.client.delete("/connectors/nobody").status_code == 404
    last = record(hub.house).last(Kind.DATA_ACCESSED)
    assert last is not None
    assert (last.body["role"], last.body["route"]) == ("integration-engineer", "DELETE /connectors/{connector}")


def test_what_the_hub_runs_for_itself_is_nobodys_to_delete(hub: Hub) -> None:
    own = [known.name for known in Connectors(store=hub.house.store).all() if known.origin == "hub"]
    assert own == ["policies"]
    assert "policies" not in hub.client.get("/connectors").json()
    for method, path in (("GET", ""), ("DELETE", ""), ("PUT", "/stop"), ("PUT", "/config")):
        assert hub.client.request(method, f"/connectors/policies{path}", json={}).status_code == 404


def test_a_secret_is_neither_shown_nor_lost_when_a_configuration_is_read_and_sent_back(hub: Hub) -> None:
    secret = "tok-5e8f41c09a-7d3b6a2f9c8e1d4b5a60"
    config = {
        "connector.class": "notify_callbacks", "system": "notify", "controller": "tameside", "organisation": "tameside",
        "case_system": "crm", "templates.decided": "OUTCOME", "token": secret,
    }  # fmt: skip
    answers = [hub.client.post("/connectors", json={"name": "receipts", "config": config, "initial_state": "STOPPED"})]
    answers += [hub.client.get(f"/connectors/receipts{path}") for path in ("", "/config", "/tasks", "/status")]
    answers += [hub.client.get("/connectors?expand=info&expand=status")]
    answers += [hub.client.put("/connector-plugins/notify_callbacks/config/validate", json={"name": "receipts", **config})]
    shown = hub.client.get("/connectors/receipts/config").json()
    answers += [hub.client.put("/connectors/receipts/config", json={**shown, "every_seconds": "90"})]
    answers += [hub.client.patch("/connectors/receipts/config", json={"every_seconds": "91"})]
    assert [answer.status_code for answer in answers] == [201, *[200] * 8]
    assert shown["token"] == "[hidden]"
    assert Connectors(store=hub.house.store).find("receipts").config["token"] == secret
    assert [answer.text for answer in answers if secret in answer.text] == []
    referred = hub.client.patch("/connectors/receipts/config", json={"token": "${env:NOTIFY}"}).json()
    assert referred["config"]["token"] == "${env:NOTIFY}"


def test_what_is_wrong_between_settings_is_told_of_the_whole(hub: Hub) -> None:
    config = {
        "name": "receipts", "connector.class": "notify_callbacks", "system": "notify", "controller": "tameside", "organisation": "tameside",
        "case_system": "crm", "templates.decided": "OUTCOME", "token": "t", "signing_secret": "s",
    }  # fmt: skip
    verdict = hub.client.put("/connector-plugins/notify_callbacks/config/validate", json=config).json()
    wrong = {each["value"]["name"]: each["value"]["errors"] for each in verdict["configs"] if each["value"]["errors"]}
    assert wrong == {"connector.class": ["Invalid configuration: give either `token` or `signing_secret`"]}
