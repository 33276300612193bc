"""The zone in which a source's clocks are set, where its times do not say so."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone of the IANA list") from None
    return zone


Zone = Annotated[str, AfterValidator(_known)]
"""The name of a zone of the IANA list."""


def in_utc(said: datetime, zone: str) -> datetime:
    """The instant meant: in the zone where the time has none, the earlier one in the hour that comes twice."""
    return (said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
