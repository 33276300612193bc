"""What a council declares of rows, whatever brings them: how dates are written, which column says what, and what the words mean."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from connectors.rows.dates import Repeated, Skipped, parser
from connectors.vocabulary import Connection, Vocabulary
from connectors.zones import Zone
from hub.configuration import Configuration

Column = Annotated[str, Field(min_length=1)]


class Row(NamedTuple):
    """One row in its layout's terms, with its bytes as they were; `file` and `line` say where it stood."""

    file: str
    line: int
    layout: int
    values: Any
    original: bytes


def origin(record: Row) -> str:
    """File and line, or what stands for them."""
    return f"{record.file}:{record.line}"


class Values(NamedTuple):
    """What one row about a request says, by what it means; empty where the layout has no such column."""

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


class AnyLayout(Configuration):
    """How the rows of one file, table or stream are written, the name of which fits `pattern`: those of every one, where there is none.

    A format of `dates` is strptime's, `iso` for ISO 8601, by its own offset where it has one, or one that counts from 1970: `epoch-days`,
    `epoch-s`, `epoch-ms`, `epoch-us`.
    """

    pattern: str = ""
    dates: list[str] = Field(min_length=1)

    @field_validator("dates")
    @classmethod
    def _readable_dates(cls, dates: list[str]) -> list[str]:
        for form in dates:
            parser(form)
        return dates

    def names(self) -> Any:
        """The columns as a named tuple in the order of a row's values; empty where there is none."""
        columns: Any = getattr(self, "columns")  # noqa: B009 - each kind of layout declares its own
        return columns.names()


class Layout(AnyLayout):
    """How rows about requests are written.

    `promised_means: day`: whatever time the column adds, the day is what was promised, and it is kept until the midnight that ends it.
    `midnight_means: day`: a closing at 00:00:00 says only the day; it is taken as the start of that day, or as the opening where the
    request was opened later that day.
    """

    promised_means: Literal["day", "instant"] = "day"
    midnight_means: Literal["day", "instant"] = "day"
    columns: Columns


class Rows(Connection):
    """One system's rows. The layouts of one system belong in one configuration: two would count its facts apart."""

    usual: ClassVar[str] = "*"
    """The pattern of a layout that has none."""
    zone: Zone
    repeated: Repeated = "earlier"
    skipped: Skipped = "refuse"
    layouts: Sequence[AnyLayout]

    def meaning(self) -> tuple[str, ...]:
        """The settings on which depends what a row means: where one changes, what was read is read again."""
        return ("system", "organisation", "zone", "repeated", "skipped", "layouts")

    def holds_all(self) -> bool:
        """Whether what is read holds all there is, so that what it lacks is gone."""
        return False

    def layout_of(self, name: str) -> int | None:
        """The number of the first layout whose pattern the name fits; none for what is not for us."""
        return next((number for number, each in enumerate(self.layouts) if fnmatchcase(name, each.pattern or self.usual)), None)


class RequestRows(Rows):
    """Rows about service requests.

    `mode: snapshot`: a row says how its request stands, and what has not changed since the last one is no event. `mode: changes`: each row
    is one change, and the `version` column tells changes apart.
    """

    mode: Literal["snapshot", "changes"] = "snapshot"
    owner: str = Field(min_length=1)
    layouts: Sequence[Layout] = Field(min_length=1)
    vocabulary: Vocabulary = Vocabulary()

    @model_validator(mode="after")
    def _versions_in_changes(self) -> Self:
        if self.mode == "changes" and not all(layout.columns.version for layout in self.layouts):
            raise ValueError("mode changes needs columns.version, which tells one change from the next")
        return self

    def meaning(self) -> tuple[str, ...]:
        """What of this configuration a row's meaning depends on."""
        return (*super().meaning(), "mode", "owner", "vocabulary")
