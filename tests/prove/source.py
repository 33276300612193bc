"""The proofs' connector: a ledger file that only grows; its cursor is how many bytes of it have been read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors import Configured
from hub.model.connector import Page, Said, Source
from hub.model.event import Event
from tests.prove.job import JobClosed, StepReported
from tests.prove.ledger import SOURCES, file_of

AT_ONCE = 32_768
"""Bytes of one page: some 150 lines."""
EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Ledger:
    """One source's file."""

    path: Path

    async def poll(self, cursor: str | None) -> Page:
        """The whole lines from the cursor on, no more than one page of them."""
        at = int(cursor or 0)
        if not self.path.exists():
            return Page(records=(), cursor=cursor, more=False)
        with self.path.open("rb") as file:
            file.seek(at)
            piece = file.read(AT_ONCE)
        whole = piece[: piece.rfind(b"\n") + 1]
        more = len(piece) == AT_ONCE
        return Page(records=tuple(whole.splitlines()), cursor=str(at + len(whole)) if whole else cursor, more=more)


def translate(record: Any) -> Iterator[Said]:
    """A line is one fact; said again, it is the same fact."""
    said = json.loads(record)
    yield Said(local_id=f"{said['job']}/{said['number']}", event=event_of(said), version="1")


def event_of(said: dict[str, Any]) -> Event:
    """What a line says, as an event that has not been stamped."""
    at = datetime.fromisoformat(said["at"])
    if said["kind"] == "closed":
        return JobClosed(occurred_at=at, job_id=said["job"], team=said["team"], number=said["number"])
    return StepReported(
        occurred_at=at, job_id=said["job"], team=said["team"], step=said["step"], revision=said["revision"], points=said["points"],
        answer_by=datetime.fromisoformat(said["answer_by"]) if said["answer_by"] else None, number=said["number"],
    )  # fmt: skip


def sources(folder: Path) -> tuple[Configured, ...]:
    """All sources of the ledgers in this folder."""
    return tuple(
        Configured(
            source=Source(
                name=name,
                system=name,
                controller="proofs",
                poll=Ledger(file_of(folder, name)).poll,
                translate=translate,
                origin=lambda _: "line",
            ),
            every_seconds=EVERY_SECONDS,
            most_per_second=None,
        )
        for name in SOURCES
    )
