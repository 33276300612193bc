"""A sweep reads on from watermark to watermark, rows of one watermark by their key, until there are no more.

A transaction that is slow to commit brings rows whose watermark lies before what was read already. So every sweep begins `late_by` before
where the last one ended; what has not changed is recognised by the courier and is no event.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from pydantic import Field

from connectors.rows import records
from connectors.rows.envelopes import Envelope, unwrapped
from connectors.rows.mapping import Rows
from connectors.surroundings import Asked, Surroundings
from connectors.vocabulary import REFERENCE
from hub.model.connector import Page
from hub.model.errors import Misconfigured

_NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,62}$"
Mark = str | int | float


class SqlRows(Rows):
    """Whose database it is (`postgresql://…` or `sqlite:///path`, a secret), what is asked, and which columns order the rows.

    `watermark` is never null and grows with every change, `unique` tells rows of one watermark apart. `late_by`: how far behind the newest
    watermark a row may come to be seen, in seconds, or in numbers where the watermark is one.
    """

    address_secret: str = Field(min_length=1, repr=False)
    query: str = Field(min_length=1)
    watermark: str = Field(pattern=_NAME)
    unique: str = Field(pattern=_NAME)
    late_by: float = Field(default=300, ge=0)
    envelope: Envelope = "none"
    page_rows: int = Field(default=1_000, gt=0, le=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mid:
    """Where reading stands: the watermark and key of the last row; without a key a sweep begins at the watermark."""

    watermark: Mark | None = None
    key: str | int | None = None


async def poll(config: SqlRows, surroundings: Surroundings, cursor: str | None) -> Page:
    """The next rows; raises Unavailable where the database does not answer, Misconfigured where it cannot be asked that."""
    if surroundings.tables is None:
        raise Misconfigured(config.name, "reads a database, but none can be read here")
    stands = _read(cursor)
    asked = Asked(
        address=config.address_secret, query=config.query, watermark=config.watermark, key=config.unique, watermark_from=stands.watermark,
        key_after=stands.key, most=config.page_rows,
    )  # fmt: skip
    found = await asyncio.to_thread(surroundings.tables.rows, asked)
    named = [(number, each) for number, row in enumerate(found, 1) for each in unwrapped(config.envelope, config.name, row)]
    rows, bad = records.parted(
        records.row(config, name, f"{config.name} {_place(config, found[number - 1])}", 0, record) for number, (name, record) in named
    )
    more = len(found) == config.page_rows
    last = Mid(watermark=_mark(found[-1][config.watermark]), key=_key(found[-1][config.unique])) if found else stands
    following = last if more else Mid(watermark=_before(last.watermark, config.late_by))
    return Page(records=rows, rejected=bad, cursor=orjson.dumps(asdict(following if found else stands)).decode(), more=more)


def _place(config: SqlRows, row: Mapping[str, Any]) -> str:
    """By its key, if that can stand in the open."""
    text = str(row[config.unique])
    return text if REFERENCE.fullmatch(text) else "?"


def _mark(value: Any) -> Mark:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | float) else str(value)


def _key(value: Any) -> str | int:
    return value if isinstance(value, int) else str(value)


def _before(mark: Mark | None, late_by: float) -> Mark | None:
    """So far before a watermark; the watermark itself where it is neither number nor instant."""
    if mark is None or isinstance(mark, int | float):
        return None if mark is None else mark - type(mark)(late_by)
    try:
        at = datetime.fromisoformat(mark) - timedelta(seconds=late_by)
    except ValueError:
        return mark
    return at.isoformat(sep=mark[10:11] or "T") if len(mark) > len("2026-01-01") else at.date().isoformat()


def _read(cursor: str | None) -> Mid:
    """Where a cursor stands; at the beginning where it cannot be read, so that nothing is lost."""
    try:
        return Mid(**orjson.loads(cursor)) if cursor else Mid()
    except (orjson.JSONDecodeError, TypeError):
        return Mid()
