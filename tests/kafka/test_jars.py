"""Only the very jars that were locked are run, wherever they came from."""

import hashlib
from pathlib import Path

import pytest

from hub.kafka.jars import jars
from hub.model import Misconfigured, Unavailable


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A folder filled beforehand, with a lock for what is in it."""
    folder = tmp_path / "jars"
    (folder / "below").mkdir(parents=True)
    contents = {"below/kafka.jar": b"a broker", "tools.jar": b"its tools"}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    lock = [f"{hashlib.sha256(content).hexdigest()}  {Path(name).name}\n" for name, content in contents.items()]
    (tmp_path / "jars.sha256").write_text("".join(lock))
    return folder


def test_a_filled_folder_is_used_in_the_order_of_the_lock(filled: Path) -> None:
    assert jars(folder=filled, lock=filled.parent / "jars.sha256") == (filled / "below/kafka.jar", filled / "tools.jar")


def test_a_jar_with_another_sha256_is_refused_by_name(filled: Path) -> None:
    (filled / "tools.jar").write_bytes(b"its tools, and something else")
    with pytest.raises(Misconfigured, match=r"tools\.jar is not the jar that was locked"):
        jars(folder=filled, lock=filled.parent / "jars.sha256")


def test_a_missing_jar_is_named(filled: Path) -> None:
    (filled / "tools.jar").unlink()
    with pytest.raises(Misconfigured, match=r"tools\.jar is locked but was not found"):
        jars(folder=filled, lock=filled.parent / "jars.sha256")


def test_a_jar_nobody_locked_is_not_run(filled: Path) -> None:
    (filled / "uninvited.jar").write_bytes(b"boo")
    assert filled / "uninvited.jar" not in jars(folder=filled, lock=filled.parent / "jars.sha256")


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HUB_KAFKA_JARS"):
        jars(folder=tmp_path / "nowhere")


def test_an_unreachable_mirror_can_be_tried_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(Unavailable, match=r"could not be fetched from http://127\.0\.0\.1:9"):
        jars(mirror="http://127.0.0.1:9/maven2")
