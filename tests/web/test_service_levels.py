"""The clocks of a case, over HTTP: as they stand and as they were known to stand; and how all stand."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.level_figures import LevelCollector, level_figures, summed
from tests.web.conftest import Town


@pytest.mark.requirement("B03")
def test_a_promise_is_shown_with_its_date_and_whether_it_was_kept(town: Town) -> None:
    case_id = town.opened()
    due = datetime.now(UTC) + timedelta(days=3)
    done = town.post(f"/v1/cases/{case_id}/promises", {"promised_due": due.isoformat(), "told": True})
    assert done.status_code == 200, done.text
    town.post(f"/v1/cases/{case_id}/hand-offs", {"method": "FIRE_AND_FORGET", "from_team": "front-office", "to_team": "waste"})
    town.engine.settle()
    shown = town.get(f"/v1/cases/{case_id}/service-levels")
    clocks = {each["clock"]: each for each in shown["clocks"]}
    assert (clocks["promise"]["basis"], clocks["promise"]["state"]) == ("PROMISE", "RUNNING")
    assert clocks["front-office/response"]["state"] == "MET"
    early = town.get(f"/v1/cases/{case_id}/service-levels", as_of=(due + timedelta(days=1)).isoformat())
    assert {each["state"] for each in early["clocks"] if each["clock"] == "promise"} == {"OVERDUE"}
    before = town.get(f"/v1/cases/{case_id}/service-levels", known_at="2020-01-01T00:00:00Z")
    assert before["clocks"] == []


def test_a_case_that_nobody_knows_has_no_clocks(town: Town) -> None:
    assert town.client.get("/v1/cases/nobody/service-levels").status_code == 404


def test_what_is_overdue_counts_as_breached_at_once(new_town: Town) -> None:
    town = new_town
    case_id = town.opened()
    due = datetime.now(UTC) + timedelta(hours=1)
    town.post(f"/v1/cases/{case_id}/promises", {"promised_due": due.isoformat(), "told": True})
    town.engine.settle()
    town.engine.beat(due - timedelta(seconds=1))
    town.engine.settle()
    assert [(each["stage"], each["breached"]) for each in town.get("/v1/service-levels")["stages"]] == [("promise", 0)]
    town.engine.beat(due)
    town.engine.settle()
    (shown,) = town.get("/v1/service-levels")["stages"]
    assert (shown["started"], shown["breached"], shown["in_time_percent"]) == (1, 1, 0.0)
    figures = level_figures(town.engine.house.store)
    assert summed(figures) == {"met": 0, "warned": 0, "breached": 1}
    samples = [sample for metric in LevelCollector(lambda: figures).collect() for sample in metric.samples]
    assert {"policy": "promise", "stage": "promise", "told": "breached"} in [sample.labels for sample in samples]
