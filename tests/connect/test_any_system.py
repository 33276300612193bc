"""One set of views, whatever systems lie beneath: files, workbooks, tables, posts and signed webhooks become cases side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from httpx2 import Client
from standardwebhooks import Webhook

from hub.cli.access import accounts
from hub.cli.composition import House, closing, open_house
from hub.cli.instance import make, prepare
from hub.cli.roles import begin_roles
from hub.privacy.accounts import NewAccount
from hub.settings import ConnectSettings, KafkaSettings, Settings, WebSettings, WorkerSettings
from tests.connectors.drops import LAYOUT, VOCABULARY, lines, row
from tests.connectors.intake_world import FORMS, TOKEN, form
from tests.connectors.notify_world import CALLBACKS, receipt
from tests.connectors.sql_world import SQL, SqliteWorld
from tests.connectors.workbooks import EXCEL, job, workbook
from tests.services.kafka import Kafka
from tests.web.conftest import ready, until

PATIENCE = 240
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CHANGED = {"reference": "id", "opened": "raised", "updated": "seen", "service": "what", "status": "state"}
CDC: dict[str, Any] = {
    "kind": "http_requests", "signing_secret": SECRET, "envelope": "debezium", "zone": "UTC", "owner": "trees",
    "vocabulary": {"statuses": {"open": "OPEN"}}, "layouts": [{"pattern": "trees", "dates": ["epoch-ms"], "columns": CHANGED}],
}  # fmt: skip
CSV: dict[str, Any] = {
    "kind": "csv_drop", "folder": "csv", "zone": "Europe/London", "owner": "front office", "settle_seconds": 0, "vocabulary": VOCABULARY,
    "layouts": [LAYOUT],
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Council:
    """A hub at work on six systems."""

    client: Client

    def posted(self, connector: str, body: Any, **headers: str) -> tuple[int, str]:
        """What the door answers."""
        answer = self.client.post(f"/v1/intake/{connector}", content=orjson.dumps(body), headers=headers)
        said = answer.json()
        return answer.status_code, str(said.get("taken") or said["type"].rpartition(":")[2])

    def cases(self) -> dict[str, dict[str, Any]]:
        """What is shown, by id."""
        return {each["id"]: each for each in self.client.get("/v1/cases", params={"limit": 100}).json()["items"]}

    def informed(self, case: str) -> str | None:
        """What the customer of a case was told about last."""
        found = self.client.get(f"/v1/cases/{case}").json().get("informed")
        return found["about"] if found else None


@pytest.fixture(scope="module")
def council(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder = tmp_path_factory.mktemp("council")
    settings = Settings(
        folder=folder / "hub", controller="tameside", heartbeat_seconds=1.0, kafka=KafkaSettings(bootstrap=kafka.bootstrap),
        worker=WorkerSettings(feeder="bulk"), connectors=folder, web=WebSettings(port=0), connect=ConnectSettings(port=0),
    )  # fmt: skip
    _lay_out(folder)
    with closing(open_house(settings)) as bare:
        make(bare)
        prepare(bare)
    with closing(open_house(settings)) as house:
        running = begin_roles(house, ["relay", "worker", "connect", "web"])
        try:
            with Client(base_url=f"http://127.0.0.1:{running.door.port}", headers=_adviser(house), timeout=60) as client:
                until(lambda: ready(client), PATIENCE)
                yield Council(client=client)
        finally:
            running.end()


def _adviser(house: House) -> dict[str, str]:
    accounts(house).add(NewAccount(name="counter", role="adviser", organisation="tameside"))
    return {"Authorization": f"Bearer {accounts(house).token('counter')}", "Hub-Purpose": "progress-case"}


def _lay_out(folder: Path) -> None:
    own = {"controller": "tameside", "organisation": "tameside", "every_seconds": 0.2}
    table = SqliteWorld(folder)
    kinds = {
        "crm": CSV, "refuse": EXCEL | {"folder": "xlsx"}, "depot": SQL | {"address_secret": f"sqlite:///{table.path}"}, "e-forms": FORMS,
        "trees": CDC, "notify": CALLBACKS | {"case_system": "crm"},
    }  # fmt: skip
    for name, settings in kinds.items():
        (folder / f"{name}.yaml").write_bytes(orjson.dumps({**settings, **own, "name": name, "system": name}))
    for drop in ("csv", "xlsx"):
        (folder / drop).mkdir()
    (folder / "csv" / "a.csv").write_text(lines(row("R1"), row("R2")))
    (folder / "xlsx" / "a.xlsx").write_bytes(workbook([job(1), job(2)]))


def _signed(body: Any) -> dict[str, str]:
    at = datetime.now(UTC)
    signature = Webhook(SECRET).sign("evt_1", at, orjson.dumps(body).decode())
    return {"webhook-id": "evt_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


@pytest.mark.requirement("J01")
def test_whatever_lies_beneath_there_is_one_set_of_views(council: Council) -> None:
    shown = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "f7"}
    until(lambda: council.posted("e-forms", form(7), **shown) == (202, "before"), PATIENCE)
    after = {"id": 4, "raised": 1772701200000, "seen": 1772701200000, "what": "Fallen tree", "state": "open"}
    change = {"schema": {}, "payload": {"before": None, "after": after, "op": "c", "source": {"table": "trees"}, "ts_ms": 1}}
    assert council.posted("trees", change, **_signed(change)) == (202, "now")
    wanted = {"crm:R1", "crm:R2", "refuse:J1", "refuse:J2", "depot:J000", "depot:J034", "e-forms:F7", "trees:4"}
    until(lambda: wanted <= council.cases().keys(), PATIENCE)
    assert len(council.cases()) == 2 + 2 + 35 + 1 + 1


def test_who_may_not_hand_in_is_told_why_and_nothing_is_kept(council: Council) -> None:
    until(lambda: council.posted("e-forms", form(8))[0] == 401, PATIENCE)
    assert council.posted("e-forms", form(8), Authorization=f"Bearer {TOKEN}") == (400, "idempotency-key-missing")
    assert council.posted("trees", {}, **{"webhook-id": "x"}) == (401, "signature-unknown")
    assert council.posted("crm", form(8))[0] == council.posted("nowhere", form(8))[0] == 404
    reused = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "f9"}
    assert council.posted("e-forms", form(9), **reused)[0] == 202
    assert council.posted("e-forms", form(10), **reused) == (422, "idempotency-key-reused")


def test_a_message_that_notify_delivered_is_a_step_of_its_case(council: Council) -> None:
    until(lambda: council.posted("notify", receipt(1), Authorization=f"Bearer {CALLBACKS['token']}")[0] == 202, PATIENCE)
    until(lambda: council.informed("crm:R1") == "OUTCOME", PATIENCE)
