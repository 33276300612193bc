"""The pages of figures: what a service manager sees, over time and split, with the table behind each chart; and what everybody sees."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from hub.contracts.measures import Direction
from hub.contracts.standards import TargetSet
from hub.web.pages.charts import bars, line
from tests.engine_harness import stamped
from tests.pages.hall import COUNCIL, Browser, Hall


def contacts(hall: Hall, count: int, at: datetime, **more: str) -> None:
    """So many contacts at this instant."""
    headers = hall.program(hall.account("adviser"), "answer-enquiry")
    body = {"channel": "PHONE", "organisation": COUNCIL, "office": "FRONT", "occurred_at": at.isoformat()} | more
    for _ in range(count):
        answer = hall.client.post("/v1/contacts", json=body, headers=headers | {"Idempotency-Key": uuid4().hex})
        assert answer.status_code == 201, answer.text
    hall.engine.settle()


def test_a_service_manager_sees_a_figure_as_a_chart_and_as_the_table_behind_it(town_hall: Hall, browser: Browser) -> None:
    contacts(town_hall, 20, datetime(2026, 3, 2, tzinfo=UTC), service="charted")
    contacts(town_hall, 15, datetime(2026, 4, 2, tzinfo=UTC), service="charted", channel="WEB")
    browser.sign_in(town_hall.account("service-manager"), "measure-service")
    page = browser.get("/insight/figures/digital-take-up").text
    assert "<polyline" in page
    assert all(f">{month}</td>" in page for month in ("2026-03", "2026-04"))
    assert "<rect" in browser.get("/insight/figures/contacts?by=channel").text
    assert "digital take up" in browser.get("/insight").text


def test_who_does_not_answer_for_a_service_sees_no_figures(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    assert browser.get("/insight").status_code == 403


@pytest.mark.requirement("H07")
def test_everybody_sees_the_standards_with_their_live_figure(town_hall: Hall, browser: Browser) -> None:
    contacts(town_hall, 20, datetime(2026, 3, 2, tzinfo=UTC))
    for measure in ("front-office-share", "contacts"):
        town_hall.engine.log(stamped(TargetSet(
            occurred_at=datetime(2026, 3, 1, tzinfo=UTC), standard_id=f"{measure}-target", measure=measure, organisation=COUNCIL,
            target=35.0, unit="%", direction=Direction.UP, valid_from=datetime(2026, 3, 1, tzinfo=UTC).date(),
        )))  # fmt: skip
    town_hall.engine.settle()
    page = browser.get("/standards").text
    assert "35.0 %" in page
    assert "100.0" in page
    assert "throughput" not in page


def test_a_line_is_broken_where_a_value_is_hidden() -> None:
    assert [len(part.split()) for part in line([("a", 1.0), ("b", None), ("c", 3.0), ("d", 4.0)]).parts] == [1, 2]


def test_the_longest_bar_has_all_the_room_and_a_hidden_one_none() -> None:
    assert [bar.width for bar in bars([("a", 10.0), ("b", 5.0), ("c", None)])] == [400.0, 200.0, 0.0]
