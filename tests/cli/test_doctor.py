"""`hub doctor` names each fault, met as it is met in service, and ends with what the fault is worth; a hub in order it leaves in peace."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

from hub.cli.composition import House, closing, first_bundle
from hub.cli.doctor import FAULTS, examine, looked_at
from hub.cli.doctor.faults import Finding
from hub.cli.output import house, settings
from hub.cli.schemas import held
from hub.cli.telling import agreements
from hub.connect.repository import LEASED, Connectors
from hub.connect.words import Cause, State
from hub.contracts.subjects import Subjects, subjects
from hub.engine import ownership
from hub.engine.lease import take
from hub.engine.outbox import enqueue
from hub.kafka import tls
from hub.sharing.agreement import Status
from hub.web import open_door, serve
from hub.web.registry import registry
from tests.cli.conftest import NOWHERE, Command
from tests.cli.small_council import CONNECTOR
from tests.cli.test_watching import begun
from tests.engine_harness import contracts
from tests.prove.disk import small

TODAY = date(2026, 11, 23)
USUAL = {"kafka-unreachable"}
"""Of a hub whose broker does not run: everything that needs none is looked at all the same."""


@dataclass(kw_only=True)
class Ward:
    """A hub to make ill: its settings, and what has to be put away in the end."""

    hub: Command
    settings: dict[str, str]
    stack: ExitStack
    day: date = TODAY
    made: list[Path] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Its instance folder."""
        return self.hub.folder / "hub-data"

    def write(self) -> Path:
        """Its settings file."""
        return self.hub.settings("".join(f"{key}: {value}\n" for key, value in self.settings.items()))

    def house(self) -> House:
        """Its parts."""
        return self.stack.enter_context(closing(house(self.write())))

    def findings(self) -> list[Finding]:
        """What the doctor finds besides the broker that does not run."""
        views = first_bundle()
        with closing(House(settings=settings(self.write()), contracts=contracts(), views=views)) as opened:
            return looked_at(opened, self.day)[1]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's folder, made once and copied for each illness."""
    folder = tmp_path_factory.mktemp("healthy")
    hub = Command(folder=folder)
    hub.settings("controller: tameside\n")
    assert hub("init").code == 0
    return folder / "hub-data"


@pytest.fixture
def ward(healthy: Path, hub: Command) -> Iterator[Ward]:
    shutil.copytree(healthy, hub.folder / "hub-data")
    with ExitStack() as stack:
        yield Ward(
            hub=hub,
            stack=stack,
            settings={
                "controller": "tameside",
                "folder": str(hub.folder / "hub-data"),
                "kafka": f"{{bootstrap: '{NOWHERE}'}}",
                "web": "{port: 0}",
                "registry": "{port: 0}",
                "connect": "{port: 0}",
            },
        )


def no_hub(ward: Ward) -> None:
    shutil.rmtree(ward.folder)


def keys_gone(ward: Ward) -> None:
    (ward.folder / "keys.sqlite").unlink()


def keys_open_to_all(ward: Ward) -> None:
    next((ward.folder / "operator").glob("*.key")).chmod(0o644)


def store_away(ward: Ward) -> None:
    ward.settings["store"] = f"postgresql://hub@{NOWHERE}/hub"


def store_held(ward: Ward) -> None:
    held_open = sqlite3.connect(ward.folder / "hub.sqlite", isolation_level=None)
    ward.stack.callback(held_open.close)
    held_open.execute("BEGIN IMMEDIATE")


def store_of_another_release(ward: Ward) -> None:
    assert ward.hub("upgrade", "--back-to", "0006", "--config", str(ward.write())).code == 0


def other_program(ward: Ward) -> None:
    listening = ward.stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    ward.settings["probes"] = f"{{port: {listening.getsockname()[1]}}}"
    listening.settimeout(0.01)


def broker_unset(ward: Ward) -> None:
    del ward.settings["kafka"]


