"""Who should have been told what, reckoned from the story and the agreement files alone: shares no code with the hub."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that is true of one person by the end of a step: their records by system, which are proved, what was said last."""

    day: date
    kind: str
    revision: str
    stands: bool
    origin: str
    already_told: frozenset[str]
    chosen: frozenset[str]
    records: Mapping[str, str]
    """System of each record by its party id; the record under which it was said is not among a dead person's."""
    proved: frozenset[str]
    restricted_by: frozenset[str]


def agreements(folder: Path, ends: Mapping[str, date]) -> dict[str, dict[str, Any]]:
    """The files of kind tell-us-once as they are written, but that some end on another day."""
    yaml = YAML(typ="safe", pure=True)
    found = {path.stem: yaml.load(path.read_text("utf-8")) for path in sorted((folder / "agreements").glob("*.yaml"))}
    return {name: said | {"valid_to": ends.get(name, said["valid_to"])} for name, said in found.items() if said["kind"] == "tell-us-once"}


def entitled(name: str, said: Mapping[str, Any], moment: Moment) -> set[str | None]:
    """The records, or None for none, for which this recipient may be told now, whatever the day and whatever is restricted."""
    told = said["life_events"][moment.kind].get("fields")
    ours = {name, said["recipient"]}
    if said["status"] != "active" or not told or not moment.stands or moment.origin in ours or ours & moment.already_told:
        return set()
    if said["by_choice"] and name not in moment.chosen:
        return set()
    system = said.get("reference_source")
    own = [party for party, kept_by in moment.records.items() if kept_by == system]
    if own:
        return {party for party in own if moment.kind == "birth" or party in moment.proved}
    known = any(moment.kind == "birth" or party in moment.proved for party in moment.records)
    return {None} if known and said["if_no_reference"] == "send" else set()


def may_begin(said: Mapping[str, Any], moment: Moment) -> bool:
    """Whether a telling that never went out may go out now."""
    return bool(said["valid_from"] <= moment.day <= said["valid_to"]) and said["controller"] not in moment.restricted_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a recipient should have in the end, and may have had on the way."""

    stands: Mapping[tuple[str, str | None], str]
    """Agreement and record to the revision that was told last."""
    ever: frozenset[tuple[str, str | None]]


def right(files: Mapping[str, Mapping[str, Any]], story: Iterable[Moment]) -> Right:
    """By the whole story of one life event."""
    ever: set[tuple[str, str | None]] = set()
    now: set[tuple[str, str | None]] = set()
    last = ""
    for moment in story:
        now = {(name, record) for name, said in files.items() for record in entitled(name, said, moment)}
        ever |= {line for line in now if may_begin(files[line[0]], moment)}
        last = moment.revision
    return Right(stands=dict.fromkeys(now & ever, last), ever=frozenset(ever))
