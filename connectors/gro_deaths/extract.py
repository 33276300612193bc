"""One extract is one page: its registrations as trees of names and texts, or the reason why the file is refused whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from connectors.dropped_files import Dropped, FileDrop, next_file
from connectors.hardened_xml import parse
from connectors.surroundings import Surroundings
from hub.model.connector import BadRecord, Page
from hub.model.errors import Rejected

NAMESPACE = "http://www.ons.gov.uk/gro/OGDDeathExtractDWP"
_GROUP, _ONE, _COUNT = (f"{{{NAMESPACE}}}{name}" for name in ("DeathRegistrationGroup", "DeathRegistration", "RecordCount"))

Tree = Mapping[str, tuple[Any, ...]]
"""By the local name of an element all that stands under that name, in order: texts, or trees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration as it was read: `number` is its place in the file, from 1."""

    file: str
    number: int
    said: Tree = field(repr=False)
    original: bytes = field(repr=False)


async def poll(config: FileDrop, surroundings: Surroundings, cursor: str | None) -> Page:
    """The registrations of the next extract."""
    found = await next_file(config, surroundings.folder / config.folder, surroundings.now(), cursor)
    if found.file is None:
        return Page(records=(), cursor=found.cursor, more=found.more)
    try:
        records = registrations(found.file)
    except Rejected as refused:
        bad = BadRecord(origin=found.file.name, code=refused.code, original=found.file.body)
        return Page(records=(), rejected=(bad,), cursor=found.cursor, more=found.more)
    return Page(records=records, cursor=found.cursor, more=found.more)


def registrations(file: Dropped) -> tuple[Registration, ...]:
    """Every registration of an extract; raises Rejected for a file that is not one, or holds fewer or more than it says."""
    if file.fault is not None:
        raise Rejected(file.fault)
    root = parse(file.body)
    if root.tag != _GROUP:
        raise Rejected("gro-not-an-extract")
    found = root.findall(_ONE)
    if root.findtext(_COUNT, "").strip() != str(len(found)):
        raise Rejected("gro-count")
    return tuple(
        Registration(file=file.name, number=number, said=tree(element), original=etree.tostring(element, encoding="utf-8", with_tail=False))
        for number, element in enumerate(found, 1)
    )


def tree(element: etree._Element) -> Tree:
    """What stands in an element; empty texts are left out."""
    found: dict[str, list[Any]] = {}
    for child in element:
        value = tree(child) if len(child) else (child.text or "").strip()
        if value:
            found.setdefault(etree.QName(child).localname, []).append(value)
    return {name: tuple(values) for name, values in found.items()}
