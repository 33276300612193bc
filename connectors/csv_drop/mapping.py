"""What a council declares of its CSV drops: where, how written, which column says what."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from connectors.csv_drop.dates import Repeated, Skipped, parser
from connectors.vocabulary import Connection, Vocabulary
from hub.configuration import Configuration

Column = Annotated[str, Field(min_length=1)]


class Values(NamedTuple):
    """What one row says, by what it means; empty where the layout has no such column."""

    reference: str
    opened: str
    updated: str
    closed: str
    promised: str
    channel: str
    taken_by: str
    service: str
    status: str
    owner: str
    locality: str
    latitude: str
    longitude: str
    address: str
    description: str
    version: str


class Columns(Configuration):
    """The column's own name for each thing it says."""

    reference: Column
    opened: Column
    updated: Column
    closed: Column | None = None
    promised: Column | None = None
    channel: Column | None = None
    taken_by: Column | None = None
    service: Column
    status: Column
    owner: Column | None = None
    locality: Column | None = None
    latitude: Column | None = None
    longitude: Column | None = None
    address: Column | None = None
    description: Column | None = None
    version: Column | None = None

    def names(self) -> Values:
        """The columns in the order of a row's values; empty where there is none."""
        return Values(*(getattr(self, name) or "" for name in Values._fields))


class Layout(Configuration):
    """How the files whose name fits `pattern` are written.

    `promised_means: day`: whatever time the column adds, the day is what was promised, and it is kept until the midnight that ends it.
    `midnight_means: day`: a closing at 00:00:00 says only the day; it is taken as the start of that day, or as the opening where the
    request was opened later that day.
    """

    pattern: str = "*.csv"
    encoding: Literal["utf-8", "cp1252", "iso-8859-1"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    dates: list[str] = Field(min_length=1)
    promised_means: Literal["day", "instant"] = "day"
    midnight_means: Literal["day", "instant"] = "day"
    columns: Columns

    @field_validator("dates")
    @classmethod
    def _readable_dates(cls, dates: list[str]) -> list[str]:
        for form in dates:
            parser(form)
        return dates


class Limits(Configuration):
    """What a file may be at most; what is larger is refused whole, or row by row."""

    file_bytes: int = Field(default=4 * 1024**3, gt=0)
    row_bytes: int = Field(default=1024 * 1024, gt=0)
    row_lines: int = Field(default=1_000, gt=0)
    columns: int = Field(default=1_000, gt=0)
    lines: int = Field(default=10_000_000, gt=0)
    files: int = Field(default=2_000, gt=0)


class AnyColumns(Protocol):
    """The columns of a layout, whatever its rows tell of."""

    def names(self) -> Any:
        """The columns as a named tuple in the order of a row's values; empty where there is none."""


class AnyLayout(Protocol):
    """How files of one pattern are written, whatever their rows tell of."""

    @property
    def pattern(self) -> str:
        """Which names of files it is for."""

    @property
    def encoding(self) -> str:
        """How their text is written."""

    @property
    def delimiter(self) -> str:
        """What stands between two cells."""

    @property
    def columns(self) -> AnyColumns:
        """Which column says what."""


class Drop(Connection):
    """One system's folder of CSV files; the hub reads them in order of name and never moves, changes or deletes one.

    A file is read once nobody has written to it for `settle_seconds`, and again when it or this configuration changes. The layouts of one
    system belong in one configuration: two would count its facts apart.
    """

    folder: Path
    zone: str
    repeated: Repeated = "earlier"
    skipped: Skipped = "refuse"
    limits: Limits = Limits()
    page_rows: int = Field(default=1_000, gt=0)
    settle_seconds: float = Field(default=5, ge=0)
    complete: bool = False
    """Each file holds all there is, so that what the next one lacks is gone."""

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not a time zone of the IANA list") from None
        return zone

    def all_layouts(self) -> Sequence[AnyLayout]:
        """How its files are written, the first that fits counting."""
        raise NotImplementedError

    def meaning(self) -> tuple[str, ...]:
        """The settings on which depends what a row means: where one changes, the files are read again."""
        return ("system", "organisation", "zone", "repeated", "skipped")

    def layout_of(self, file: str) -> int | None:
        """The number of the first layout whose pattern the file's name fits; none for a file that is not for us."""
        return next((number for number, layout in enumerate(self.all_layouts()) if fnmatchcase(file, layout.pattern)), None)


class CsvDrop(Drop):
    """A folder of service requests.

    `mode: snapshot`: a file holds requests as they stand, and what has not changed since the last file is no event. `mode: changes`: each
    row is one change, and the `version` column tells changes apart.
    """

    kind: Literal["csv_drop"]
    mode: Literal["snapshot", "changes"] = "snapshot"
    owner: str = Field(min_length=1)
    layouts: list[Layout] = Field(min_length=1)
    vocabulary: Vocabulary = Vocabulary()

    @model_validator(mode="after")
    def _versions_in_changes(self) -> Self:
        if self.mode == "changes" and not all(layout.columns.version for layout in self.layouts):
            raise ValueError("mode changes needs columns.version, which tells one change from the next")
        return self

    @model_validator(mode="after")
    def _requests_do_not_go(self) -> Self:
        if self.complete:
            raise ValueError("complete is for what sources say of people: a request that is no longer listed has not ceased to be")
        return self

    def all_layouts(self) -> Sequence[AnyLayout]:
        """How its files are written."""
        return self.layouts

    def meaning(self) -> tuple[str, ...]:
        """What of this configuration a row's meaning depends on."""
        return (*super().meaning(), "mode", "owner", "layouts", "vocabulary")
