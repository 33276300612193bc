"""Which facts does one row prove?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from connectors.rows import dates
from connectors.rows.mapping import Layout, RequestRows, Row, Values
from connectors.service_requests import Closing, ServiceRequest, Status, said
from connectors.vocabulary import OUTCOMES, REFERENCE, UNLISTED, ChannelMeaning
from hub.contracts.vocabulary import CaseStatus
from hub.model.connector import Said
from hub.model.errors import Rejected
from hub.model.personal import Plain

_FARTHEST = {"latitude": 90.0, "longitude": 180.0}
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,20})?", re.ASCII)
LONGEST_NAME, LONGEST_TEXT = 200, 10_000
"""What a value that stands unsealed, and one that is sealed, may have of characters."""
_TEXTS = frozenset({"address", "description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A layout made ready once for all its rows: `local` reads a date, `instant` puts it on the clock of the world."""

    config: RequestRows
    layout: Layout
    names: Values
    local: Callable[[str], datetime]
    instant: Callable[[datetime], datetime]


def readings(config: RequestRows) -> tuple[Reading, ...]:
    """The configuration's layouts, compiled."""
    instant = partial(dates.instant, ZoneInfo(config.zone), config.repeated, config.skipped)
    return tuple(
        Reading(
            config=config,
            layout=layout,
            names=layout.columns.names(),
            local=partial(dates.local, dates.parsers(layout.dates, ZoneInfo(config.zone))),
            instant=instant,
        )
        for layout in config.layouts
    )


def translate(ready: tuple[Reading, ...], row: Row) -> tuple[Said, ...]:
    """The facts of one row; raises Rejected with the columns at fault, never what they hold."""
    reading = ready[row.layout]
    if len(row.original) > LONGEST_NAME:  # no value is too long in a row that is short itself
        _check_lengths(reading, row.values)
    return tuple(said(_request(reading, row.values)))


def _check_lengths(ready: Reading, values: Values) -> None:
    for name, value in zip(Values._fields, values, strict=True):
        if len(value) > (LONGEST_TEXT if name in _TEXTS else LONGEST_NAME):
            raise _rejected(ready, "csv-value-too-long", name)


def _request(ready: Reading, values: Values) -> ServiceRequest:
    config, words = ready.config, ready.config.vocabulary
    if not REFERENCE.fullmatch(values.reference):
        raise _rejected(ready, "csv-reference", "reference")
    opened = _local(ready, "opened", values.opened)
    if opened is None:
        raise _rejected(ready, "csv-value-missing", "opened")
    opened_at = _instant(ready, "opened", opened)
    status = _status(ready, values, opened_at)
    return ServiceRequest(
        system=config.system,
        organisation=config.organisation,
        reference=values.reference,
        opened_at=opened_at,
        contacted_at=opened_at,
        owner=words.teams.get(values.owner, values.owner) or config.owner,
        service=words.services.get(values.service, UNLISTED),
        service_name=values.service or "not stated",
        channel=_channel(ready, values),
        reported_channel=values.channel or None,
        office=words.offices.get(values.taken_by),
        locality=values.locality or None,
        latitude=_degrees(ready, "latitude", values.latitude),
        longitude=_degrees(ready, "longitude", values.longitude),
        address=Plain(values.address) if values.address else None,
        description=Plain(values.description) if values.description else None,
        promised_due=_promised(ready, values.promised),
        statuses=(status,),
        closing=_closing(status),
        version=_version(ready, values),
    )


def _rejected(ready: Reading, code: str, *fields: str) -> Rejected:
    return Rejected(code, fields=tuple(getattr(ready.names, name) for name in fields))


def _local(ready: Reading, name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return ready.local(text)
    except ValueError:
        raise _rejected(ready, "csv-date", name) from None


def _instant(ready: Reading, name: str, said_time: datetime) -> datetime:
    try:
        return ready.instant(said_time)
    except ValueError:
        raise _rejected(ready, "csv-date-of-clock-change", name) from None


def _channel(ready: Reading, values: Values) -> ChannelMeaning | None:
    if not values.channel:
        return None
    meaning = ready.config.vocabulary.channels.get(values.channel)
    if meaning is None:
        raise _rejected(ready, "csv-unknown-channel", "channel")
    return meaning


def _status(ready: Reading, values: Values, opened_at: datetime) -> Status:
    status = ready.config.vocabulary.statuses.get(values.status)
    if status is None:
        raise _rejected(ready, "csv-unknown-status", "status")
    at = _ended_at(ready, values, opened_at) if status in OUTCOMES else None
    return Status(name="status", at=at or _updated_at(ready, values, opened_at, status), status=status, source_status=values.status)


def _ended_at(ready: Reading, values: Values, opened_at: datetime) -> datetime | None:
    closed = _local(ready, "closed", values.closed)
    if closed is None:
        return None
    at = _instant(ready, "closed", closed)
    day_only = ready.layout.midnight_means == "day" and closed.time() == datetime.min.time()
    later_that_day = at < opened_at < at + timedelta(days=1)
    return opened_at if day_only and later_that_day else at


def _updated_at(ready: Reading, values: Values, opened_at: datetime, status: CaseStatus) -> datetime:
    """A status without a date of its own held when the row was last changed."""
    updated = _local(ready, "updated", values.updated)
    if updated is not None:
        return _instant(ready, "updated", updated)
    if status in OUTCOMES:
        raise _rejected(ready, "csv-value-missing", "updated")
    return opened_at


def _closing(status: Status) -> Closing | None:
    outcome = OUTCOMES.get(status.status)
    return None if outcome is None else Closing(at=status.at, outcome=outcome, source_outcome=status.source_status)


def _promised(ready: Reading, text: str) -> datetime | None:
    promised = _local(ready, "promised", text)
    if promised is None:
        return None
    if ready.layout.promised_means == "day":
        promised = dates.end_of_day(promised)
    return _instant(ready, "promised", promised)


def _degrees(ready: Reading, name: str, text: str) -> float | None:
    if not text:
        return None
    if not _DEGREES.fullmatch(text) or abs(float(text)) > _FARTHEST[name]:
        raise _rejected(ready, "csv-number", name)
    return float(text)


def _version(ready: Reading, values: Values) -> str | None:
    if ready.config.mode == "snapshot":
        return None
    if not values.version:
        raise _rejected(ready, "csv-value-missing", "version")
    return values.version
