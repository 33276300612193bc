"""A backup is taken while the hub works, its store and its keys are lost, and after the restore nothing is missing."""

import os
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hub.cli.composition import House, closing, first_bundle
from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.engine.rows import table_name
from hub.model.event import Event
from hub.model.personal import Plain
from hub.privacy.sealing import unseal
from hub.settings import Settings
from tests.canaries import INVENTED
from tests.cli.conftest import Command
from tests.engine.stories import days, opened, promised, resolved, status
from tests.engine_harness import NOON, Engine, contracts, running, stamped


def described(case: str) -> Event:
    """A case that was opened in somebody's own words."""
    event = CaseOpened(
        occurred_at=NOON,
        case_id=case,
        kind=CaseKind.SERVICE_REQUEST,
        service_name="Noise",
        organisation="tameside",
        owner="environment",
        description=Plain(INVENTED["notes"]),
    )
    return stamped(event, f"{case} described")


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Everything that every view says."""
    tables = [table_name(projection.name, projection.version) for projection in engine.bundle.projections]
    with engine.house.store.read() as tx:
        return {table: sorted(map(str, tx.rows(f"SELECT * FROM {table}"))) for table in tables}


def told(engine: Engine) -> set[str]:
    """The ids of everything that was told to others, however often."""
    decode = contracts().decoder()
    values = [record.value or b"" for (topic, _), log in engine.logs.items() if topic == "responsibilities" for record in log]
    return {event.event_id for event in map(decode, values) if event is not None}


def lose(folder: Path, store_dsn: str) -> None:
    """The disk is gone, and the database with it."""
    shutil.rmtree(folder)
    if store_dsn:
        with psycopg.connect(store_dsn, autocommit=True) as database:
            database.execute("DROP SCHEMA public CASCADE")
            database.execute("CREATE SCHEMA public")


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="PostgreSQL's client programs are not installed")
def test_what_a_restored_hub_missed_it_reads_again(tmp_path: Path, store_dsn: str, hub: Command) -> None:
    settings = Settings(folder=tmp_path / "hub", store=store_dsn, controller="tameside")
    hub.environment.update({"HUB_FOLDER": str(settings.folder), "HUB_STORE": store_dsn, "HUB_CONTROLLER": settings.controller})
    with running(tmp_path, store_dsn) as engine:
        engine.log(opened("a"), promised("a", days(1)), described("b"))
        engine.settle()
        assert hub("backup", "store.bak", "--json").value["bytes"] > 0
        engine.log(status("a", "looked at"), opened("c"), resolved("a", days(2)))
        engine.settle()
        assert hub("backup", "keys.bak", "--keys").code == 0
        before, said, logs = rows(engine), told(engine), engine.logs
    lose(settings.folder, store_dsn)
    assert hub("restore", "keys.bak").code == 0
    assert hub("restore", "store.bak").code == 0
    with closing(House(settings=settings, contracts=contracts(), views=first_bundle())) as house:
        views = house.beginnings()[0]
        again = Engine(house=house, bundle=views, serving=house.serving(views), logs=logs)
        again.claim()
        again.settle()
        assert (rows(again), told(again)) == (before, said)
        (value,) = [record.value for log in logs.values() for record in log if record.value and b"Noise" in record.value]
        opening = contracts().decoder()(value)
        assert isinstance(opening, CaseOpened)
        assert unseal(opening, contracts(), house.keys).description == Plain(INVENTED["notes"])


def test_a_backup_never_overwrites_another_and_a_restore_never_a_store(tmp_path: Path, hub: Command) -> None:
    assert hub("init").code == 0
    assert hub("backup", "store.bak").code == 0
    assert hub("backup", "store.bak").code == 2
    ran = hub("restore", "store.bak")
    assert (ran.code, "a restore never overwrites" in ran.complained) == (2, True)
    assert hub("restore", "nowhere.bak").code == 2
    assert hub("backup", "nowhere/store.bak").code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hub-data", "store.bak"]


def test_a_backup_of_the_keys_is_for_nobody_else(tmp_path: Path, hub: Command) -> None:
    assert hub("init").code == 0
    assert hub("backup", "keys.bak", "--keys").code == 0
    modes = {path.name: oct(path.stat().st_mode & 0o077) for path in [tmp_path / "keys.bak", *(tmp_path / "keys.bak").rglob("*")]}
    assert {name for name, mode in modes.items() if mode != "0o0"} <= {"instance.json"}


@pytest.mark.waiting
def test_the_pass_phrase_of_a_database_is_in_no_list_of_processes(tmp_path: Path, hub: Command, postgresql: str) -> None:
    program, heard = tmp_path / "pg_restore", tmp_path / "heard"
    program.write_text(f'#!/bin/sh\necho "$@" >{heard}\ntest -n "$PGPASSWORD"\n')
    program.chmod(0o755)
    (tmp_path / "store.bak").touch()
    hub.environment.update({"HUB_STORE": postgresql, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert hub("restore", "store.bak").code == 0
    assert "dbname=hub_test" in heard.read_text()
    assert "password=" not in heard.read_text()
    assert "only for this test run" not in heard.read_text()


@pytest.mark.waiting
def test_a_database_that_holds_a_hub_is_not_restored_over(hub: Command, postgresql: str) -> None:
    hub.environment["HUB_STORE"] = postgresql
    assert hub("init").code == 0
    (hub.folder / "store.bak").touch()
    ran = hub("restore", "store.bak")
    assert (ran.code, "store: is not empty" in ran.complained) == (2, True)
