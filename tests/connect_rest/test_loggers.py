"""What is asked of the levels of loggers comes about in the log."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from hub import logs
from hub.web.connect.loggers import Loggers

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """The log of a process that says what it has to say."""
    before, handlers = structlog.get_config(), list(logging.root.handlers)
    loggers = [each for each in (logging.root, *logging.root.manager.loggerDict.values()) if isinstance(each, logging.Logger)]
    levels = {each: each.level for each in loggers}
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    structlog.configure(**before)
    logging.root.handlers[:] = handlers
    for each, level in levels.items():
        each.setLevel(level)


def test_what_the_hub_says_is_raised_and_lowered_as_root(said: io.StringIO) -> None:
    loggers = Loggers()
    assert loggers.find("root") == {"level": "INFO", "last_modified": None}
    loggers.change("root", "ERROR", NOON)
    structlog.get_logger().info("carried")
    assert said.getvalue() == ""
    loggers.change("root", "DEBUG", NOON)
    structlog.get_logger().debug("looked")
    assert "looked" in said.getvalue()
    assert loggers.find("root") == {"level": "DEBUG", "last_modified": int(NOON.timestamp() * 1000)}


@pytest.mark.parametrize("level", ["OFF", "FATAL"])
def test_what_is_critical_is_said_even_then(said: io.StringIO, level: str) -> None:
    Loggers().change("root", level, NOON)
    structlog.get_logger().error("wrong")
    structlog.get_logger().critical("down")
    assert ("wrong" in said.getvalue(), "down" in said.getvalue()) == (False, True)


def test_a_level_holds_for_what_is_below_the_logger(said: io.StringIO) -> None:
    below, beside = logging.getLogger("quarry.deep"), logging.getLogger("quarryman")
    assert Loggers().change("quarry", "FATAL", NOON) == ["quarry", "quarry.deep"]
    below.warning("stone")
    beside.warning("bread")
    assert ("stone" in said.getvalue(), "bread" in said.getvalue()) == (False, True)
