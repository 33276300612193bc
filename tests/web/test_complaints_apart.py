"""Complaints are written by those who are trusted with them, and by nobody from the services complained of."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from httpx2 import Client, Response
from prometheus_client import CollectorRegistry

from hub.engine.answering import store_answers
from hub.engine.commanding import Commander
from hub.engine.reading import Reading
from hub.engine.waiting import Waiting
from hub.level_policies import known
from hub.privacy.accounts import Tie
from hub.shipped import shipped
from hub.web import Desk, Readiness, app
from hub.web.threads import Threads
from tests.engine_harness import running
from tests.pages.hall import COUNCIL, Hall, made_entrance, now
from tests.web.conftest import served
from tests.web.test_complaints import CORPORATE


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder: Path = tmp_path_factory.mktemp("office")
    with running(folder, controller=COUNCIL) as engine:
        house, entrance = engine.house, made_entrance(engine)
        commander = Commander(
            store=house.store, contracts=house.contracts, keys=house.keys, digest_key=house.instance.id_secret, controller=COUNCIL
        )
        desk = Desk(
            commander=commander, reading=Reading(store=house.store, contracts=house.contracts),
            waiting=Waiting(store=house.store, routes=engine.bundle.routes), now=now, threads=Threads(4), levels=known(shipped("policies")),
        )  # fmt: skip
        readiness = Readiness({"store": store_answers(house.store)}, every=0.05, stale=0.5)
        with served(app(desk=desk, readiness=readiness, registry=CollectorRegistry(), entrance=entrance)) as client:
            yield Hall(engine=engine, entrance=entrance, client=client)


def log(office: Hall, client: Client, name: str, purpose: str) -> Response:
    headers = office.program(name, purpose) | {"Idempotency-Key": uuid4().hex}
    return client.post("/v1/complaints", json=CORPORATE, headers=headers)


@pytest.mark.requirement("G09")
def test_only_those_who_are_trusted_with_complaints_log_and_see_them_and_a_refusal_is_on_record(office: Hall) -> None:
    trusted = office.account("service-manager", duties=("complaints",))
    logged = log(office, office.client, trusted, "handle-complaint")
    assert logged.status_code == 201, logged.text
    office.engine.settle()
    path = f"/v1/complaints/{logged.json()['id']}"
    assert office.client.get(path, headers=office.program(trusted, "handle-complaint")).json()["subject_type"] == "SERVICES"
    before = denials(office)
    others = [(office.account("service-manager"), "handle-complaint"), (office.account("adviser"), "progress-case")]
    for name, purpose in others:
        assert log(office, office.client, name, purpose).status_code == 403
        assert office.client.get(path, headers=office.program(name, purpose)).status_code == 403
    assert denials(office) == before + 4


def test_nobody_who_is_trusted_with_complaints_opens_or_changes_their_own(office: Hall) -> None:
    own = office.complaint(subject="own-complaint-party")
    name = office.account("service-manager", duties=("complaints",))
    office.entrance.accounts.tie(name, "own-complaint-party", Tie.OWN, how="declared", decided_by="operator")
    headers = office.program(name, "handle-complaint")
    assert office.client.get(f"/v1/complaints/{own}", headers=headers).status_code == 403
    said = {"stage": 2, "reason": "TIMESCALE"}
    sent = office.client.post(f"/v1/complaints/{own}/escalation", json=said, headers=headers | {"Idempotency-Key": uuid4().hex})
    assert sent.status_code == 403
    assert office.client.get(f"/v1/complaints/{office.complaint(subject='somebody')}", headers=headers).status_code == 200


def denials(office: Hall) -> int:
    """How many refusals the record of access holds."""
    with office.engine.house.store.read() as tx:
        return int(tx.rows("SELECT COUNT(*) FROM access_record WHERE kind = 'ACCESS_DENIED'")[0][0])
