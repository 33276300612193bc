"""Pauses and extensions in writing, on a command line or beside a stored clock: `A..B,reason=R` and `N,recorded=T,told=T,reason=R`."""

from datetime import datetime

from hub.clocks import london
from hub.clocks.due import Extension
from hub.clocks.pauses import Pause

NEVER = "no"
AS_ASKED = "as asked"


def pause(text: str) -> Pause:
    """A pause written as `A..B` or, not ended yet, `A..`; raises ValueError that says what to write instead."""
    span, said = _parts(text, {"reason"})
    first, dots, last = span.partition("..")
    if not dots:
        raise ValueError("write a pause as 2026-03-02..2026-03-05, or 2026-03-02.. if it has not ended")
    start, end = london.read(first), london.read(last) if last else None
    if end is not None and end < start:
        raise ValueError("ends before it begins: write the earlier time first")
    return Pause(start=start, end=end, reason=said.get("reason"))


def extension(text: str, start: datetime) -> Extension:
    """An extension by N of the stage's own unit; what is not said was done properly when the clock started. Raises ValueError."""
    amount, said = _parts(text, {"recorded", "told", "reason"})
    if not amount.isdecimal() or not int(amount):
        raise ValueError("write an extension as 10 or as 10,recorded=2026-03-02,told=2026-03-03,reason=complex (told=no: nobody was told)")
    recorded = london.read(said["recorded"]) if "recorded" in said else start
    told = said.get("told")
    told_at = recorded if told is None else None if told == NEVER else london.read(told)
    return Extension(amount=int(amount), recorded_at=recorded, told_at=told_at, reason=said.get("reason", AS_ASKED))


def pause_said(said: Pause) -> str:
    """The pause in writing."""
    end = "" if said.end is None else london.shown(said.end)
    return f"{london.shown(said.start)}..{end}" + (f",reason={said.reason}" if said.reason else "")


def extension_said(said: Extension) -> str:
    """The extension in writing."""
    told = NEVER if said.told_at is None else london.shown(said.told_at)
    return f"{said.amount},recorded={london.shown(said.recorded_at)},told={told},reason={said.reason}"


def _parts(text: str, known: set[str]) -> tuple[str, dict[str, str]]:
    first, *rest = (part.strip() for part in text.split(","))
    said = {name: value for name, _, value in (part.partition("=") for part in rest)}
    if unknown := said.keys() - known:
        raise ValueError(f"knows {', '.join(sorted(known))}, and not {', '.join(sorted(unknown))}")
    return first, said
