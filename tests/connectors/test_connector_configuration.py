"""A connector that is set up wrongly says so before it starts: which file, which line, which key, and what was meant."""

from pathlib import Path

import pytest

from connectors import CONFIG, KINDS, load_source
from hub.configuration import load_document
from hub.model.errors import Misconfigured
from hub.privacy.organisations import may_match
from hub.privacy.partnership import load_partnership
from hub.shipped import shipped
from tests.connectors.reading import NOW, client, surroundings

CHICAGO = (CONFIG / "chicago.yaml").read_text()
LOS_ANGELES = (CONFIG / "los-angeles.yaml").read_text()


async def fault(folder: Path, text: str | bytes) -> str:
    path = folder / "connector.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    async with client() as http:
        with pytest.raises(Misconfigured) as wrong:
            load_source(path, surroundings(http))
    return str(wrong.value).replace(f"{path}", "connector.yaml")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.yaml")), ids=lambda path: path.stem)
async def test_what_ships_is_set_up_rightly_and_named_as_its_file(path: Path) -> None:
    async with client() as http:
        configured = load_source(path, surroundings(http))
    assert configured.source.name.startswith(path.stem)
    assert configured.every_seconds > 0


def test_whatever_ships_and_reads_a_folder_has_recorded_input_there() -> None:
    folders = [CONFIG / document["folder"] for path in CONFIG.glob("*.yaml") if "folder" in (document := load_document(path))]
    assert len(folders) >= 12
    assert [folder for folder in folders if not any(file.is_file() for file in folder.iterdir())] == []


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.yaml")), ids=lambda path: path.stem)
async def test_what_ships_and_knows_people_has_an_agreement_to_compare_them(path: Path) -> None:
    async with client() as http:
        source = load_source(path, surroundings(http)).source
    partnership = load_partnership(shipped("policies"))
    assert not source.compared or may_match(partnership, source.system, source.controller, NOW.date())


async def test_a_misspelt_key_is_told_what_was_meant(tmp_path: Path) -> None:
    text = CHICAGO.replace("locality_attribute:", "locality_atribute:")
    line = line_of(text, "locality_atribute")
    said = await fault(tmp_path, text)
    assert said.startswith(f"connector.yaml:{line}: locality_atribute: ")
    assert said.endswith("(did you mean locality_attribute?)")


async def test_a_misspelt_key_deep_down_is_found_too(tmp_path: Path) -> None:
    text = LOS_ANGELES.replace("      channel: requestsource", "      chanel: requestsource")
    said = await fault(tmp_path, text)
    assert said.startswith(f"connector.yaml:{line_of(text, 'chanel: ')}: layouts.1.columns.chanel: ")


async def test_a_word_that_is_no_channel_is_named_with_its_line(tmp_path: Path) -> None:
    said = await fault(tmp_path, CHICAGO.replace("phone: PHONE", "phone: TELEPHONE"))
    assert said.startswith(f"connector.yaml:{line_of(CHICAGO, 'phone: PHONE')}: vocabulary.channels.phone.channel: ")
    assert "TELEPHONE" not in said


async def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert "owner: Field required" in await fault(tmp_path, CHICAGO.replace("owner:", "# owner:"))


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("zone: America/Los_Angeles", "zone: America/Lost_Angles", "zone: not a time zone"),
        ("%m/%d/%y %H:%M", "%m/%d/%y %X", "layouts.1.dates: %X is twice there, or not one of"),
        ("%m/%d/%y %H:%M", "%m/%d %H:%M", "layouts.1.dates: a date format needs"),
        ("%m/%d/%y %H:%M", "%m/%d/%y %I:%M", "layouts.1.dates: a date format needs"),
        ("    encoding: utf-8", "    encoding: utf-16", "layouts.0.encoding: "),
        ("mode: snapshot", "mode: changes", "mode changes needs columns.version"),
        ("kind: csv_drop", "kind: csv_dorp", "kind: is not a kind of source (one of csv_drop, csv_facts, csv_participants"),
        ("system: myla311", "system: My LA 311", "system: "),
    ],
)
async def test_a_setting_that_cannot_be_is_said_with_its_key(tmp_path: Path, old: str, new: str, part: str) -> None:
    assert part in await fault(tmp_path, LOS_ANGELES.replace(old, new))


async def test_an_endpoint_needs_exactly_one_address(tmp_path: Path) -> None:
    assert "give either `url` or `discovery`" in await fault(tmp_path, CHICAGO.replace("url:", "# url:"))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("kind: [", "connector.yaml:"),
        ("- a list", "connector.yaml:1: is not a mapping of settings"),
        ("", "connector.yaml:1: is not a mapping of settings"),
        (b"kind: caf\xe9", "is not UTF-8"),
        ("kind: open311\nkind: open311", "connector.yaml:"),
    ],
)
async def test_a_file_that_is_no_configuration_is_said_to_be_none(tmp_path: Path, text: str | bytes, part: str) -> None:
    assert part in await fault(tmp_path, text)


async def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    async with client() as http:
        with pytest.raises(Misconfigured, match="cannot be read"):
            load_source(tmp_path / "nowhere.yaml", surroundings(http))


def test_every_kind_is_named_once() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