def no_broker_there(ward: Ward) -> None:
    ward.settings["kafka"] = "{bootstrap: 'broker.invalid:9092'}"


def not_a_broker(ward: Ward) -> None:
    other = ward.stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    ward.settings["kafka"] = f"{{bootstrap: '127.0.0.1:{other.getsockname()[1]}'}}"


def registry_away(ward: Ward) -> None:
    ward.settings["registry"] = f"{{url: 'http://{NOWHERE}'}}"


def registry_lacks_one(ward: Ward) -> None:
    first, *rest = [each for versions in held().named.values() for each in versions]
    _serve(ward, subjects(each for each in rest if each.subject != first.subject))


def registry_has_another_id(ward: Ward) -> None:
    first, *rest = [each for versions in held().named.values() for each in versions]
    alone = [each for each in rest if each.subject != first.subject]
    _serve(ward, subjects([replace(held().named[first.subject][-1], id=99_999), *alone]))


def _serve(ward: Ward, known: Subjects) -> None:
    door, stop = open_door("127.0.0.1", 0, "registry"), Signal()
    thread = Thread(target=serve, args=(registry(lambda: known), door, stop))
    thread.start()
    ward.stack.callback(thread.join, 60)
    ward.stack.callback(stop.set)
    ward.settings["registry"] = f"{{url: 'http://127.0.0.1:{door.port}'}}"


def connector_misspelt(ward: Ward) -> None:
    folder = ward.hub.folder / "connectors"
    folder.mkdir()
    (folder / "crm.yaml").write_text(CONNECTOR.replace("zone:", "zne:"))
    ward.settings["connectors"] = str(folder)


def partition_stopped(ward: Ward) -> None:
    opened = ward.house()
    begun(opened)
    with opened.store.write() as tx:
        assert ownership.stop(tx, "views", 0, 0, "breaker: 50 in a row could not be read")


def dead_letter(ward: Ward) -> None:
    _row(ward, "dead_letter", bundle="views", topic="cases", partition=0, position=7, code="truncated", state="dead")


def refused(ward: Ward) -> None:
    _row(ward, "quarantine", connector="crm", origin="march.csv:3", code="csv-malformed", fields="status")


def connector_failed(ward: Ward) -> None:
    _trouble(ward, Cause.MISCONFIGURED, State.FAILED)


def source_away(ward: Ward) -> None:
    _trouble(ward, Cause.OUTAGE, State.RUNNING)


def _trouble(ward: Ward, cause: Cause, state: State) -> None:
    """A worker holds the connector and says what its task does."""
    opened = ward.house()
    Connectors(store=opened.store).create("crm", {"name": "crm", "connector.class": "csv_drop"}, base="")
    with opened.store.write() as tx:
        assert take(tx, f"{LEASED}crm", "worker", timedelta(minutes=5), timedelta(), "sqlite")
        values = (state, cause, "HTTP 503" if cause is Cause.OUTAGE else "statuses: lacks Closed", True)
        tx.run("UPDATE connector_task SET state = ?, cause = ?, what = ?, begun = ? WHERE connector = 'crm'", values)


def _row(ward: Ward, table: str, **values: object) -> None:
    opened = ward.house()
    with opened.store.write() as tx:
        asked = [row[1] for row in tx.rows(f"PRAGMA table_info({table})") if row[3] and row[4] is None]
        values |= {name: b"" for name in asked if name not in values} | {"recorded_at": "2026-11-23T09:00:00.000000+00:00"}
        tx.run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


def not_sent(ward: Ward) -> None:
    opened = ward.house()
    with opened.store.write() as tx:
        enqueue(tx, "heartbeat", 1, [opened.heartbeat(1)], datetime.now(UTC) - timedelta(hours=1), "sqlite")


def agreement_ends(ward: Ward) -> None:
    ward.day = min(each.valid_to for each in agreements()().values() if each.status is Status.ACTIVE) - timedelta(days=10)


