"""What a council declares of a system that knows people: where its files are, what its columns say, and with whom it may be compared."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from connectors.rows.mapping import AnyLayout, Column, Rows
from hub.configuration import Configuration
from hub.contracts.people_words import PartyKind

Domain = Literal["general", "police", "social-care"]


class PersonValues(NamedTuple):
    """What one row says, by what it means; empty where the layout has no such column."""

    reference: str
    previous_reference: str
    updated: str
    registered: str
    title: str
    forename: str
    middle: str
    surname: str
    organisation: str
    born: str
    sex: str
    died: str
    address: str
    postcode: str
    uprn: str
    phone: str
    mobile: str
    email: str
    nino: str
    nhs_number: str
    household: str
    company_number: str
    charity_number: str
    vat_number: str
    rates_reference: str
    access_need: str
    warning: str
    locality: str


class PersonColumns(Configuration):
    """The column's own name for each thing it says."""

    reference: Column
    updated: Column
    previous_reference: Column | None = None
    registered: Column | None = None
    title: Column | None = None
    forename: Column | None = None
    middle: Column | None = None
    surname: Column | None = None
    organisation: Column | None = None
    born: Column | None = None
    sex: Column | None = None
    died: Column | None = None
    address: Column | None = None
    postcode: Column | None = None
    uprn: Column | None = None
    phone: Column | None = None
    mobile: Column | None = None
    email: Column | None = None
    nino: Column | None = None
    nhs_number: Column | None = None
    household: Column | None = None
    company_number: Column | None = None
    charity_number: Column | None = None
    vat_number: Column | None = None
    rates_reference: Column | None = None
    access_need: Column | None = None
    warning: Column | None = None
    locality: Column | None = None

    def names(self) -> PersonValues:
        """The columns in the order of a row's values; empty where there is none."""
        return PersonValues(*(getattr(self, name) or "" for name in PersonValues._fields))


class PersonLayout(AnyLayout):
    """How rows about people are written; `dates` are those of `updated` and `registered`, others stay as said."""

    columns: PersonColumns


class PeopleRows(Rows):
    """Rows about people or organisations; `complete: true` where each file holds all there is, so that absence means gone.

    `match_domain` other than general goes to a log of its own and is compared with nobody. `least_age` and `greatest_age` are what the
    source's agreement states of everybody it holds.
    """

    match_domain: Domain = "general"
    party_kind: PartyKind = PartyKind.PERSON
    least_age: int | None = Field(default=None, ge=0, le=150)
    greatest_age: int | None = Field(default=None, ge=0, le=150)
    absent_at_most: float = Field(default=0.02, ge=0, le=1)
    ring: str = "restricted"
    layouts: Sequence[PersonLayout] = Field(min_length=1)

    def meaning(self) -> tuple[str, ...]:
        """What of this configuration a row's meaning depends on."""
        return (*super().meaning(), "match_domain", "party_kind", "least_age", "greatest_age")
