"""Addresses are found in the gazetteer by UPRN or by words, never on a guess; and a place that has not changed is not told again."""

from pathlib import Path

import pytest

from connectors.gazetteer import Places, read_extract
from connectors.gazetteer.publishing import translate
from connectors.surroundings import Found
from hub.contracts.addresses import AddressMatched
from hub.contracts.places import GazetteerUpdated
from hub.model.errors import Misconfigured
from hub.shipped import shipped
from projections.address_book import PROJECTION as BOOK
from projections.address_matches import PROJECTION as MATCHES
from tests.people.drops import IDS, all_said, config, drop, person, source
from tests.stories import fold

HEADER = '10,"Town",9911,"2026-11-01",1,"2026-11-01","06:00:00","1.0","F"'
STREET = '15,"I",1,90000001,"Mill Lane","","Ashton","Shire","ENG","2000-01-01","","2026-01-01","2000-01-01"'


def blpu(uprn: str, *, status: int = 1, postcode: str = "QX4 7DB", change: str = "I", updated: str = "2026-01-01") -> str:
    return f'21,"{change}",1,{uprn},{status},2,,,1,1,53,-2,1,9911,"E",2000-01-01,,{updated},2000-01-01,"D","{postcode}",0'


def lpi(uprn: str, number: str, *, suffix: str = "", flat: str = "", status: int = 1) -> str:
    primary = f'{number},"{suffix}",,"",""'
    dates, secondary = "2000-01-01,,2026-01-01,2000-01-01", f',"",,"","{flat}"'
    return f'24,"I",1,{uprn},"9911L{uprn[-9:]:0>9}","ENG",{status},{dates},{secondary},{primary},90000001,1,"","","Y"'


def extract(folder: Path, *records: str, trailer: int | None = None) -> Path:
    path = folder / "town.csv"
    count = len(records) + 1 if trailer is None else trailer
    path.write_text("\n".join([HEADER, STREET, *records, f'99,0,{count},"2026-11-01","06:00:00"']) + "\n")
    return path


def places(folder: Path, *records: str) -> Places:
    return Places(read_extract(extract(folder, *records)))


def house(uprn: str, number: str, **said: str) -> tuple[str, str]:
    return blpu(uprn), lpi(uprn, number, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (("", "", "100000000012"), Found("100000000012", 1.0, "GIVEN_UPRN")),
        (("12 Mill Lane, Ashton", "QX4 7DB", ""), Found("100000000012", 1.0, "EXACT")),
        (("12 MILL LN", "qx47db", ""), Found("100000000012", 1.0, "EXACT")),
        (("12 Mill Lane", "QX4 7DB", "999999999999"), Found("100000000012", 1.0, "EXACT")),
        (("12A Mill Lane", "QX4 7DB", ""), Found("100000000013", 1.0, "EXACT")),
        (("Flat 2, 14 Mill Lane", "QX4 7DB", ""), Found("100000000015", 1.0, "EXACT")),
        (("14 Mill Lane", "QX4 7DB", ""), Found("", 0.0, "NONE")),
        (("12 Mill Lane", "QX9 9ZZ", ""), Found("", 0.0, "NONE")),
        (("12 High Street", "QX4 7DB", ""), Found("", 0.0, "NONE")),
        (("", "QX4 7DB", ""), Found("", 0.0, "NONE")),
    ],
)
def test_an_address_means_the_place_with_its_number(tmp_path: Path, said: tuple[str, str, str], found: Found) -> None:
    here = places(
        tmp_path, *house("100000000012", "12"), *house("100000000013", "12", suffix="A"), *house("100000000014", "14", flat="FLAT 1"),
        *house("100000000015", "14", flat="FLAT 2"),
    )  # fmt: skip
    assert here.find(*said) == found


def test_a_slip_of_the_pen_lowers_the_score(tmp_path: Path) -> None:
    found = places(tmp_path, *house("100000000012", "12")).find("12 Mil Lane", "QX4 7DB", "")
    assert (found.uprn, found.method) == ("100000000012", "WORDS")
    assert 0.86 <= found.score < 1.0


def test_two_places_alike_are_no_match(tmp_path: Path) -> None:
    here = places(tmp_path, *house("100000000012", "12"), *house("100000000112", "12"))
    assert here.find("12 Mill Lane", "QX4 7DB", "").method == "NONE"


def test_a_place_that_is_history_is_found_no_more(tmp_path: Path) -> None:
    here = places(tmp_path, blpu("100000000012", status=8), lpi("100000000012", "12", status=8))
    assert here.find("12 Mill Lane", "QX4 7DB", "100000000012").uprn == ""


def test_the_approved_address_counts_before_an_alternative(tmp_path: Path) -> None:
    (one,) = read_extract(extract(tmp_path, blpu("100000000012"), lpi("100000000012", "99", status=3), lpi("100000000012", "12"))).places
    assert one.address == "12 Mill Lane, Ashton"


@pytest.mark.parametrize(
    ("records", "trailer", "says"),
    [
        ((blpu("100000000012"),), 7, "not whole"),
        ((blpu("0000"),), None, r"town\.csv:3: has a UPRN that cannot be one"),
        (('21,"I",1',), None, r"town\.csv:3: is a record 21 with 3 values, not 22"),
    ],
)
def test_an_extract_that_cannot_be_trusted_is_refused_with_its_line(
    tmp_path: Path, records: tuple[str, ...], trailer: int | None, says: str
) -> None:
    with pytest.raises(Misconfigured, match=says):
        read_extract(extract(tmp_path, *records, trailer=trailer))


def test_a_place_unchanged_in_the_next_edition_says_the_same(tmp_path: Path) -> None:
    edition = read_extract(extract(tmp_path, *house("100000000012", "12")))
    first, second = (next(iter(translate(str, (name, edition.places[0])))) for name in ("2026-11-01", "2026-12-01"))
    assert first == second


@pytest.mark.requirement("D04")
def test_the_address_book_shows_a_place_and_whose_address_it_is(tmp_path: Path) -> None:
    edition = read_extract(extract(tmp_path, *house("100000000012", "12")))
    drop(
        tmp_path / "drop",
        "1.csv",
        [person("T1", address="12 MILL LN", postcode="QX4 7DB"), person("T2", address="3 Mill Lane", postcode="QX4 7DB")],
    )
    said = [one.event for one in all_said(source(config(tmp_path / "drop"), Places(edition)))]
    told = [one.event for one in translate(lambda uprn: IDS.of("gazetteer", uprn), (edition.edition, edition.places[0]))]
    matches = [event for event in said if isinstance(event, AddressMatched)]
    found = next(event for event in matches if event.place_id)
    book = fold(BOOK, *told, found)
    assert (book.uprn, book.custodian, list(book.parties)) == ("100000000012", "9911", [f"{found.party_id}/home"])
    assert isinstance(told[0], GazetteerUpdated)
    rate = [fold(MATCHES, event) for event in matches]
    assert (sum(row.found for row in rate), sum(row.asked for row in rate)) == (1, 2)


def test_most_addresses_of_the_demonstration_are_found_and_the_given_uprn_agrees() -> None:
    (path,) = (shipped("recordings/people") / "gazetteer").glob("*.csv")
    here = Places(read_extract(path))
    (ours,) = [place for place in here.known if place.uprn == next(iter(here.known)).uprn]
    assert here.find(ours.address, ours.postcode, "").uprn == ours.uprn
