"""Says what the gazetteer says of each place, edition by edition; a place unchanged since the last edition is no event."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from connectors.gazetteer.extract import Place, read_extract
from connectors.surroundings import Surroundings
from connectors.vocabulary import Connection
from hub.contracts.places import GazetteerUpdated
from hub.model.connector import Page, Said, Source
from hub.model.errors import Misconfigured, Unavailable

AT_ONCE = 1_000


class GazetteerFiles(Connection):
    """A folder with the extracts of a gazetteer; the last by name is the edition in force."""

    kind: Literal["gazetteer"]
    folder: Path


def newest(folder: Path) -> Path | None:
    """The extract in force; none where there is none."""
    return max(folder.glob("*.csv"), default=None, key=lambda path: path.name)


def source(config: GazetteerFiles, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    if surroundings.place_id is None:
        raise Misconfigured(config.name, "speaks of places, but nothing here makes their ids")
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(_poll, surroundings.folder / config.folder),
        translate=partial(translate, surroundings.place_id),
        origin=lambda record: record[1].uprn,
    )


async def _poll(folder: Path, cursor: str | None) -> Page:
    return await asyncio.to_thread(_page, folder, cursor)


def _page(folder: Path, cursor: str | None) -> Page:
    try:
        next(folder.iterdir(), None)  # a folder that is away is no empty one
    except OSError as error:
        raise Unavailable(f"gazetteer: the folder cannot be read: {error.strerror}") from None
    path = newest(folder)
    if path is None:
        return Page(records=(), cursor=cursor, more=False)
    name, _, at = (cursor or "").rpartition(" ")
    start = int(at) if name == path.name else 0
    if name == path.name and at == "-1":
        return Page(records=(), cursor=cursor, more=False)
    extract = read_extract(path)
    records = tuple((extract.edition, place) for place in extract.places[start : start + AT_ONCE])
    ended = start + AT_ONCE >= len(extract.places)
    return Page(records=records, cursor=f"{path.name} {-1 if ended else start + AT_ONCE}", more=not ended)


def translate(place_id: Callable[[str], str], record: tuple[str, Place]) -> Iterator[Said]:
    """What the edition says of one place."""
    _, place = record
    key = place_id(place.uprn)
    event = GazetteerUpdated(
        occurred_at=_day(place.changed),
        place_id=key,
        uprn=place.uprn,
        edition=place.changed,
        custodian=place.custodian,
        logical_status=place.logical_status,
        blpu_state=place.blpu_state,
        parent_uprn=place.parent_uprn,
        usrn=place.usrn,
        lpi_key=place.lpi_key,
        organisation=place.organisation,
        address=place.address,
        postcode=place.postcode or None,
        withdrawn=place.withdrawn,
    )
    yield Said(local_id=f"{place.uprn}/place", event=event)


def _day(changed: str) -> datetime:
    try:
        return datetime.fromisoformat(changed).replace(tzinfo=UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
