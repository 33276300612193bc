"""Whom a change of what is told would break: the partner and the field are named before anything is merged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hub.contracts.subjects import Registered, breaks, subjects
from hub.model.errors import Misconfigured
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Told
from hub.sharing.readers import Broken, Reads, broken, newest_by_record, read_readers, reading
from hub.sharing.versions import notice_versions, unwritten
from tests.cli.conftest import Command, hub
from tests.contracts.agreed import SCHEMAS
from tests.sharing.test_wire import agreements, housing

__all__ = ["hub"]

NOTICE = "RegisteredHousingProviderNotice"
READS = (Reads(partner="homes", record=NOTICE, fields=("died", "from_address")),)


def telling(*fields: str) -> NoticeAgreement:
    """The housing provider's agreement, had it these fields for a move, and nothing else."""
    told = Told(fields=dict.fromkeys(fields, "for a reason of some length"))
    return replace(housing(), life_events=dict.fromkeys(LifeEventKind, told))


def next_version(agreement: NoticeAgreement) -> tuple[Registered, ...]:
    return unwritten({agreement.id: agreement}, notice_versions(SCHEMAS))


def test_what_every_agreement_lists_is_written_down() -> None:
    assert [each.subject for each in unwritten(agreements(), notice_versions(SCHEMAS))] == [], "run: hub schema register"


def test_another_list_is_the_next_version_and_reads_every_earlier_one() -> None:
    (coming,) = next_version(telling("name", "died"))
    earlier = subjects(notice_versions(SCHEMAS)).named[coming.subject]
    assert coming.version == earlier[-1].version + 1
    assert breaks(coming.text, earlier, coming.level) == ()


def test_a_field_that_is_taken_away_names_the_partner_who_reads_it() -> None:
    before = newest_by_record(notice_versions(SCHEMAS))
    after = before | newest_by_record(next_version(telling("name", "died")))
    assert broken(READS, before, after) == (Broken(partner="homes", record=NOTICE, field="from_address", why="is no longer said"),)
    assert broken(READS, before, before) == ()


def test_a_field_of_another_type_names_the_partner_who_reads_it() -> None:
    before = newest_by_record(notice_versions(SCHEMAS))
    schema = json.loads(before[NOTICE].text)
    schema["fields"] = [field | {"type": "int", "default": 0} if field["name"] == "died" else field for field in schema["fields"]]
    (found,) = broken(READS, before, before | {NOTICE: replace(before[NOTICE], text=json.dumps(schema))})
    assert (found.partner, found.field) == ("homes", "died")
    assert found.why.startswith("is written as int and read as null or string")


@pytest.mark.parametrize(("record", "field", "why"), [(NOTICE, "hobby", "was never said"), ("Nobodys", "name", "there is no such record")])
def test_who_reads_what_never_was_is_told_so(record: str, field: str, why: str) -> None:
    before = newest_by_record(notice_versions(SCHEMAS))
    (found,) = broken([Reads(partner="homes", record=record, fields=(field,))], before, before)
    assert found.why == why


def test_what_a_partner_reads_is_written_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers/homes.yaml").write_text(f"{NOTICE}: [died, from_address]\n")
    assert read_readers(tmp_path) == READS
    assert reading(f"{NOTICE}#died, from_address") == replace(READS[0], partner="")
    assert reading("died") is None


def test_a_file_of_readers_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers/homes.yaml").write_text("- died\n")
    with pytest.raises(Misconfigured, match=r"homes\.yaml"):
        read_readers(tmp_path)


def test_as_it_stands_nothing_breaks_anybody(hub: Command) -> None:
    ran = hub("schema", "check", "--json")
    assert (ran.code, ran.value) == (0, {"unwritten": [], "incompatible": [], "breaks": []})
