"""The registrar's extract of deaths, all of it and at its edges: partial dates, aliases, missing names, changes, an empty day."""

import os
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from connectors import CONFIG, load_source
from connectors.deaths import is_partial_date
from connectors.surroundings import PartyId, Surroundings
from hub.contracts.life_event_words import DatePrecision, DeathUpdateReason, Informant
from hub.contracts.life_events import DeathRegistered, DeathRegistrationUpdated
from hub.contracts.parties import PartyAsserted
from hub.model.errors import Misconfigured, Unavailable
from hub.model.event import Event
from hub.model.personal import Plain
from tests.connectors.reading import NOW, RECORDINGS, Read, client, read_all

GRO = RECORDINGS / "life-events" / "gro"
DAY = GRO / "days" / "OGDDeathExtractDWP_DWP_D_20220301.xml"
EDGES = sorted(path.stem for path in (GRO / "edge").glob("*.xml"))
NO_MONTH = "<PartialYearOfBirth>1950</PartialYearOfBirth><PartialMonthOfBirth>13</PartialMonthOfBirth>"
DOCTYPE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
HEAD = '<DeathRegistrationGroup xmlns="http://www.ons.gov.uk/gro/OGDDeathExtractDWP" xmlns:a="urn:a">'


def ids(system: str, reference: str) -> PartyId:
    return PartyId(f"{system}:{reference}", 1)


async def read(folder: Path, cursor: str | None = None, **instead: Any) -> Read:
    async with client() as http:
        around = Surroundings(http=http, folder=folder, now=lambda: NOW, party_id=ids)
        return await read_all(load_source(CONFIG / "gro-deaths.yaml", around, folder=str(folder), **instead).source, cursor)


async def edge(tmp_path: Path, name: str) -> Read:
    shutil.copy(GRO / "edge" / f"{name}.xml", tmp_path)
    return await read(tmp_path)


async def written(tmp_path: Path, *registrations: str, count: int | None = None) -> Read:
    number = len(registrations) if count is None else count
    body = "".join(f"<DeathRegistration>{one}</DeathRegistration>" for one in registrations)
    (tmp_path / "day.xml").write_text(f"{HEAD}{body}<RecordCount>{number}</RecordCount></DeathRegistrationGroup>")
    return await read(tmp_path)


def one(registration: str = "900000017", *, locked: str = "2026-04-01T10:22:04", died: str = "2026-03-30", more: str = "") -> str:
    return (
        f"<RegistrationID>{registration}</RegistrationID><RecordLockedDateTime>{locked}</RecordLockedDateTime>"
        f"<DeceasedName><a:PersonFamilyName>EXAMPLE</a:PersonFamilyName></DeceasedName><DeceasedGender>2</DeceasedGender>"
        f"<DeceasedDeathDate><a:PersonDeathDate>{died}</a:PersonDeathDate></DeceasedDeathDate>{more}"
    )


def text(event: Event, field: str) -> str:
    value = getattr(event, field)
    return value.text if isinstance(value, Plain) else ""


def names(event: Event) -> list[dict[str, str]]:
    found: list[dict[str, str]] = orjson.loads(text(event, "names"))
    return found


async def test_a_day_of_deaths_is_read_whole() -> None:
    day = await read(GRO / "days")
    assert (len(day.records), day.refused, day.bad) == (33, [], [])
    assert day.count() == {"PartyAsserted": 33, "DeathRegistered": 23, "DeathRegistrationUpdated": 10}


@pytest.mark.parametrize(("name", "expected"), [*zip(EDGES, (10, 3, 0, 13, 9, 5), strict=True)])
async def test_every_edge_the_registrar_warns_of_is_read_without_loss(tmp_path: Path, name: str, expected: int) -> None:
    found = await edge(tmp_path, name)
    assert (len(found.records), found.refused, found.bad) == (expected, [], [])


async def test_a_registration_says_who_died_when_and_who_told() -> None:
    day = await read(GRO / "days")
    first = day.events(DeathRegistered)[0]
    assert (first.life_event_id, first.subject, first.origin) == ("gro/death:500045735", "gro:500045735", "gro")
    assert (first.occurred_at, first.informant) == (datetime(2022, 3, 1, 12, 9, 33, tzinfo=UTC), Informant.REGISTRAR)
    assert (text(first, "died"), text(first, "born"), text(first, "sex")) == ("2022-03-01", "1954-04-11", "MALE")
    assert names(first) == [{"type": "CURRENT", "forename": "Robert", "middle": "test", "surname": "LEE"}]
    assert orjson.loads(text(first, "addresses"))[0]["text"] == "263 Ave Maria Lane, Bourton-on-the-hill"


