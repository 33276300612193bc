"""Local Kafkas made for one test, on what the session found to run them on."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hub.kafka import broker, cluster
from hub.kafka.runtime import Runtime
from tests.services.kafka import local_runtime


@pytest.fixture
def ready() -> Runtime:
    found = local_runtime()
    assert isinstance(found, Runtime), "the test is marked with the need for it"
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a Kafka; what still runs in it at the end is stopped."""
    yield tmp_path / "kafka"
    cluster.stop(tmp_path / "kafka")


@pytest.fixture
def start(folder: Path, ready: Runtime) -> Callable[..., broker.Broker]:
    """Starts the broker of the folder: `start(port=…, secured=…)`."""
    return partial(broker.start, folder, with_=ready)
