"""Answers laid down in a recipient's folder: taken in once each, and the recipient hears what became of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.cli.telling import answers
from hub.telling.folder_answers import FolderAnswers
from projections.ledger_lines import LineState
from tests.telling.desk import ACCOUNT, AGREEMENTS, Desk, died

TAX = "council-tax"


def folder(council: Desk, path: Path) -> FolderAnswers:
    return FolderAnswers(agreement=AGREEMENTS()[TAX], folder=path, answers=answers(council.engine.house))


def told(council: Desk, **more: Any) -> str:
    """The council tax office was told of a death; gives its answer that it has acted, as a line."""
    council.say(died())
    council.carry()
    (got,) = council.boxes[TAX].got
    said = {"life_event_id": got.life_event_id, "number": got.number, "message_id": got.message_id, "outcome": "ACTIONED"}
    return json.dumps(said | more)


def result(path: Path) -> dict[str, Any]:
    (found,) = path.glob("*.result.json")
    read: dict[str, Any] = json.loads(found.read_bytes())
    return read


def test_an_answer_in_the_folder_is_taken_in_and_said_to_have_been(council: Desk, tmp_path: Path) -> None:
    (tmp_path / f"{TAX}.monday.answers.jsonl").write_text(told(council) + "\n")
    assert folder(council, tmp_path).round() == 1
    council.town.settle()
    assert council.line(TAX).progress is LineState.ACTIONED
    assert result(tmp_path) == {"file": f"{TAX}.monday.answers.jsonl", "taken": 1, "unknown": [], "unreadable": []}
    assert folder(council, tmp_path).round() == 0


@pytest.mark.parametrize("more", [{"message_id": "made-up"}, {"number": 2}, {"life_event_id": "another"}])
def test_an_answer_to_a_message_that_was_never_theirs_is_nobodys(council: Desk, tmp_path: Path, more: dict[str, Any]) -> None:
    (tmp_path / f"{TAX}.monday.answers.jsonl").write_text(told(council, **more))
    folder(council, tmp_path).round()
    council.town.settle()
    assert (council.line(TAX).progress, result(tmp_path)["unknown"]) == (LineState.SENT, [1])


def test_what_cannot_be_read_is_named_by_its_line_and_the_rest_is_taken(council: Desk, tmp_path: Path) -> None:
    good = told(council)
    wrong: list[dict[str, Any]] = [{"agreement": "parking"}, {"outcome": "DONE"}, {"number": "1"}]
    bad = ["", "[]", "{", json.dumps({"number": 1}), *(told_of(good, **each) for each in wrong)]
    (tmp_path / f"{TAX}.monday.answers.jsonl").write_text("\n".join([*bad, good]))
    folder(council, tmp_path).round()
    assert result(tmp_path) | {"file": ""} == {"file": "", "taken": 1, "unknown": [], "unreadable": [1, 2, 3, 4, 5, 6, 7]}


def told_of(line: str, **more: Any) -> str:
    return json.dumps(json.loads(line) | more)


def test_a_file_of_another_and_a_link_are_not_read(council: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(told(council))
    (tmp_path / "parking.monday.answers.jsonl").write_text(secret.read_text())
    assert folder(council, tmp_path).round() == 0
    (tmp_path / f"{TAX}.link.answers.jsonl").symlink_to(secret)
    assert folder(council, tmp_path).round() == 0
    council.town.settle()
    assert council.line(TAX, ACCOUNT).progress is LineState.SENT
