"""The guard that listens to every test is itself held to: whatever way a value gets out, it is heard."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from tests.canaries import INVENTED, found_in, planted

REPOSITORY = Path(__file__).parents[2]
START = """
import base64, logging, os, subprocess, sys
import pytest
from tests.canaries import INVENTED
VALUE = INVENTED["notes"]
CHILD = [sys.executable, "-c", f"print({VALUE!r})"]

@pytest.fixture
def printing_first(): print(VALUE)

@pytest.fixture
def printing_last():
    yield
    print(VALUE)

"""
WAYS_OUT = {
    "printed": ("(): print(VALUE)", "Captured stdout call"),
    "in_upper_case": ("(): print(VALUE.upper())", "Captured stdout call"),
    "on_stderr": ("(): sys.stderr.write(VALUE)", "Captured stderr call"),
    "past_python": ("(): os.write(2, VALUE.encode())", "Captured stderr call"),
    "logged": ("(): logging.getLogger().warning('said %s', VALUE)", "Captured log call"),
    "at_the_start": ("(printing_first): pass", "Captured stdout setup"),
    "at_the_end": ("(printing_last): pass", "Captured stdout teardown"),
    "read_by_the_test": ("(capsys): print(VALUE); capsys.readouterr()", "what stdout captured"),
    "by_a_child": ("(): subprocess.run(CHILD)", "Captured stdout call"),
    "to_a_childs_reader": ("(): subprocess.run(CHILD, capture_output=True)", "a child's stdout"),
    "in_a_log_file": ("(tmp_path): (tmp_path / 'hub.log').write_text(VALUE)", "the file hub.log"),
    "in_a_folder_of_logs": (
        "(tmp_path): (tmp_path / 'logs').mkdir(); (tmp_path / 'logs' / 'hub').write_bytes(base64.b64encode(VALUE.encode()))",
        "the file hub",
    ),
}
KEPT = {
    "in_memory": "(): assert VALUE",
    "in_a_file_that_is_no_log": "(tmp_path): (tmp_path / 'value').write_text(VALUE)",
    "after_one_that_leaked": "(): print('nothing')",
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a pytest of its own, with the guard and nothing else, says of each: its complaint, or nothing."""
    folder = tmp_path_factory.mktemp("guarded")
    tests = {**{name: body for name, (body, _) in WAYS_OUT.items()}, **KEPT}
    (folder / "test_all.py").write_text(START + "".join(f"def test_{name}{body}\n\n" for name, body in tests.items()))
    options = ["-p", "tests.leak_guard", "-p", "no:cacheprovider", "-c", os.devnull, "--show-capture=no", "-q", f"--rootdir={folder}"]
    command = [sys.executable, "-m", "pytest", *options, f"--junitxml={folder / 'verdicts.xml'}", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert not found_in(ran.stdout.encode() + ran.stderr.encode())
    cases = ET.parse(folder / "verdicts.xml").iter("testcase")  # noqa: S314  # made a moment ago, here
    return {case.attrib["name"].removeprefix("test_"): "".join(part.text or "" for part in case.iter("error")) for case in cases}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_value_that_gets_out_is_heard_and_not_repeated(verdicts: dict[str, str], way: str) -> None:
    assert "a personal value was heard" in verdicts[way]
    assert f" in {WAYS_OUT[way][1]}" in verdicts[way]


@pytest.mark.parametrize("way", KEPT)
def test_a_test_that_keeps_values_to_itself_passes(verdicts: dict[str, str], way: str) -> None:
    assert verdicts[way] == ""


@pytest.mark.parametrize("what", INVENTED)
def test_a_value_is_heard_in_every_form(what: str) -> None:
    value = INVENTED[what]
    plain = value.encode()
    disguises = (
        plain,
        value.upper().encode(),
        value.encode("utf-16-le"),
        json.dumps({"a": value}).encode(),
        quote(value).encode(),
        repr(plain).encode(),
        plain.hex().encode(),
        *(base64.b64encode(b"x" * shift + plain + b"yz") for shift in range(4)),
    )
    assert all(any(found.startswith(what) for found in found_in(b"at the start " + disguise + b" and on")) for disguise in disguises)


def test_addresses_of_the_recordings_are_listened_for() -> None:
    assert found_in(b"moved to 2111 w bellevue ave, 90026") == ["recorded address 0, plain"]
    assert len({what.split(",")[0] for what in planted().values()}) > 90


def test_ordinary_talk_is_no_leak() -> None:
    assert found_in(b"applied 20000 events of the topic cases in 3.2 seconds") == []
