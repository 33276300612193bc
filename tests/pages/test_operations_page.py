"""The page of operations: what stands in the store is said in one sentence and in full, and what somebody asks for is written there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.connect.repository import Connectors
from hub.connect.words import Cause, ConnectorStatus, Known, Progress, State, TaskStatus, Trouble, Wish
from hub.web.operations import line
from tests.pages.hall import Browser, Hall, hall

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def town_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hub in trouble; no Kafka and no Prometheus is anywhere near."""
    with hall(tmp_path_factory.mktemp("operations")) as made:
        made.trouble()
        yield made


@pytest.fixture
def operator(town_hall: Hall, browser: Browser) -> Browser:
    browser.sign_in(town_hall.account("operations"), "run-the-hub")
    return browser


def test_one_sentence_says_how_the_hub_fares_and_the_rest_stands_below(operator: Browser) -> None:
    page = operator.get("/operations").text
    assert "1 of 3 connectors are running; 3 records need attention." in page
    assert "40 minutes" in page
    assert "breaker: 50" in page
    for command in ("hub projection resume views-1", "hub dlq redrive --topic cases --code truncated"):
        assert f"<code>{command}</code>" in page
    one = operator.get("/operations/connectors/crm").text
    assert "misconfigured: statuses: lacks Closed" in one
    assert "2 records" in one
    assert "<code>march.csv:3</code>" in one
    assert "docs/runbooks/ConnectorFailed.md" in one


def test_what_is_asked_for_on_the_page_is_what_the_command_would_ask_for(town_hall: Hall, operator: Browser) -> None:
    connectors, path = Connectors(store=town_hall.engine.house.store), "/operations/connectors/telephony"
    assert "<code>hub connector pause telephony</code>" in operator.get(path).text
    assert operator.post(path, wanted="pause").status_code == 303
    assert connectors.find("telephony").wish is Wish.PAUSED
    assert operator.post(path, wanted="resume").status_code == 303
    assert connectors.find("telephony").wish is Wish.RUNNING
    assert operator.post("/operations/connectors/crm", wanted="restart").status_code == 303
    assert connectors.status("crm").tasks[0].state is State.RESTARTING
    assert "<code>hub connector resume &#39;refuse rounds&#39;</code>" in operator.get("/operations/connectors/refuse%20rounds").text
    assert operator.post(path, wanted="explode").status_code == 404


def test_dead_letters_are_tried_again_in_the_name_of_who_asked(town_hall: Hall, browser: Browser) -> None:
    name = town_hall.account("operations")
    browser.sign_in(name, "run-the-hub")
    answer = browser.post("/operations", topic="cases", code="truncated")
    assert answer.headers["location"] == "/operations"
    with town_hall.engine.house.store.read() as tx:
        assert tx.rows("SELECT state, decided_by FROM dead_letter") == [("redrive", name)]
    assert "2 records need attention" in browser.get("/operations").text


def test_only_who_runs_the_hub_sees_how_it_fares(town_hall: Hall, browser: Browser) -> None:
    browser.sign_in(town_hall.account("adviser"), "answer-enquiry")
    assert browser.client.get("/operations").status_code == 403
    assert "hub projection resume" not in browser.get("/operations").text


def told(task: TaskStatus, state: State = State.RUNNING) -> ConnectorStatus:
    return ConnectorStatus(name="crm", type="source", state=state, worker="w", wish=Wish.RUNNING, tasks=(task,))


def test_a_source_that_does_not_answer_is_said_to_be_waited_for_and_how_far_behind_it_is() -> None:
    known = Known(name="crm", config={"every_seconds": "60"}, base="", origin="file", wish=Wish.RUNNING, generation=1)
    read = Progress(idle=True, succeeded_at=NOON, level_at=NOON)
    away = Trouble(cause=Cause.OUTAGE, what="HTTP 503")
    task, later = TaskStatus(id=0, state=State.RUNNING, worker="w", progress=read), NOON + timedelta(minutes=9)
    fine, waits = line(known, told(task), later, 0), line(known, told(replace(task, trouble=away)), later, 0)
    assert (fine.state, fine.behind, fine.expected_at) == ("RUNNING", timedelta(), NOON + timedelta(minutes=1))
    assert (waits.state, waits.behind, waits.running) == ("WAITING", timedelta(minutes=9), False)
