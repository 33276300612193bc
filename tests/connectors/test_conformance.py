"""Every connector that ships keeps to the laws of connectors, over what was recorded of its own outside."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from connectors import CONFIG
from hub.connect.testing import ConnectorLaws, World
from tests.connectors.intake_world import IntakeWorld
from tests.connectors.notify_world import CallbacksWorld, StatusesWorld
from tests.connectors.open311_world import Open311World
from tests.connectors.reading import RECORDINGS
from tests.connectors.signals_world import SignalsWorld
from tests.connectors.sql_world import SqliteWorld
from tests.connectors.workbooks import EXCEL, job, workbook
from tests.connectors.worlds import FolderWorld, part, whole

PEOPLE, EVENTS = RECORDINGS / "people", RECORDINGS / "life-events"
COSTS = b"id,decided,lgsl,channel,pence,from\nC1,2026-04-01,557,PHONE,283,2026-04-01\nC2,2026-04-01,557,WEB,15,2026-04-01\n"


def shipped(name: str, **more: Any) -> dict[str, Any]:
    """A shipped connector's settings, but for its names and its folder."""
    said = YAML(typ="safe").load(CONFIG / f"{name}.yaml")
    return {key: value for key, value in said.items() if key not in {"name", "system", "controller", "organisation", "folder"}} | more


class TestCsvDrop(ConnectorLaws):
    def world(self, folder: Path) -> World:
        files = {"myla311_2020-01.csv": part(RECORDINGS / "los-angeles" / "los-angeles_myla311_2020-01_10000-requests.csv", 120)}
        bad = "other_2020-02.csv", b"no,such,columns\n1,Nobody-Smith,3\n"
        return FolderWorld(folder, shipped("los-angeles", page_rows=25), files, bad, "Nobody-Smith")


class TestCsvFacts(ConnectorLaws):
    def world(self, folder: Path) -> World:
        fields = {"service": "lgsl", "channel": "channel", "pence": "pence", "valid_from": "from"}
        columns = {"reference": "id", "happened": "decided", "fields": fields}
        layout = {"says": "CostRateSet", "dates": ["%Y-%m-%d"], "columns": columns, "always": {"scope": "THIN", "unit": "CONTACT"}}
        settings = {"kind": "csv_facts", "zone": "Europe/London", "page_rows": 1, "layouts": [layout]}
        return FolderWorld(folder, settings, {"costs.csv": COSTS}, ("zz.csv", COSTS + b"C3,yesterday,557,PHONE,1,x\n"), "yesterday")


class TestCsvPeople(ConnectorLaws):
    def world(self, folder: Path) -> World:
        content = part(PEOPLE / "library" / "library_2026-11-01.csv", 60)
        return FolderWorld(
            folder, shipped("people-library", page_rows=20, complete=False), {"1.csv": content},
            ("2.csv", content + b"L9,never\n"), "Oakhurst", "neil.oakhurst503@example.org",
        )  # fmt: skip


class TestCsvParticipants(ConnectorLaws):
    def world(self, folder: Path) -> World:
        content = part(PEOPLE / "participants" / "participants_2026-11-01.csv", 40)
        return FolderWorld(folder, shipped("participants", page_rows=10), {"1.csv": content}, ("2.csv", content + b"P9,never\n"), "4000207")


class TestGazetteer(ConnectorLaws):
    def world(self, folder: Path) -> World:
        files = whole(PEOPLE / "gazetteer" / "exampleshire_2026-11.csv")
        world = FolderWorld(folder, shipped("gazetteer"), files, ("zz.csv", b"10,cut off,1,2026-12-01,1,2026-12-01\n15,I,1\n"), "QX4 1SX")
        world.settings.pop("settle_seconds")
        world.stops_when_spoilt = True
        return world


class TestGroDeaths(ConnectorLaws):
    def world(self, folder: Path) -> World:
        files = whole(*(EVENTS / "gro" / "edge" / f"{name}.xml" for name in ("onlyRequiredFields", "updatedRecords")))
        return FolderWorld(folder, shipped("gro-deaths"), files, ("zz.xml", b"<DeathRegistrationGroup>"), "Smith")


class TestDwpChanges(ConnectorLaws):
    def world(self, folder: Path) -> World:
        files = whole(*sorted((EVENTS / "dwp").glob("*.txt")))
        return FolderWorld(folder, shipped("dwp-changes", files_at_once=1), files, ("zz.txt", b"HDR|OTHER|9|x\nTRL|0"), "QQ123456A")


class TestOneLoginSignals(ConnectorLaws):
    def world(self, folder: Path) -> World:
        return SignalsWorld(folder)


class TestHttpIntake(ConnectorLaws):
    def world(self, folder: Path) -> World:
        return IntakeWorld(folder)


class TestNotifyCallbacks(ConnectorLaws):
    def world(self, folder: Path) -> World:
        return CallbacksWorld(folder)


@pytest.mark.waiting
class TestNotifyStatuses(ConnectorLaws):
    def world(self, folder: Path) -> World:
        return StatusesWorld(folder)


class TestExcelDrop(ConnectorLaws):
    def world(self, folder: Path) -> World:
        files = {f"{number}.xlsx": workbook(job(each) for each in range(number, number + 5)) for number in (10, 20)}
        bad = "99.xlsx", workbook([("J99", "yesterday", *job(9)[2:])])
        return FolderWorld(folder, EXCEL, files, bad, "3 Sample Lane")


class TestSqlRows(ConnectorLaws):
    def world(self, folder: Path) -> World:
        return SqliteWorld(folder)


@pytest.mark.waiting
class TestOpen311(ConnectorLaws):
    def world(self, folder: Path) -> World:
        return Open311World(folder)
