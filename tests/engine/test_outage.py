"""Whoever waits for something outside says so once, and says when it is over."""

from structlog.testing import capture_logs

from hub.engine.outage import Outage
from hub.model.errors import Unavailable


def test_an_outage_is_said_once_for_each_cause_and_once_when_it_is_over() -> None:
    halt = Outage("relay")
    with capture_logs() as said:
        for what in ("SQLite store: database or disk is full", "SQLite store: database or disk is full", "Kafka: down"):
            halt.began(Unavailable(what))
        halt.over()
        halt.over()
    assert [line["event"] for line in said] == ["waiting", "waiting", "goes on"]


def test_who_never_waited_says_nothing() -> None:
    with capture_logs() as said:
        Outage("worker").over()
    assert said == []
