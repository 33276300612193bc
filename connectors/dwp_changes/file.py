"""A daily file of changes, line by line: a header, one line per change, and a trailer that counts them.

No layout of these files is published, so this one is the hub's own: fields between bars, two versions side by side, of which the second
has the UPRN. A file that was cut off, or is of another version, is refused whole.

    HDR|DWP-COC|2|2026-04-01T02:00:00Z
    COC|reference|version|recorded at|benefit|change|from|NINO|forename|surname|born|address|postcode|UPRN
    TRL|1
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.dropped_files import Dropped, FileDrop, next_files
from connectors.surroundings import Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Rejected

_COMMON = (
    "reference", "version", "recorded_at", "benefit", "change", "starts", "nino", "forename", "surname", "born", "address", "postcode",
)  # fmt: skip
LAYOUTS: Mapping[str, tuple[str, ...]] = {"1": _COMMON, "2": (*_COMMON, "uprn")}
_HEADER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line: its values by name, empty where nothing is said; `values` is None where it has fewer or more than its layout."""

    file: str
    line: int
    values: Mapping[str, str] | None = field(repr=False)
    original: bytes = field(repr=False)


async def poll(config: FileDrop, surroundings: Surroundings, at_once: int, cursor: str | None) -> Page:
    """The changes of the next files, many at once, so that a backlog of thousands is a few pages."""
    found = await next_files(config, surroundings.folder / config.folder, surroundings.now(), cursor, at_once)
    read = [_read(file) for file in found.files]
    records = tuple(change for each in read if not isinstance(each, BadRecord) for change in each)
    return Page(
        records=records, rejected=tuple(each for each in read if isinstance(each, BadRecord)), cursor=found.cursor, more=found.more
    )  # fmt: skip


def _read(file: Dropped) -> tuple[Change, ...] | BadRecord:
    try:
        return changes(file)
    except Rejected as refused:
        return BadRecord(origin=file.name, code=refused.code, original=file.body)


def changes(file: Dropped) -> tuple[Change, ...]:
    """Every change of a file; raises Rejected for one that is none, or holds fewer or more than its trailer says."""
    if file.fault is not None:
        raise Rejected(file.fault)
    try:
        lines = file.body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Rejected("dwp-not-a-file-of-changes") from None
    header = lines[0].split("|") if lines else []
    if len(header) != _HEADER or header[:2] != ["HDR", "DWP-COC"] or header[2] not in LAYOUTS:
        raise Rejected("dwp-not-a-file-of-changes")
    told = [(number, line) for number, line in enumerate(lines, 1) if line.startswith("COC|")]
    if lines[-1] != f"TRL|{len(told)}" or len(lines) != len(told) + 2:
        raise Rejected("dwp-count")
    return tuple(_changes(file.name, LAYOUTS[header[2]], told))


def _changes(name: str, layout: tuple[str, ...], told: Iterable[tuple[int, str]]) -> Iterable[Change]:
    for number, line in told:
        values = [value.strip() for value in line.split("|")[1:]]
        named = dict(zip(layout, values, strict=True)) if len(values) == len(layout) else None
        yield Change(file=name, line=number, values=named, original=line.encode())
