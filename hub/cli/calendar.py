"""`hub calendar`: what a new list of bank holidays changes, and taking it over."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from hub.cli.clocks import Folder
from hub.cli.output import Json, say
from hub.clocks.bank_holidays import Change, Published
from hub.clocks.packs import Policies
from hub.model.errors import Misconfigured, Unavailable
from hub.shipped import shipped

app = typer.Typer(help="The bank holidays that clocks count by.", no_args_is_help=True)

PUBLISHED_AT = "https://www.gov.uk/bank-holidays.json"
LARGEST = 4_000_000

From = Annotated[str, typer.Option("--from", help="A file or an address in the form of gov.uk/bank-holidays.json.")]
Clocks = Annotated[Path | None, typer.Option(help="Stored clocks: one answer of `hub clocks due --json` a line.")]


@app.callback()
def about() -> None:
    """The bank holidays that clocks count by."""


@app.command()
def diff(source: From = PUBLISHED_AT, clocks: Clocks = None, *, policies: Folder = None, as_json: Json = False) -> None:
    """Which days the new list adds and takes away, and which stored due instants would move."""
    folder = policies or shipped("policies")
    found, _ = _compared(folder, source, clocks)
    say(found, as_json=as_json, sentence="" if as_json else _sentence(found))


@app.command()
def refresh(source: From = PUBLISHED_AT, clocks: Clocks = None, *, policies: Folder = None, as_json: Json = False) -> None:
    """Take the new list over, keeping the years it leaves out; what moves is said as by `hub calendar diff`."""
    from hub.clock_policies import BANK_HOLIDAYS
    from hub.clocks.bank_holidays import write

    folder = policies or shipped("policies")
    found, new = _compared(folder, source, clocks)
    path = folder / BANK_HOLIDAYS
    beside = path.with_suffix(".new")
    try:
        beside.write_text(json.dumps(write(new), ensure_ascii=False, indent=1) + "\n", "utf-8")
        beside.replace(path)
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be written: {error.strerror}", "say --policies with a folder of your own") from None
    say(found, as_json=as_json, sentence="" if as_json else f"{_sentence(found)}\n{path} is complete to {found['horizon']}")


def _compared(folder: Path, source: str, clocks: Path | None) -> tuple[dict[str, Any], Published]:
    from hub.clock_policies import BANK_HOLIDAYS, load, published
    from hub.clocks.bank_holidays import changes, refreshed

    old = published(folder / BANK_HOLIDAYS)
    new = refreshed(old, _listed(source))
    found = {
        "days": [_day(change) for change in changes(old, new)],
        "moved": list(_moved(load(folder), load(folder, new), clocks)) if clocks else [],
        "horizon": new.horizon.isoformat(),
    }
    return found, new


def _day(change: Change) -> dict[str, Any]:
    return {"day": change.day.isoformat(), "division": change.division, "title": change.title, "added": change.added}


def _listed(source: str) -> Published:
    from hub.clock_policies import published, published_in

    return published_in(source, _fetched(source)) if source.startswith(("https://", "http://")) else published(Path(source))


def _fetched(address: str) -> bytes:
    import httpx2

    try:
        answer = httpx2.get(address, timeout=30, follow_redirects=False)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise Unavailable(f"{address} does not answer ({type(error).__name__}); or take a file: --from FILE") from None
    if len(answer.content) > LARGEST:
        raise Misconfigured("--from", f"is larger than {LARGEST:,} bytes", f"the list is at {PUBLISHED_AT}")
    return answer.content


def _moved(old: Policies, new: Policies, clocks: Path) -> Iterator[dict[str, Any]]:
    from hub.cli.clock_answers import answer

    for line, stored in _stored(clocks):
        question = _question(clocks, line, stored)
        before, after = stored.get("due") or answer(old, question)["due"], answer(new, question)
        if before != after["due"]:
            yield {"line": line, "policy": question.policy, "stage": question.stage, "before": before, "after": after["due"]}


def _stored(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(str(path), "cannot be read", "a UTF-8 file, one answer of `hub clocks due --json` a line") from None
    for number, line in enumerate(lines, 1):
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError:
            raise Misconfigured(f"{path}:{number}", "is not JSON", "one answer of `hub clocks due --json` a line") from None


def _question(path: Path, line: int, stored: Mapping[str, Any]) -> Any:
    from hub.cli.clock_answers import Question

    known = {field.alias or name for name, field in Question.model_fields.items()}
    try:
        return Question.model_validate({name: value for name, value in stored.items() if name in known})
    except (ValidationError, AttributeError):
        raise Misconfigured(f"{path}:{line}", "is no stored clock", "it is an answer of `hub clocks due --json`") from None


def _sentence(found: dict[str, Any]) -> str:
    lines = [f"{'+' if day['added'] else '-'} {day['day']} {day['division']}: {day['title']}" for day in found["days"]]
    lines += [
        f"line {each['line']}: {each['policy']} {each['stage']} moves from {each['before']} to {each['after']}" for each in found["moved"]
    ]
    return "\n".join((*lines, f"{len(found['days'])} days differ, {len(found['moved'])} due instants move"))