async def test_the_registrars_times_are_those_of_its_clocks(tmp_path: Path) -> None:
    summer, zoned = one("1", locked="2026-07-01T10:00:00"), one("2", locked="2026-07-01T10:00:00Z")
    found = await written(tmp_path, summer, zoned)
    assert [event.occurred_at.hour for event in found.events(DeathRegistered)] == [9, 10]


async def test_a_day_without_deaths_is_no_event_and_no_fault(tmp_path: Path) -> None:
    found = await edge(tmp_path, "noDeathRegistrations")
    assert (found.said, found.bad, len(found.pages)) == ([], [], 1)


async def test_a_date_may_be_a_month_a_year_or_words(tmp_path: Path) -> None:
    found = await edge(tmp_path, "onlyRequiredFields")
    by_id = {event.subject: event for event in found.events(DeathRegistered)}
    month, year = by_id["gro:54736195"], by_id["gro:928194672"]
    assert (text(month, "died"), month.death_precision) == ("1989-04", DatePrecision.MONTH)
    assert (text(year, "died"), year.death_precision, year.birth_precision) == ("1978", DatePrecision.YEAR, DatePrecision.NONE)
    in_words = await edge(tmp_path, "nonAsciiCharacters")
    assert "Free format death date" in {text(event, "died_as_said") for event in in_words.events(DeathRegistrationUpdated)}


async def test_names_outside_ascii_stay_as_they_are_written(tmp_path: Path) -> None:
    found = await edge(tmp_path, "nonAsciiCharacters")
    surnames = {each.get("surname") for event in found.events(PartyAsserted) for each in names(event)}
    assert {"SCHÄFER", "SCHRÖDINGER"} <= surnames


async def test_every_alias_is_kept_with_what_it_was(tmp_path: Path) -> None:
    found = await edge(tmp_path, "updatedRecords")
    spoken = names(found.events(DeathRegistrationUpdated)[0])
    assert Counter(each["type"] for each in spoken) == {"CURRENT": 1, "BIRTH": 1, "ALIAS": 4}
    assert {each["said_as"] for each in spoken if each["type"] == "ALIAS"} == {"formerly known as"}
    assert spoken[1] == {"type": "BIRTH", "surname": "LOVELACE"}


async def test_a_name_at_birth_keeps_the_given_names_where_the_person_is_looked_for(tmp_path: Path) -> None:
    found = await edge(tmp_path, "updatedRecords")
    assert names(found.events(PartyAsserted)[0])[1] == {"type": "BIRTH", "forename": "BARRY", "surname": "LOVELACE"}


async def test_a_family_name_may_be_empty(tmp_path: Path) -> None:
    found = await edge(tmp_path, "characterCount")
    nameless = next(event for event in found.events(DeathRegistered) if event.subject == "gro:24430014")
    assert names(nameless)[0] == {"type": "CURRENT", "forename": "MinLengthNames"}


async def test_each_reason_for_a_change_is_told_apart(tmp_path: Path) -> None:
    found = await edge(tmp_path, "updatedRecords")
    assert [event.reason for event in found.events(DeathRegistrationUpdated)] == list(DeathUpdateReason)


async def test_while_a_registration_is_cancelled_nobody_is_said_to_be_dead(tmp_path: Path) -> None:
    found = await edge(tmp_path, "updatedRecords")
    said_dead = {event.party_id: event.died is not None for event in found.events(PartyAsserted)}
    changed = {event.subject: event.reason for event in found.events(DeathRegistrationUpdated)}
    assert {party for party, dead in said_dead.items() if not dead} == {
        party for party, reason in changed.items() if reason is DeathUpdateReason.CANCELLED
    }


async def test_the_same_registration_is_one_life_event_however_often_it_is_sent(tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path / "1.xml")
    shutil.copy(DAY, tmp_path / "2.xml")
    found = await read(tmp_path)
    assert len(found.records) == 66
    assert len({said.local_id for said in found.said}) == 23 + 10 + 23  # registered, changed the same day, and who they were
    assert len(found.pages) == 2


async def test_those_whom_the_national_service_tells_are_told_by_nobody_else(tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path)
    found = await read(tmp_path, already_told=["dwp", "hmrc"])
    assert {event.already_told for event in found.events(DeathRegistered)} == {("dwp", "hmrc")}


