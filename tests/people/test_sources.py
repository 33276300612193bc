"""What systems say of people comes in as said, under ids that say nothing, and goes when they no longer say it."""

from pathlib import Path

import orjson
import pytest

from hub.connect.presence import accept_absence
from hub.contracts.parties import PartyAsserted, PartyReidentified
from hub.contracts.people_words import Validity
from hub.contracts.policing import PolicePersonAsserted
from hub.contracts.social_care import CarePersonAsserted
from hub.model.connector import Said
from hub.model.errors import Misconfigured, Rejected
from hub.model.personal import Plain
from hub.people.erasing import Part
from tests.engine_harness import Engine
from tests.people.drops import all_said, carry, config, courier, drop, party_id, person, sent, shipped_people, source


def read(folder: Path, *rows: str) -> list[Said]:
    drop(folder, "march.csv", rows)
    return all_said(source(config(folder)))


def asserted(said: list[Said]) -> PartyAsserted:
    (event,) = [one.event for one in said if isinstance(one.event, PartyAsserted)]
    return event


def test_what_was_said_is_kept_as_said_and_its_form_is_judged(tmp_path: Path) -> None:
    event = asserted(read(tmp_path, person("T1", nino="qq 12 34 56 a", born="03/04/1980", phone="07700 900123")))
    assert (event.nino, event.nino_validity, event.born) == (Plain("qq 12 34 56 a"), Validity.RESERVED_FOR_TESTS, Plain("03/04/1980"))
    assert isinstance(event.phones, Plain)
    assert orjson.loads(event.phones.text) == [{"number": "07700 900123", "validity": "RESERVED_FOR_TESTS"}]


def test_neither_id_nor_anything_unsealed_tells_the_source_s_reference(tmp_path: Path) -> None:
    (one,) = read(tmp_path, person("TEN-4711"))
    assert "4711" not in f"{one.local_id} {one.event!r}"
    assert one.event.party_id == party_id("housing", "TEN-4711").id  # type: ignore[attr-defined]


def test_a_source_that_moved_a_record_says_under_which_reference_it_was(tmp_path: Path) -> None:
    said = read(tmp_path, person("T2", previous_reference="T1"))
    (moved,) = [one.event for one in said if isinstance(one.event, PartyReidentified)]
    assert (moved.party_id, moved.new_party_id) == (party_id("housing", "T1").id, party_id("housing", "T2").id)


@pytest.mark.parametrize(("domain", "kind"), [("police", PolicePersonAsserted), ("social-care", CarePersonAsserted)])
def test_what_a_sealed_domain_says_never_becomes_a_party(domain: str, kind: type) -> None:
    system = {"police": "police-records", "social-care": "social-care"}[domain]
    assert {type(event) for event in shipped_people(system, domain)} == {kind}


def test_who_is_missing_from_a_complete_file_is_retracted(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    drop(folder, "1.csv", [person(f"T{n}") for n in range(100)])
    carry(engine, source(config(folder)))
    drop(folder, "2.csv", [person(f"T{n}") for n in range(99)])
    carry(engine, source(config(folder)))
    assert sent(engine) == ["PartyAsserted"] * 100 + ["PartyRetracted"]


def test_who_comes_back_is_said_anew(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    for name, count in (("1.csv", 100), ("2.csv", 99), ("3.csv", 100)):
        drop(folder, name, [person(f"T{n}") for n in range(count)])
        carry(engine, source(config(folder)))
    assert sent(engine)[100:] == ["PartyRetracted", "PartyAsserted"]


def test_a_file_that_lacks_more_than_two_in_a_hundred_stops_the_source_and_retracts_nobody(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    drop(folder, "1.csv", [person(f"T{n}") for n in range(100)])
    carry(engine, source(config(folder)))
    drop(folder, "2.csv", [person(f"T{n}") for n in range(97)])
    with pytest.raises(Misconfigured, match="lacks 3 of the 100 records known, more than 2%"):
        carry(engine, source(config(folder)))
    assert sent(engine) == ["PartyAsserted"] * 100


def test_a_person_may_say_that_so_many_are_really_gone(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    drop(folder, "1.csv", [person(f"T{n}") for n in range(100)])
    carry(engine, source(config(folder)))
    drop(folder, "2.csv", [person("T0")])
    with pytest.raises(Misconfigured) as told:
        carry(engine, source(config(folder)))
    store = engine.house.store
    with store.write() as tx:
        accept_absence(tx, "people-housing", told.value.key.partition("snapshot ")[2], "the estate was transferred", store.dialect)
    carry(engine, source(config(folder)))
    assert sent(engine)[100:] == ["PartyRetracted"] * 99


def test_nobody_is_retracted_for_a_file_with_a_row_that_could_not_be_read(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    drop(folder, "1.csv", [person(f"T{n}") for n in range(100)])
    carry(engine, source(config(folder)))
    drop(folder, "2.csv", [*(person(f"T{n}") for n in range(99)), person("T99", updated="rubbish")])
    carry(engine, source(config(folder)))
    assert sent(engine) == ["PartyAsserted"] * 100


def test_a_source_that_does_not_tell_all_retracts_nobody(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    for name, count in (("1.csv", 10), ("2.csv", 1)):
        drop(folder, name, [person(f"T{n}") for n in range(count)])
        carry(engine, source(config(folder, complete=False)))
    assert sent(engine) == ["PartyAsserted"] * 10


def test_nothing_of_a_person_stands_in_the_clear_in_the_store(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    drop(folder, "1.csv", [person("TEN-4711", surname="Ostrowska-Planted", nino="QQ123456A")])
    carry(engine, source(config(folder)))
    assert courier(engine, source(config(folder))).cursor() is not None
    with engine.house.store.read() as tx:
        kept = repr([tx.rows(f"SELECT * FROM {table}") for table in ("outbox", "said", "present", "cursor", "quarantine")])
    assert not any(word in kept for word in ("4711", "Ostrowska", "QQ123456A"))


def refused(engine: Engine) -> bytes:
    """What quarantine holds of the one record in it, opened."""
    with engine.house.store.read() as tx:
        ((origin, box),) = tx.rows("SELECT origin, original FROM quarantine")
    return engine.house.originals.open(bytes(box), f"people-housing/{origin}") if box else b""


def test_a_record_that_cannot_be_taken_in_goes_with_the_erasure_of_whom_it_is_about(engine: Engine, tmp_path: Path) -> None:
    made = source(config(tmp_path / "drop", controller="tameside"))
    drop(tmp_path / "drop", "1.csv", [person("T1", updated="", surname="Featherstonehaugh")])
    carry(engine, made)
    assert b"Featherstonehaugh" in refused(engine)
    part = Part(party_id=party_id("housing", "T1").id, controller="tameside", generation=1, records={})
    assert engine.house.keys.tombstone(part.scopes(["parties"])) == 1
    with pytest.raises(Rejected):
        refused(engine)
    drop(tmp_path / "drop", "2.csv", [person("T1", updated="", surname="Featherstonehaugh")])
    carry(engine, made)
    with engine.house.store.read() as tx:
        assert [bytes(box) for (box,) in tx.rows("SELECT original FROM quarantine WHERE origin = '2.csv:2'")] == [b""]
