"""Real servers for the tests that need them, one each for the session; what they were is printed at the end."""

import platform
import sqlite3
from collections.abc import Callable, Iterator

import pytest
import structlog

from tests.services.kafka import Kafka, NoKafka
from tests.services.kafka import kafka as any_kafka
from tests.services.needs import missing
from tests.services.postgresql import PostgreSQL
from tests.services.postgresql import postgresql as any_postgresql

pytest_plugins = ("tests.leak_guard",)
RAN_ON = pytest.StashKey[dict[str, str]]()
SERVERS = {"kafka", "postgresql"}


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> Iterator[Kafka]:
    """One Kafka for the whole session; its topics are shared, so a test makes its own by `fresh_topic`."""
    try:
        with any_kafka() as found:
            pytestconfig.stash[RAN_ON]["Kafka"] = found.which
            yield found
    except NoKafka as reason:
        pytestconfig.stash[RAN_ON]["Kafka"] = str(reason)
        pytest.skip(str(reason))


@pytest.fixture
def fresh_topic(kafka: Kafka) -> Callable[..., str]:
    """Makes a topic nobody else uses: `fresh_topic("cases", partitions=12, config={…})`."""
    return kafka.fresh_topic


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Iterator[PostgreSQL]:
    """One PostgreSQL for the whole session."""
    with any_postgresql() as found:
        pytestconfig.stash[RAN_ON]["PostgreSQL"] = found.which
        yield found


@pytest.fixture
def postgresql(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The DSN of an empty database, the test's own."""
    with postgresql_server.database() as dsn:
        yield dsn


def pytest_configure(config: pytest.Config) -> None:
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])  # its own shows every local value of every frame
    config.stash[RAN_ON] = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a server or for something of the machine's belongs to the waiting lane."""
    for item in items:
        asked = SERVERS & set(getattr(item, "fixturenames", ()))
        if asked or item.get_closest_marker("needs"):
            item.add_marker(pytest.mark.waiting)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for need in mark.args:
            if reason := missing(need):
                item.config.stash[RAN_ON][need] = f"missing: {reason}"
                pytest.skip(f"needs {need}: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.section("ran on")
    for what, which in config.stash[RAN_ON].items():
        terminalreporter.write_line(f"{what:<14} {which}")
