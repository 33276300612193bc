"""`policies/insight.yaml`: read, checked, and made into the rules by which figures are counted; a fault is said with file and line."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from hub.clock_policies import load as load_clocks
from hub.configuration import Configuration, checked, load_document
from hub.contracts.insight_words import SegmentScheme
from hub.contracts.vocabulary import Channel
from hub.insight.policy import Rules
from hub.insight.questions import MEASURES
from hub.model.errors import Misconfigured

FILE = "insight.yaml"
_Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
"""What may stand in a question to the database: a service's code, a group's name."""


class _Window(Configuration):
    working_days: int = Field(ge=1, le=260)
    calendar: str


class _Band(Configuration):
    least: float = Field(ge=0, le=100)
    most: float = Field(ge=0, le=100)


class _Insight(Configuration):
    first_time_window: _Window
    same_need: dict[_Code, list[_Code]]
    digital_channels: list[Channel]
    assisted_channels: list[Channel]
    avoidable_categories: dict[_Code, _Code]
    failure_demand_band: _Band
    shift_reversal_points: float = Field(gt=0)
    segments: SegmentScheme
    touch_points: list[str]
    addressable_share: float = Field(gt=0, le=100)
    management: list[str]
    reports: dict[_Code, list[str]]
    excellence: dict[_Code, list[str]]
    smallest_published: int = Field(ge=2)
    rounded_to: Literal[1, 3, 5, 10]


def load(folder: Path) -> Rules:
    """The rules in this folder of policies; raises Misconfigured with file and line."""
    path = folder / FILE
    said = checked(path, load_document(path), _Insight)
    calendar = load_clocks(folder).calendars.get(said.first_time_window.calendar)
    if calendar is None:
        raise Misconfigured(f"{path}: first_time_window.calendar", "is no calendar of calendars/calendars.yaml")
    for place, names in (("management", said.management), *_listed("reports", said.reports), *_listed("excellence", said.excellence)):
        if unknown := sorted(set(names) - MEASURES.keys()):
            raise Misconfigured(f"{path}: {place}", f"{', '.join(unknown)} is no figure", "hub insight list names them")
    return Rules(
        window_days=said.first_time_window.working_days,
        calendar=calendar,
        needs={service: group for group, services in said.same_need.items() for service in services},
        causes=dict(said.avoidable_categories),
        digital=tuple(said.digital_channels),
        assisted=tuple(said.assisted_channels),
        band=(said.failure_demand_band.least, said.failure_demand_band.most),
        reversal_points=said.shift_reversal_points,
        segments=said.segments,
        touch_points=tuple(said.touch_points),
        addressable_share=said.addressable_share,
        management=tuple(said.management),
        reports={name: tuple(figures) for name, figures in said.reports.items()},
        excellence={name: tuple(figures) for name, figures in said.excellence.items()},
        smallest=said.smallest_published,
        rounded_to=said.rounded_to,
    )


def _listed(place: str, said: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    for name, figures in said.items():
        yield f"{place}.{name}", figures
