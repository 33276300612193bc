"""`hub schema`: which schemas there are, what a change of one would break and for whom, and writing down the next version of notices."""

import json
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from hub.cli.output import Json, say
from hub.contracts import load
from hub.contracts.subjects import Registered, Subjects, breaks, event_subjects, subjects
from hub.model.errors import Misconfigured
from hub.privacy.agreements import load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.readers import Broken, broken, newest_by_record, read_readers
from hub.sharing.versions import notice_versions, unwritten
from hub.shipped import shipped

app = typer.Typer(help="The schemas of events and notices, and whom a change would break.", no_args_is_help=True)

Subject = Annotated[str, typer.Argument(help="For example tell-us-once-library-value; hub schema list names them.")]


def held() -> Subjects:
    """All that a registry of this release serves: events, and every version of notices that was written down."""
    schemas = shipped("schemas")
    return subjects([*event_subjects(load(schemas)), *notice_versions(schemas)])


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """Every subject, with its newest version, its wire id and what a further version owes it."""
    rows = [
        {"subject": name, "version": each[-1].version, "id": each[-1].id, "compatibility": each[-1].level.value}
        for name, each in held().named.items()
    ]
    say(rows, as_json=as_json)


@app.command()
def show(
    subject: Subject,
    *,
    version: Annotated[int | None, typer.Option(help="Which version.", show_default="the newest")] = None,
    as_json: Json = False,
) -> None:
    """One schema."""
    found = _version(subject, version)
    schema = orjson.loads(found.text)
    said = {"subject": subject, "version": found.version, "id": found.id, "schema": schema}
    say(said if as_json else said | {"schema": json.dumps(schema, indent=1)}, as_json=as_json)


@app.command()
def diff(
    subject: Subject,
    older: Annotated[int, typer.Argument(help="A version.")],
    newer: Annotated[int, typer.Argument(help="Another.")],
    *,
    as_json: Json = False,
) -> None:
    """What changed from one version to another, line by line."""
    one, other = (json.dumps(orjson.loads(_version(subject, n).text), indent=1).splitlines() for n in (older, newer))
    lines = list(unified_diff(one, other, f"version {older}", f"version {newer}", lineterm=""))
    say({"diff": lines}, as_json=as_json, sentence="\n".join(lines).replace("[", r"\[") or "they say the same")


@app.command()
def check(*, as_json: Json = False) -> None:
    """Whether agreements and schemas as they stand now break anybody: names partner and field; exit 1 if so.

    Held against each other: what the agreements list, the versions written down, and the fields that partners registered.
    """
    schemas = shipped("schemas")
    written, agreements = notice_versions(schemas), _agreements()
    coming = unwritten(agreements, written)
    known = subjects(written).named
    clashing = [f"{each.subject}: {why}" for each in coming for why in breaks(each.text, known.get(each.subject, ()), each.level)]
    contract = event_subjects(load(schemas))
    before = newest_by_record([*contract, *written])
    hurt = broken(read_readers(schemas), before, before | newest_by_record(coming))
    waiting = [f"{each.subject} v{each.version}" for each in coming]
    say(_report(waiting, clashing, hurt), as_json=as_json, sentence=_sentence(waiting, clashing, hurt))
    if waiting or clashing or hurt:
        raise typer.Exit(1)


@app.command()
def register(*, as_json: Json = False) -> None:
    """Write down the next version of every notice whose agreement lists other fields than before; commit the files with the agreement."""
    schemas = shipped("schemas")
    coming = unwritten(_agreements(), notice_versions(schemas))
    (schemas / "notices").mkdir(exist_ok=True)
    names = [_write(schemas / "notices", each) for each in coming]
    say({"written": names}, as_json=as_json, sentence=f"written: {', '.join(names)}" if names else "nothing has changed")


def _write(folder: Path, each: Registered) -> str:
    agreement = each.subject.removeprefix("tell-us-once-").removesuffix("-value")
    path = folder / f"{agreement}.v{each.version}.avsc"
    path.write_text(each.text + "\n", "utf-8")
    return path.name


def _agreements() -> Any:
    folder = shipped("policies")
    return load_agreements(folder, load_partnership(folder))


def _version(subject: str, version: int | None) -> Registered:
    versions = held().named.get(subject)
    if versions is None:
        raise Misconfigured(subject, "is not a subject", "hub schema list names them")
    found = versions[-1] if version is None else next((each for each in versions if each.version == version), None)
    if found is None:
        raise Misconfigured(f"{subject} v{version}", "is not a version", f"there are {', '.join(str(each.version) for each in versions)}")
    return found


def _report(waiting: list[str], clashing: list[str], hurt: tuple[Broken, ...]) -> dict[str, Any]:
    rows = [{"partner": each.partner, "record": each.record, "field": each.field, "why": each.why} for each in hurt]
    return {"unwritten": waiting, "incompatible": clashing, "breaks": rows}


def _sentence(waiting: list[str], clashing: list[str], hurt: tuple[Broken, ...]) -> str:
    lines = [f"breaks {each.partner}: it reads {each.record}#{each.field}, which {each.why}" for each in hurt]
    lines += [f"incompatible: {each}" for each in clashing]
    lines += [f"not written down yet: {each} (run: hub schema register)" for each in waiting]
    return "\n".join(lines) or "nothing breaks anybody"
