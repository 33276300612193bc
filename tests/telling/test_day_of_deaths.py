"""The registrar's day as it comes, all the way: said, decided who it is, and nobody told before somebody is sure."""

import shutil
from pathlib import Path

from tests.engine_harness import running
from tests.people.drops import courier
from tests.people.test_deaths import DAY, carry, deaths
from tests.people.test_identity_process import Desk
from tests.telling.desk import BUNDLE


def test_a_day_of_deaths_is_withheld_from_everybody_until_somebody_is_sure(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    shutil.copy(DAY, drop / "1.xml")
    with running(tmp_path / "hub", "", BUNDLE, controller="borough-of-exampleton") as engine:
        desk = Desk(engine)
        carry(courier(engine, deaths(drop)))
        engine.settle()
        desk.feed()
        engine.settle()
        with engine.house.store.read() as tx:
            told = tx.rows("SELECT COUNT(DISTINCT life_event_id), SUM(number) FROM told_ledger_v1")
            reasons = {reason for (reason,) in tx.rows("SELECT DISTINCT reason FROM told_ledger_v1")}
    assert [tuple(row) for row in told] == [(23, 0)]
    assert reasons <= {"ASSURANCE", "NOT_CHOSEN", "CANCELLED"}
