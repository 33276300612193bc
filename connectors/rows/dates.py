"""A source's local dates as UTC instants, by its declared formats and zone.

When the clocks go back 01:30 comes twice: `repeated` says whether the earlier or the later is meant, or refuses. When they go forward 02:30
does not exist: `skipped` takes the instant at which a clock nobody had put forward would have shown it, or refuses.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Literal
from zoneinfo import ZoneInfo

Repeated = Literal["earlier", "later", "refuse"]
Skipped = Literal["forward", "refuse"]
_SINCE_1970 = {"epoch-days": 86_400_000_000, "epoch-s": 1_000_000, "epoch-ms": 1_000, "epoch-us": 1}
"""Formats that count from the beginning of 1970 in UTC, and how many microseconds each counts by; days are of no zone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Parse = Callable[[str], datetime]
ISO = "iso"
"""The format that is ISO 8601, with an offset or without."""

_DIRECTIVES: Mapping[str, str] = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "p": r"(?P<p>[AaPp])[Mm]",
}
_PIVOT = 69  # two-digit years from 69 on are of the twentieth century, as POSIX has it
_NOON = 12
_YEARS = range(1970, 2101)


def parsers(forms: Iterable[str], zone: ZoneInfo) -> tuple[Parse, ...]:
    """Readers of these formats; what says its own offset is given by the clocks of `zone`."""
    return tuple(partial(_iso, zone) if form == ISO else parser(form) for form in forms)


def _iso(zone: ZoneInfo, text: str) -> datetime:
    said = datetime.fromisoformat(text)
    return said.astimezone(zone) if said.tzinfo else said


def _counted(each: int, text: str) -> datetime:
    try:
        at = _EPOCH + timedelta(microseconds=int(text) * each)
    except OverflowError:
        raise ValueError("far from any calendar") from None
    return at.replace(tzinfo=None) if each == _SINCE_1970["epoch-days"] else at


def parser(form: str) -> Parse:
    """A reader of one strptime format, eight times as fast as strptime; it raises ValueError, as does an unknown directive here."""
    if form == ISO:
        return datetime.fromisoformat
    if form in _SINCE_1970:
        return partial(_counted, _SINCE_1970[form])
    used = re.findall(r"%(.)", form)
    wrong = [directive for directive in used if directive not in _DIRECTIVES or used.count(directive) > 1]
    if wrong:
        raise ValueError(f"%{wrong[0]} is twice there, or not one of %{' %'.join(_DIRECTIVES)}")
    if not {"d", "m"} <= set(used) or not {"Y", "y"} & set(used) or ("I" in used) != ("p" in used):
        raise ValueError("a date format needs %d, %m, %Y or %y, and %p with %I")
    parts = re.split(r"%(.)", form)
    pattern = "".join(_DIRECTIVES[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))
    return partial(_parse, re.compile(pattern, re.ASCII), tuple(re.compile(pattern).groupindex))


def _parse(pattern: re.Pattern[str], names: tuple[str, ...], text: str) -> datetime:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError("not in this format")
    parts = dict(zip(names, found.groups(), strict=True))
    year = int(parts["Y"]) if "Y" in parts else _century(int(parts["y"]))
    return datetime(year, int(parts["m"]), int(parts["d"]), _hour(parts), int(parts.get("M", 0)), int(parts.get("S", 0)))  # noqa: DTZ001 - local, by design


def _century(year: int) -> int:
    return year + (1900 if year >= _PIVOT else 2000)


def _hour(parts: Mapping[str, str]) -> int:
    if "I" not in parts:
        return int(parts.get("H", 0))
    hour = int(parts["I"])
    if not 1 <= hour <= _NOON:
        raise ValueError("no such hour on a twelve-hour clock")
    return hour % _NOON + (_NOON if parts["p"] in "Pp" else 0)


def local(parsers: tuple[Parse, ...], text: str) -> datetime:
    """The wall-clock time that `text` says in the first format that fits; raises ValueError where none does or the year is absurd."""
    for parse in parsers:
        try:
            said = parse(text)
        except ValueError:
            continue
        if said.year in _YEARS:
            return said
    raise ValueError("not a date in a declared format")


def instant(zone: ZoneInfo, repeated: Repeated, skipped: Skipped, said: datetime) -> datetime:
    """The UTC instant at which clocks in `zone` showed `said`, or that it says itself; raises ValueError where that is refused."""
    if said.tzinfo is not None:
        return said.astimezone(UTC)
    all_day = _offset_all_day(zone, said.date())
    if all_day is not None:
        return (said - all_day).replace(tzinfo=UTC)
    before, after = _offset(zone, said, 0), _offset(zone, said, 1)
    if before < after and skipped == "refuse":
        raise ValueError("the clocks never showed this time")
    if before > after and repeated == "refuse":
        raise ValueError("the clocks showed this time twice")
    offset = after if before > after and repeated == "later" else before
    return (said - offset).replace(tzinfo=UTC)


def _offset(zone: ZoneInfo, said: datetime, fold: Literal[0, 1]) -> timedelta:
    return said.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()


@lru_cache(maxsize=4096)
def _offset_all_day(zone: ZoneInfo, day: date) -> timedelta | None:
    """The offset from UTC throughout a day; none on the days on which the clocks are changed."""
    midnight = datetime.combine(day, time())
    offsets = {_offset(zone, midnight + timedelta(days=days), fold) for days in (0, 1) for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


def end_of_day(said: datetime) -> datetime:
    """The midnight that ends the local day of `said`: a date D is missed from 00:00 on D + 1."""
    return said.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
