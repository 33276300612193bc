"""Which fields a partner reads, and which of them a change would take away: what no registry keeps, since it knows no readers.

`schemas/readers/<partner>.yaml` says `Record: [field, …]`; a partner that registers nothing is taken to read nothing in particular.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub.contracts.compatibility import clashes, parsed
from hub.contracts.subjects import Registered
from hub.model.errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """One partner's word: of this record it reads these fields."""

    partner: str
    record: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A partner that a change would break, the field, and why."""

    partner: str
    record: str
    field: str
    why: str


def read_readers(schemas: Path) -> tuple[Reads, ...]:
    """What every partner registered; raises Misconfigured by file."""
    return tuple(reads for path in sorted((schemas / "readers").glob("*.yaml")) for reads in _read(path))


def _read(path: Path) -> Iterator[Reads]:
    try:
        written = YAML(typ="safe", pure=True).load(path.read_bytes())
    except YAMLError:
        raise Misconfigured(str(path), "is not YAML") from None
    if not isinstance(written, dict) or not all(isinstance(names, list) and names for names in written.values()):
        raise Misconfigured(
            str(path), "is not a mapping of record names to lists of fields", "for example `LibraryNotice: [name, to_address]`"
        )
    for record, names in written.items():
        yield Reads(partner=path.stem, record=str(record), fields=tuple(map(str, names)))


def reading(text: str) -> Reads | None:
    """`Record#field,field` as somebody types it, of no partner yet; None where it is not that."""
    record, _, names = text.partition("#")
    fields = tuple(name.strip() for name in names.split(",") if name.strip())
    return Reads(partner="", record=record, fields=fields) if record and fields else None


def broken(readers: Iterable[Reads], before: Mapping[str, Registered], after: Mapping[str, Registered]) -> tuple[Broken, ...]:
    """Whom the step from one set of newest schemas to another breaks; both are by record name, `before` may lack what is new."""
    return tuple(found for reads in readers for found in _broken(reads, before.get(reads.record), after.get(reads.record)))


def _broken(reads: Reads, before: Registered | None, after: Registered | None) -> Iterator[Broken]:
    if after is None:
        yield Broken(partner=reads.partner, record=reads.record, field="", why="there is no such record")
        return
    new = _fields(after)
    old = new if before is None else _fields(before)
    for name in reads.fields:
        if name not in new:
            yield Broken(
                partner=reads.partner, record=reads.record, field=name, why="is no longer said" if name in old else "was never said"
            )
        elif name in old and (why := _unreadable(old[name], new[name])):
            yield Broken(partner=reads.partner, record=reads.record, field=name, why=why)


def _fields(schema: Registered) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in orjson.loads(schema.text)["fields"]}


def _unreadable(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Why whoever reads the field as it was cannot read it as it is to be."""
    one, other = (
        parsed(orjson.dumps({"type": "record", "name": "Alone", "namespace": "x", "fields": [each]}).decode()) for each in (old, new)
    )
    return "; ".join(clash.reason for clash in clashes(one, other))


def newest_by_record(registered: Iterable[Registered]) -> dict[str, Registered]:
    """The newest version of each record, by its name without namespace."""
    return {orjson.loads(each.text)["name"]: each for each in sorted(registered, key=lambda each: each.version)}
