"""Answers as files: a recipient that fetches its notices from a folder lays its answers down there, and is told what became of them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Signal
from typing import Any

import orjson

from hub.contracts.notification_words import NoticeRejection, Outcome
from hub.contracts.notifications import AcknowledgementGiven
from hub.engine.outage import Outage
from hub.model.errors import Unavailable
from hub.model.event import EPOCH
from hub.sharing.agreement import NoticeAgreement
from hub.telling.answers import Answers
from hub.telling.folder import RESULT

ANSWERS = ".answers.jsonl"
MOST_BYTES = 16 * 1024 * 1024
LOOK_SECONDS = 2.0
_SAID = {"life_event_id", "number", "message_id", "outcome", "reason", "agreement"}


class _NoAnswer(Exception):
    """The line says nothing that can be understood."""


@dataclass(frozen=True, kw_only=True)
class FolderAnswers:
    """Takes in what one recipient lays down; a file that is read twice, as after a crash, says the same twice."""

    agreement: NoticeAgreement
    folder: Path
    answers: Answers
    _outage: Outage = field(default_factory=lambda: Outage("answers"))

    def run(self, stop: Signal) -> None:
        """Look until told to stop; a folder or a store that is away is waited for."""
        while not stop.is_set():
            try:
                self.round()
                self._outage.over()
            except Unavailable as outage:
                self._outage.began(outage)
            stop.wait(LOOK_SECONDS)

    def round(self) -> int:
        """Take in every file that lies there; gives how many. Raises Unavailable, and then what is left is taken in the next time."""
        try:
            found = self.folder.glob(f"{self.agreement.id}.*{ANSWERS}")
            files = sorted(path for path in found if path.is_file() and not path.is_symlink())
            for path in files:
                result = self._taken(path)
                path.with_name(path.name.removesuffix(ANSWERS) + RESULT).write_bytes(orjson.dumps(result) + b"\n")
                path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"folder {self.agreement.id}: {error.strerror}") from None
        return len(files)

    def _taken(self, path: Path) -> dict[str, Any]:
        """What became of each line: how many were taken, which name no message of theirs, which cannot be read."""
        taken = 0
        unknown: list[int] = []
        unreadable: list[int] = []
        for number, line in enumerate(_lines(path), start=1):
            try:
                if self.answers.take(_given(line, self.agreement.id)):
                    taken += 1
                else:
                    unknown.append(number)
            except _NoAnswer:
                unreadable.append(number)
        return {"file": path.name, "taken": taken, "unknown": unknown, "unreadable": unreadable}


def _lines(path: Path) -> Iterator[bytes]:
    """The file's lines; one that is too long is one line that cannot be read."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        body = file.read(MOST_BYTES + 1)
    yield from [b""] if len(body) > MOST_BYTES else body.splitlines()


def _given(line: bytes, agreement: str) -> AcknowledgementGiven:
    """One answer, which counts for the folder's own agreement and no other."""
    try:
        said = orjson.loads(line)
        if not isinstance(said, dict) or not said.keys() <= _SAID or said.get("agreement", agreement) != agreement:
            raise _NoAnswer
        reason = said.get("reason")
        return AcknowledgementGiven(
            occurred_at=EPOCH, life_event_id=_text(said["life_event_id"]), agreement=agreement, number=_count(said["number"]),
            message_id=_text(said["message_id"]), outcome=Outcome(said["outcome"]),
            reason=None if reason is None else NoticeRejection(reason),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise _NoAnswer from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > 128:  # noqa: PLR2004 - as long as any id
        raise ValueError
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value
