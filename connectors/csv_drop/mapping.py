"""What a council declares of its CSV drops: where the files are, how their text is written, and how large they may be."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from connectors.rows.facts import FactLayout, FactRows
from connectors.rows.files import AnyLimits, Drop
from connectors.rows.mapping import AnyLayout, Layout, RequestRows
from connectors.rows.participants import PartLayout, PartRows
from connectors.rows.people import PeopleRows, PersonLayout


class Text(AnyLayout):
    """How the text of a file is written."""

    encoding: Literal["utf-8", "cp1252", "iso-8859-1"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","


class Limits(AnyLimits):
    """What a file may be at most; what is larger is refused whole, or row by row."""

    row_bytes: int = Field(default=1024 * 1024, gt=0)
    row_lines: int = Field(default=1_000, gt=0)


class CsvFiles(Drop):
    """A folder of CSV files."""

    usual: ClassVar[str] = "*.csv"
    limits: Limits = Limits()
    page_rows: int = Field(default=1_000, gt=0)
    layouts: Sequence[Text]


class RequestText(Text, Layout):
    """How files about requests are written."""


class CsvDrop(RequestRows, CsvFiles):
    """A folder of service requests."""

    kind: Literal["csv_drop"]
    layouts: Sequence[RequestText] = Field(min_length=1)

    @model_validator(mode="after")
    def _requests_do_not_go(self) -> Self:
        if self.complete:
            raise ValueError("complete is for what sources say of people: a request that is no longer listed has not ceased to be")
        return self


class FactText(Text, FactLayout):
    """How files of facts are written."""


class CsvFacts(FactRows, CsvFiles):
    """A folder of facts."""

    kind: Literal["csv_facts"]
    layouts: Sequence[FactText] = Field(min_length=1)


class PersonText(Text, PersonLayout):
    """How files about people are written."""


class CsvPeople(PeopleRows, CsvFiles):
    """A folder of what a system knows of people or organisations."""

    kind: Literal["csv_people"]
    layouts: Sequence[PersonText] = Field(min_length=1)


class PartText(Text, PartLayout):
    """How files about parts are written."""


class CsvParticipants(PartRows, CsvFiles):
    """A folder of who took part in what."""

    kind: Literal["csv_participants"]
    layouts: Sequence[PartText] = Field(min_length=1)
