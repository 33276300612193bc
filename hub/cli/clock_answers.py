"""A question about a clock, in words, with its answer: one JSON object, which may be stored and asked again by another calendar."""

from collections.abc import Callable, Iterable
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import Field

from hub.clocks import london, saying
from hub.clocks.calendar import OutsideCalendar
from hub.clocks.counting import Step
from hub.clocks.due import Clock, Due, due, started
from hub.clocks.packs import Nation, Pack, Policies, Stage
from hub.configuration import Configuration
from hub.model.errors import Misconfigured
from hub.shipped import shipped

_Read = TypeVar("_Read")


class Question(Configuration):
    """What is asked of a clock, as it is written on the command line and in a file of stored clocks."""

    policy: str
    stage: str
    nation: str = Nation.ENGLAND.value
    start: str = Field(alias="from")
    received: str | None = None
    pauses: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


class _Meant(NamedTuple):
    pack: Pack
    stage: Stage
    nation: Nation
    clock: Clock


def in_force(folder: Path | None) -> Policies:
    """The policies in this folder, or those that ship; raises Misconfigured."""
    from hub.clock_policies import load

    return load(folder or shipped("policies"))


def answer(policies: Policies, question: Question) -> dict[str, Any]:
    """The question with its answer; raises Misconfigured that says what was meant."""
    meant, found = asked(policies, question)
    return _told(meant, question, found)


def asked(policies: Policies, question: Question) -> tuple[_Meant, Due]:
    """What the question means and when that is due; raises Misconfigured."""
    try:
        meant = _meant(policies, question)
        return meant, due(meant.stage, policies.calendars[meant.stage.calendars[meant.nation]], meant.clock)
    except (OutsideCalendar, OverflowError) as error:
        raise Misconfigured("--from", f"cannot be counted from: {error}", "say a nearer day") from None


def _meant(policies: Policies, question: Question) -> _Meant:
    pack = policies.packs[one_of("--policy", question.policy, policies.packs)]
    stage = next(each for name, each in pack.stages.items() if name == one_of("--stage", question.stage, pack.stages))
    nation = Nation(one_of("--nation", question.nation, Nation))
    if nation not in stage.calendars:
        raise Misconfigured("--nation", f"{pack.name} does not apply in {nation}", f"it does in: {', '.join(stage.calendars)}")
    start = _start(policies, stage, nation, question)
    if not pack.in_force(london.day_of(start)):
        until = f" to {pack.until}" if pack.until else ""
        raise Misconfigured("--from", f"{pack.name} applies to what starts from {pack.since}{until}", "say a day in that time")
    pauses = tuple(_read("--pause", text, saying.pause) for text in question.pauses)
    extensions = tuple(_read("--extend", text, lambda text: saying.extension(text, start)) for text in question.extensions)
    return _Meant(pack, stage, nation, Clock(start=start, pauses=pauses, extensions=extensions))


def _start(policies: Policies, stage: Stage, nation: Nation, question: Question) -> datetime:
    start = _read("--from", question.start, london.read)
    if question.received is None:
        return start
    if stage.guard is None:
        raise Misconfigured("--received", f"{stage.name} starts with {stage.starts}, without a time limit before it", "leave it out")
    received = _read("--received", question.received, london.read)
    if received > start:
        raise Misconfigured("--received", "is after --from", "a thing is received before it is acted on")
    return started(stage.guard, policies.calendars[stage.calendars[nation]], received, start)


def one_of(key: str, said: str, known: Iterable[str]) -> str:
    """The word, if it is known; raises Misconfigured that names the one probably meant, or all there are."""
    words = [str(word) for word in known]
    if said in words:
        return said
    meant = get_close_matches(said, words, n=1)
    raise Misconfigured(key, f"there is no {said}", f"did you mean {meant[0]}?" if meant else f"there are: {', '.join(words)}")


def _read(key: str, text: str, reader: Callable[[str], _Read]) -> _Read:
    try:
        return reader(text)
    except ValueError as error:
        raise Misconfigured(key, f"{text} cannot be read", str(error)) from None
    except OverflowError:
        raise Misconfigured(key, f"{text} is no time that any calendar knows", "say a nearer day") from None


def _told(meant: _Meant, question: Question, found: Due) -> dict[str, Any]:
    stage = meant.stage
    return {
        **question.model_dump(by_alias=True),
        "starts": london.shown(meant.clock.start),
        "counts": f"{stage.amount} {stage.unit}",
        "calendar": stage.calendars[meant.nation],
        "due": found.at and london.shown(found.at),
        "last_day": found.last_day and found.last_day.isoformat(),
        "warn": [london.shown(instant) for instant in found.warn],
        "provisional": found.provisional,
        "refused": [{"what": each.what, "at": london.shown(each.at), "why": each.why} for each in found.refused],
        "steps": [
            {"day": step.day.isoformat(), "weekday": f"{step.day:%A}", "number": step.number, "says": step.says} for step in found.steps
        ],
        "source": stage.source,
        "confidence": stage.confidence.value,
    }


def _step(step: Step) -> dict[str, Any]:
    return {"day": step.day.isoformat(), "weekday": f"{step.day:%A}", "number": step.number, "says": step.says}
