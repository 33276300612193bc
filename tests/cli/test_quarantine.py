"""What a source said and the hub could not take in is listed with its reason, and goes when the source's record can be taken in."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Signal

import pytest

from hub.connect.running import run_all
from hub.model.connector import Page
from tests.cli.conftest import Command
from tests.connect.sources import charge
from tests.engine_harness import Engine, running


def carried(engine: Engine, *records: str, cursor: str) -> None:
    """One page of the source's."""
    stop = Signal()
    asyncio.run(run_all([charge(engine, Page(records=records, cursor=cursor, more=False), stop=stop)], stop))


@pytest.fixture
def fed(tmp_path: Path, store_dsn: str, hub: Command) -> Iterator[Engine]:
    """A hub whose source said three things, two of which could not be taken in."""
    with running(tmp_path, store_dsn) as engine:
        hub.environment.update({"HUB_FOLDER": str(tmp_path / "hub"), "HUB_STORE": store_dsn, "HUB_CONTROLLER": "tameside"})
        carried(engine, "2", "3:rubbish", "4:rubbish", cursor="1")
        yield engine


def test_refused_records_are_counted_by_reason(fed: Engine, hub: Command) -> None:
    ran = hub("quarantine", "list", "--json")
    assert ran.code == 1
    assert ran.value == [{"connector": "crm", "code": "csv-malformed", "fields": "status", "records": 2, "first": "march.csv:3"}]
    assert [row["where"] for row in hub("quarantine", "list", "--each", "--json").value] == ["march.csv:3", "march.csv:4"]
    assert hub("quarantine", "list", "--connector", "benefits").code == 0


def test_one_record_is_shown_without_its_content(fed: Engine, hub: Command) -> None:
    ran = hub("quarantine", "show", "crm", "march.csv:3", "--json")
    assert (ran.value["code"], ran.value["bytes"]) == ("csv-malformed", len('"3:rubbish"'))
    assert "rubbish" not in ran.said
    assert hub("quarantine", "show", "crm", "march.csv:9").code == 2


def test_what_can_be_taken_in_when_it_is_read_again_leaves_quarantine(fed: Engine, hub: Command) -> None:
    carried(fed, "2", "3:mended", "4:rubbish", cursor="2")
    assert [row["where"] for row in hub("quarantine", "list", "--each", "--json").value] == ["march.csv:4"]


def test_what_nobody_needs_can_be_forgotten(fed: Engine, hub: Command) -> None:
    assert hub("quarantine", "discard", "--connector", "crm", "--code", "other", "--json").value == {"discarded": 0}
    assert hub("quarantine", "discard", "--connector", "crm", "--json").value == {"discarded": 2}
    assert hub("quarantine", "list").code == 0
