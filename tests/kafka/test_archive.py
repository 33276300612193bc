"""The archive of loaded classes makes a start quicker; without it, or with a broken one, Kafka starts all the same."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from hub.kafka import archive, broker
from hub.kafka.java import Java
from hub.kafka.runtime import Runtime

pytestmark = pytest.mark.needs("local kafka")


@pytest.fixture
def archiving(ready: Runtime) -> Runtime:
    if ready.archive is None:
        pytest.skip(f"Java {ready.java.version} at {ready.java.program} can use no archive")
    return ready


def test_it_is_made_once(archiving: Runtime, tmp_path: Path) -> None:
    wanted = replace(archiving, archive=tmp_path / "cache/kafka.classes")
    assert archive.ready(wanted) == wanted
    made = (tmp_path / "cache/kafka.classes").stat()
    archive.ready(wanted)
    assert made.st_size > 10_000_000
    assert (tmp_path / "cache/kafka.classes").stat().st_mtime_ns == made.st_mtime_ns


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_a_broken_one_is_passed_over(ready: Runtime, folder: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.classes").write_bytes(content)
    assert broker.start(folder, with_=replace(ready, archive=tmp_path / "broken.classes")).pid


def test_where_none_can_be_kept_kafka_starts_without(ready: Runtime, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert archive.ready(replace(ready, archive=tmp_path / "file/kafka.classes")).archive is None


def test_a_java_that_can_use_none_is_left_alone(ready: Runtime, tmp_path: Path) -> None:
    trimmed = replace(ready, java=Java(program=tmp_path / "bin/java", version="21.0.2"), archive=tmp_path / "kafka.classes")
    assert archive.ready(trimmed) == trimmed
    assert not list(tmp_path.iterdir())


def test_a_start_takes_less_of_the_processor_with_it(archiving: Runtime, tmp_path: Path) -> None:
    with_it, without = spent(archiving, tmp_path / "with"), spent(replace(archiving, archive=None), tmp_path / "without")
    assert with_it < 0.9 * without


def spent(runtime: Runtime, folder: Path) -> float:
    """Processor seconds until a new broker answered."""
    running = broker.start(folder, with_=runtime)
    times = psutil.Process(running.pid).cpu_times()
    broker.stop(folder)
    return float(times.user + times.system)
