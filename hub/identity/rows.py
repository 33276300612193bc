"""Records as the rows of a table, read as what sources say: for learning weights and for measuring them."""

from collections.abc import Mapping

from hub.identity.said import Said, SaidAddress, SaidName

AGES: dict[str, tuple[int | None, int | None]] = {
    "council_tax": (18, None),
    "electoral": (18, None),
    "benefits": (18, None),
    "parking": (18, None),
    "schools": (None, 24),
}
"""The ages that sources of these names hold; a hub in service takes them from its agreement with each source."""


def said(row: Mapping[str, str]) -> Said:
    """One row; a column that is not there says nothing."""
    get = _Row(row)
    least, greatest = AGES.get(get["source"], (None, None))
    address = SaidAddress(lines=get["address"], postcode=get["postcode"], uprn=get["uprn"])
    return Said(
        party_id=get["record_id"],
        source=get["source"],
        said_in=int(year) if (year := get["arrived"][:4]).isascii() and year.isdecimal() else None,
        least_age=least,
        greatest_age=greatest,
        names=(SaidName(forename=get["forename"], middle=get["middle"], surname=get["surname"], title=get["title"]),),
        birth_date=get["dob"],
        sex=get["sex"],
        addresses=(address,) if address.lines or address.postcode or address.uprn else (),
        phones=(get["phone"],) if get["phone"] else (),
        emails=(get["email"],) if get["email"] else (),
        nino=get["nino"],
        nhs_number=get["nhs_number"],
    )


class _Row:
    def __init__(self, row: Mapping[str, str]) -> None:
        self._row = row

    def __getitem__(self, column: str) -> str:
        return self._row.get(column) or ""