def certificate_ends(ward: Ward) -> None:
    path = ward.hub.folder / "authority.pem"
    path.write_text(tls._made(datetime(TODAY.year - tls.YEARS, TODAY.month, TODAY.day, tzinfo=UTC) + timedelta(days=12))[0])
    ward.settings["kafka"] = f"{{bootstrap: '{NOWHERE}', security: {{ssl.ca.location: {path}}}}}"


ILL: dict[str, tuple[Callable[[Ward], None], int]] = {
    "no-hub": (no_hub, 2),
    "keys-missing": (keys_gone, 2),
    "keys-unreadable": (keys_open_to_all, 2),
    "store-unreachable": (store_away, 3),
    "store-locked": (store_held, 3),
    "store-old": (store_of_another_release, 2),
    "port-taken": (other_program, 1),
    "kafka-unset": (broker_unset, 2),
    "kafka-unreachable": (no_broker_there, 3),
    "kafka-wrong-port": (not_a_broker, 3),
    "registry-unreachable": (registry_away, 3),
    "schema-missing": (registry_lacks_one, 1),
    "schema-incompatible": (registry_has_another_id, 1),
    "connector-unreadable": (connector_misspelt, 2),
    "connector-failed": (connector_failed, 1),
    "source-away": (source_away, 1),
    "partition-stopped": (partition_stopped, 1),
    "dead-letters": (dead_letter, 1),
    "quarantined": (refused, 1),
    "outbox-not-draining": (not_sent, 1),
    "agreement-ending": (agreement_ends, 1),
    "certificate-ending": (certificate_ends, 1),
}
ELSEWHERE = {"settings-wrong", "disk-nearly-full", "topic-missing", "topic-recreated", "clock-skew", "other-hub"}
"""Those that need a disk or a broker of their own, or keep everything else from being asked."""


@pytest.mark.parametrize("fault", ILL)
def test_a_fault_is_named_with_its_cause_and_what_to_do(ward: Ward, fault: str) -> None:
    make_ill, code = ILL[fault]
    make_ill(ward)
    findings = [each for each in ward.findings() if each.fault.name == fault or each.fault.name not in USUAL]
    assert {each.fault.name for each in findings} == {fault}
    assert {each.fault.code for each in findings} == {code}
    assert all(each.cause and each.where and each.mend for each in findings)


def test_every_fault_that_the_doctor_knows_is_met() -> None:
    assert ILL.keys() | ELSEWHERE == FAULTS.keys()


def test_where_nothing_else_is_wrong_nothing_else_is_said(ward: Ward) -> None:
    ward.write()
    ran = ward.hub("doctor", "--on", TODAY.isoformat(), "--json")
    assert (ran.code, [each["fault"] for each in ran.value["findings"]]) == (3, ["kafka-unreachable"])
    assert {name for name, state in ran.value["checks"].items() if state == "not asked"} == {"topics", "clocks"}
    said = ward.hub("doctor", "--on", TODAY.isoformat()).said
    assert "kafka-unreachable: 127.0.0.1:1: Connection refused" in said
    assert "do     start the broker" in said


def test_a_misspelt_setting_is_named_with_what_was_meant(ward: Ward) -> None:
    ward.settings["controler"] = "tameside"
    states, (finding,) = examine(ward.write(), TODAY)
    assert states == {"settings": "found"}
    assert (finding.fault.name, finding.fault.code, finding.mend) == ("settings-wrong", 2, "did you mean controller?")


@pytest.mark.needs("disk")
def test_a_disk_that_is_nearly_full_is_named(ward: Ward) -> None:
    with small(ward.folder) as disk:
        assert {each.fault.name for each in ward.findings()} == USUAL
        room = shutil.disk_usage(ward.folder)
        with disk.filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, room.free - room.total // 20)
        assert {each.fault.name for each in ward.findings()} == USUAL | {"disk-nearly-full"}
