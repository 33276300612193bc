"""The bank holidays of the three divisions of the United Kingdom: those published, and those expected where nothing is published yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

DIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
FIRST, LAST = date(2000, 1, 1), date(2060, 12, 31)
FEWEST_A_YEAR = 8

Days = Mapping[date, str]


class Unpublished(ValueError):
    """What was read is no list of bank holidays in the form of gov.uk/bank-holidays.json."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The bank holidays that have been published, by division; complete from the first of `since` to the last of `horizon`."""

    days: Mapping[str, Days]

    @property
    def since(self) -> date:
        """The first day of the years published for every division."""
        return date(max(min(days).year for days in self.days.values()), 1, 1)

    @property
    def horizon(self) -> date:
        """The last day of the years published for every division."""
        return date(min(max(days).year for days in self.days.values()), 12, 31)


class Change(NamedTuple):
    """A day that one list has for a division and the other has not."""

    division: str
    day: date
    title: str
    added: bool


def read(document: Any) -> Published:
    """The list in the form of gov.uk/bank-holidays.json; raises Unpublished that says which division, and where in it."""
    if not isinstance(document, Mapping) or not DIVISIONS.keys() <= document.keys():
        raise Unpublished(f"has not all of {', '.join(DIVISIONS)}")
    found = Published(days={division: _days(division, document[division]) for division in DIVISIONS})
    for division, days in found.days.items():
        _whole(division, days, range(found.since.year, found.horizon.year + 1))
    return found


def _days(division: str, said: Any) -> Days:
    try:
        days = {date.fromisoformat(event["date"]): _title(event) for event in said["events"]}
    except (KeyError, TypeError, ValueError):
        raise Unpublished(f"{division} has an event without a title or a date such as 2026-12-25") from None
    if not days:
        raise Unpublished(f"{division} has no events")
    return days


def _title(event: Mapping[str, str]) -> str:
    return f"{event['title']} ({event['notes'].lower()})" if event.get("notes") else event["title"]


def _whole(division: str, days: Days, years: Iterable[int]) -> None:
    for year in years:
        if sum(day.year == year for day in days) < FEWEST_A_YEAR:
            raise Unpublished(f"{division} has fewer than {FEWEST_A_YEAR} bank holidays in {year}")


def write(published: Published) -> dict[str, Any]:
    """The list in the form of gov.uk/bank-holidays.json."""
    return {
        division: {"division": division, "events": [{"title": title, "date": day.isoformat()} for day, title in sorted(days.items())]}
        for division, days in published.days.items()
    }


def refreshed(old: Published, new: Published) -> Published:
    """The new list, with the years of the old one that come before it: what is published leaves old years out."""
    kept = {division: {day: title for day, title in days.items() if day < new.since} for division, days in old.days.items()}
    return Published(days={division: {**kept[division], **new.days[division]} for division in DIVISIONS})


def changes(old: Published, new: Published) -> tuple[Change, ...]:
    """The days that differ, expected days among them where only one of the two is published so far; nothing is said about titles."""
    found = []
    for division in DIVISIONS:
        before, after = known(old, division), known(new, division)
        found += [Change(division, day, after[day], added=True) for day in after.keys() - before.keys()]
        found += [Change(division, day, before[day], added=False) for day in before.keys() - after.keys()]
    return tuple(sorted(found, key=lambda change: (change.day, change.division)))


def known(published: Published, division: str) -> Days:
    """Every bank holiday from 2000 to 2060: as published, and in the years before and after as expected by the rules now in force."""
    import holidays  # noqa: PLC0415 - it takes long, and few commands count days

    of_record = published.days[division]
    beyond = set(range(FIRST.year, LAST.year + 1)) - {day.year for day in of_record}
    expected = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=beyond)
    return {day: f"{title} (expected)" for day, title in expected.items() if day.year in beyond} | dict(of_record)