@pytest.mark.parametrize(
    ("registration", "code", "field"),
    [
        (one("not a number"), "gro-malformed", "RegistrationID"),
        (one(died="2026-02-30"), "gro-date", "DeceasedDeathDate"),
        (one(died="yesterday"), "gro-date", "DeceasedDeathDate"),
        (one(died=""), "gro-malformed", "DeceasedDeathDate"),
        (one(locked="at noon"), "gro-date", "RecordLockedDateTime"),
        (one(locked="0001-01-01T00:00:00+09:00"), "gro-date", "RecordLockedDateTime"),
        (one(more=NO_MONTH), "gro-date", "DeceasedBirthDate"),
        (
            one(more="<RecordUpdateDateTime>2026-04-02T00:00:00</RecordUpdateDateTime><RecordUpdateReason>6</RecordUpdateReason>"),
            "gro-unknown-reason",
            "RecordUpdateReason",
        ),
        (one(more="<DeceasedMaidenName>" + "A" * 2_001 + "</DeceasedMaidenName>"), "gro-malformed", "DeceasedMaidenName"),
        (one(more="<DeceasedMaidenName><b/><c>deep</c></DeceasedMaidenName>"), "gro-malformed", "DeceasedMaidenName"),
    ],
)  # fmt: skip
async def test_a_registration_that_cannot_be_is_refused_by_element_and_the_others_go_on(
    tmp_path: Path, registration: str, code: str, field: str
) -> None:
    found = await written(tmp_path, registration, one("900000018"))
    assert [(refused.code, refused.fields) for refused in found.refused] == [(code, (field,))]
    assert [event.subject for event in found.events(DeathRegistered)] == ["gro:900000018"]
    assert b"EXAMPLE" in found.records[0].original
    assert "EXAMPLE" not in repr(found.records[0])


async def test_an_extract_that_was_cut_off_is_refused_whole(tmp_path: Path) -> None:
    found = await written(tmp_path, one(), count=2)
    assert ([bad.code for bad in found.bad], found.said) == (["gro-count"], [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<DeathRegistrationGroup><RecordCount>0</RecordCount></DeathRegistrationGroup>", "gro-not-an-extract"),
        ("not xml", "xml-malformed"),
        (f"{DOCTYPE}{HEAD}<RecordCount>0</RecordCount></DeathRegistrationGroup>", "xml-doctype"),
        (f"{HEAD}{'<x>' * 40}{'</x>' * 40}</DeathRegistrationGroup>", "xml-too-deep"),
    ],
)  # fmt: skip
async def test_a_file_that_is_no_extract_is_refused_and_the_next_is_read(tmp_path: Path, body: str, code: str) -> None:
    (tmp_path / "1.xml").write_text(body)
    shutil.copy(DAY, tmp_path / "2.xml")
    found = await read(tmp_path)
    assert ([bad.code for bad in found.bad], len(found.records)) == ([code], 33)


async def test_what_is_no_ordinary_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link.xml").symlink_to("/etc/hostname")
    with (tmp_path / "large.xml").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    assert [bad.code for bad in (await read(tmp_path)).bad] == ["file-too-large", "file-not-a-file"]


async def test_a_file_read_is_not_read_again_until_it_changes(tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path / "day.xml")
    first = await read(tmp_path)
    assert (await read(tmp_path, first.cursor)).records == []
    os.utime(tmp_path / "day.xml", (1, 1))
    assert len((await read(tmp_path, first.cursor)).records) == 33
    assert len((await read(tmp_path, "not a cursor")).records) == 33


async def test_a_file_still_being_written_is_left_alone(tmp_path: Path) -> None:
    shutil.copy(DAY, tmp_path / "day.xml")
    os.utime(tmp_path / "day.xml", (NOW.timestamp() - 1, NOW.timestamp() - 1))
    assert (await read(tmp_path, settle_seconds=5)).records == []


async def test_a_folder_that_is_not_there_is_waited_for_and_one_too_full_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await read(tmp_path / "nowhere")
    shutil.copy(DAY, tmp_path / "1.xml")
    shutil.copy(DAY, tmp_path / "2.xml")
    with pytest.raises(Misconfigured):
        await read(tmp_path, most_files=1)


@pytest.mark.parametrize(
    ("written_date", "so"), [("2026", True), ("2026-13", False), ("2026-02-29", False), ("2024-02-29", True), ("26", False)]
)
def test_a_part_of_a_date_is_a_year_a_month_or_a_day_there_is(written_date: str, *, so: bool) -> None:
    assert is_partial_date(written_date) is so
