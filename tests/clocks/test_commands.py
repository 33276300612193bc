"""`hub clocks` and `hub calendar`, as an officer or a program asks them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from hub.model.errors import Misconfigured, Unavailable
from hub.shipped import shipped


def hub(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def asked(*arguments: str) -> Any:
    return json.loads(hub("clocks", "due", *arguments, "--json").stdout)


def refused(*arguments: str) -> str:
    error = hub(*arguments).exception
    assert isinstance(error, Misconfigured)
    return str(error)


FOI = ("--policy", "freedom-of-information", "--stage", "response")
SAR = ("--policy", "subject-access", "--stage", "response")


def test_an_officer_is_told_day_by_day_how_it_was_counted() -> None:
    said = hub("clocks", "due", *FOI, "--from", "2026-12-21").stdout
    assert "2026-12-25 Fri  Christmas Day" in said
    assert "2027-01-04 Mon  2nd January (substitute day), scotland" in said
    assert "last day 2027-01-22" in said


def test_a_program_is_told_when_it_is_due_and_when_to_warn() -> None:
    found = asked(*SAR, "--from", "2026-05-31")
    assert (found["due"], found["last_day"], found["calendar"]) == ("2026-07-01T00:00:00+01:00", "2026-06-30", "england-and-wales")
    assert found["warn"] == ["2026-06-21T00:00:00+01:00", "2026-06-28T00:00:00+01:00"]
    assert found["steps"][0] == {"day": "2026-05-31", "weekday": "Sunday", "number": 0, "says": "day 0"}


def test_pauses_and_extensions_are_heard() -> None:
    found = asked(*SAR, "--from", "2026-11-25", "--pause", "2026-11-27..2026-12-01", "--extend", "2,recorded=2026-12-02,reason=complex")
    assert (found["last_day"], found["refused"]) == ("2027-03-01", [])


def test_what_does_not_count_is_said_and_the_exit_code_is_one() -> None:
    done = hub("clocks", "due", *FOI, "--from", "2026-11-02", "--pause", "2026-11-04..2026-11-05,reason=holiday")
    assert done.exit_code == 1
    assert "refused: pause of 2026-11-04T00:00:00+00:00: the policy knows no such pause" in done.stdout


def test_a_clock_that_stands_still_is_not_due() -> None:
    assert asked(*SAR, "--from", "2026-11-02", "--pause", "2026-11-04..")["due"] is None


def test_an_acknowledgement_that_came_late_does_not_move_the_answer() -> None:
    found = asked("--policy", "lgsco-2024", "--stage", "stage-1", "--received", "2026-11-23", "--from", "2026-12-11")
    assert (found["starts"], found["last_day"]) == ("2026-11-30T00:00:00+00:00", "2026-12-14")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--policy", "freedom-of-infomation", "--stage", "response", "--from", "2026-01-05"), "did you mean freedom-of-information?"),
        (("--policy", "lgsco-2024", "--stage", "stage2", "--from", "2026-01-05"), "did you mean stage-2?"),
        (
            ("--policy", "lgsco-2024", "--stage", "response", "--from", "2026-01-05"),
            "there are: acknowledgement, stage-1, stage-2, follow-up",
        ),
        ((*FOI, "--from", "5 January"), "write a day (2026-03-02)"),
        ((*FOI, "--from", "2026-03-29T01:30"), "does not exist in London"),
        ((*FOI, "--from", "2026-10-25T01:30"), "occurs twice in London"),
        ((*FOI, "--from", "2004-12-31"), "applies to what starts from 2005-01-01"),
        ((*FOI, "--from", "2060-12-25"), "say a nearer day"),
        ((*FOI, "--from", "0001-01-01"), "applies to what starts from"),
        ((*FOI, "--from", "9999-12-31T23:59-12:00"), "say a nearer day"),
        ((*FOI, "--from", "2026-01-05", "--nation", "scotland"), "it does in: england, wales, northern-ireland"),
        ((*FOI, "--from", "2026-01-05", "--nation", "englnd"), "did you mean england?"),
        ((*FOI, "--from", "2026-01-05", "--pause", "2026-01-07"), "write a pause as"),
        ((*FOI, "--from", "2026-01-05", "--pause", "2026-01-07..2026-01-06"), "write the earlier time first"),
        ((*FOI, "--from", "2026-01-05", "--pause", "2026-01-07..2026-01-08,cause=fee"), "knows reason, and not cause"),
        ((*FOI, "--from", "2026-01-05", "--extend", "ten"), "write an extension as 10"),
        ((*FOI, "--from", "2026-01-05", "--received", "2026-01-02"), "leave it out"),
    ],
)
def test_a_wrong_word_is_answered_with_what_was_meant(arguments: tuple[str, ...], why: str) -> None:
    assert why in refused("clocks", "due", *arguments)


def test_every_stage_is_listed_with_its_source() -> None:
    listed = json.loads(hub("clocks", "list", "--json").stdout)
    assert {row["stage"] for row in listed} == {"acknowledgement", "stage-1", "stage-2", "stage-3", "response", "follow-up"}
    assert all(row["source"] and row["confidence"] for row in listed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("policies"), tmp_path / "policies"))


@pytest.fixture
def proclaimed(tmp_path: Path) -> Path:
    document = json.loads((shipped("policies") / "calendars/bank-holidays.json").read_text("utf-8"))
    document["scotland"]["events"].append({"title": "World Cup", "date": "2027-01-08"})
    path = tmp_path / "new.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "clocks.jsonl"
    over = asked(*FOI, "--from", "2026-12-21")
    before = asked(*FOI, "--from", "2026-06-01")
    english = asked("--policy", "lgsco-2024", "--stage", "stage-2", "--from", "2026-12-21")
    path.write_text("\n".join(map(json.dumps, (over, before, english))), "utf-8")
    return path


def test_a_new_list_says_which_stored_due_instants_would_move(folder: Path, proclaimed: Path, stored: Path) -> None:
    found = json.loads(
        hub("calendar", "diff", "--policies", str(folder), "--from", str(proclaimed), "--clocks", str(stored), "--json").stdout
    )
    assert found["days"] == [{"day": "2027-01-08", "division": "scotland", "title": "World Cup", "added": True}]
    assert found["moved"] == [{
        "line": 1, "policy": "freedom-of-information", "stage": "response", "before": "2027-01-23T00:00:00+00:00",
        "after": "2027-01-26T00:00:00+00:00",
    }]  # fmt: skip


def test_a_difference_changes_nothing_and_a_refresh_does(folder: Path, proclaimed: Path) -> None:
    options = ("--policies", str(folder), "--from", str(proclaimed))
    assert "1 days differ" in hub("calendar", "diff", *options).stdout
    assert "complete to 2028-12-31" in hub("calendar", "refresh", *options).stdout
    assert "0 days differ" in hub("calendar", "diff", *options).stdout
    assert asked(*FOI, "--from", "2026-12-21", "--policies", str(folder))["last_day"] == "2027-01-25"


def test_a_list_that_is_not_whole_replaces_nothing(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"england-and-wales": {"events": []}}', "utf-8")
    before = (folder / "calendars/bank-holidays.json").read_bytes()
    assert "gov.uk/bank-holidays.json" in refused("calendar", "refresh", "--policies", str(folder), "--from", str(broken))
    assert (folder / "calendars/bank-holidays.json").read_bytes() == before


def test_a_stored_clock_that_is_none_is_named_by_its_line(folder: Path, proclaimed: Path, stored: Path) -> None:
    stored.write_text(stored.read_text("utf-8") + "\n{}\n", "utf-8")
    options = ("--policies", str(folder), "--from", str(proclaimed), "--clocks", str(stored))
    assert f"{stored}:4: is no stored clock" in refused("calendar", "diff", *options)


def test_an_address_that_does_not_answer_is_said_to_be_unreachable(folder: Path) -> None:
    error = hub("calendar", "diff", "--policies", str(folder), "--from", "http://127.0.0.1:1/bank-holidays.json").exception
    assert isinstance(error, Unavailable)


@pytest.fixture
def address(proclaimed: Path) -> Iterator[str]:
    """Where the new list is published."""

    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(proclaimed.parent))

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_new_list_may_be_at_an_address(folder: Path, address: str) -> None:
    found = json.loads(hub("calendar", "refresh", "--policies", str(folder), "--from", f"{address}/new.json", "--json").stdout)
    assert [day["day"] for day in found["days"]] == ["2027-01-08"]


def test_an_address_that_has_no_list_changes_nothing(folder: Path, address: str) -> None:
    error = hub("calendar", "refresh", "--policies", str(folder), "--from", f"{address}/old.json").exception
    assert isinstance(error, Unavailable)


def test_the_command_ends_with_two_and_one_line_where_a_word_is_wrong() -> None:
    command = [sys.executable, "-m", "hub", "clocks", "due", "--policy", "mush", "--stage", "response", "--from", "2026-01-05"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "hub: --policy: there is no mush (did you mean mash?)\n")
