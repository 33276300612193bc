"""What is wrong with a connector's file is said all at once, by line and column, and what was meant; its tests run without a hub."""

from pathlib import Path

import pytest

from connectors import CONFIG, KINDS, TEMPLATES
from hub.configuration import load_document
from hub.connect.flat import flat_of
from hub.connect.kinds import faults_of, settings_of
from hub.connect.linting import TEST, Example, examples, lint, read
from hub.connect.offline import tried

CONNECTOR = TEMPLATES / "csv_drop.yaml"
TEXT = CONNECTOR.read_text()


def found(folder: Path, text: str, name: str = "crm.yaml") -> list[str]:
    path = folder / name
    path.write_text(text)
    return [str(remark).removeprefix(f"{folder}/") for remark in lint(path)]


@pytest.mark.parametrize("path", [*sorted(CONFIG.glob("*.yaml")), *sorted(TEMPLATES.glob("*.yaml"))], ids=lambda path: path.stem)
def test_nothing_is_wrong_with_what_ships(path: Path) -> None:
    assert lint(path) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob(f"*{TEST}.yaml")), ids=lambda path: path.stem)
def test_what_a_new_connector_begins_from_makes_of_its_examples_what_they_say(path: Path) -> None:
    beside = path.with_name(path.name.replace(TEST, ""))
    assert [difference for each in examples(path) for difference in tried(read(beside), beside, each)] == []


def test_everything_wrong_is_said_at_once_where_it_stands(tmp_path: Path) -> None:
    text = TEXT.replace("zone:", "zoen:").replace("Phone: PHONE", "Phone: PHNOE").replace("channel: How", "chanel: How")
    said = found(tmp_path, text)
    assert any(each.startswith("crm.yaml:9:1: zoen: ") and each.endswith("(did you mean zone?)") for each in said)
    assert any("layouts[0].columns.chanel" in each and "(did you mean channel?)" in each for each in said)
    assert any("vocabulary.channels.Phone.channel" in each and "(did you mean PHONE?)" in each for each in said)
    assert [int(each.split(":")[2]) for each in said if "chanel" in each] == [TEXT.splitlines()[14].index("channel: How") + 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            TEXT.replace("kind: csv_drop", "kind: csv_dorp"),
            "crm.yaml:2:1: connector.class: is not a kind of source (did you mean csv_drop?)",
        ),
        ("kind: [", "crm.yaml:1:8: document: "),
        ("- a list", "crm.yaml:1:1: document: is not a mapping of settings"),
        (f"{TEXT}owner: twice\n", "crm.yaml:16:1: document: "),
        (TEXT.replace("system: crm", 'system: "${evn:SYSTEM}"'), "(did you mean env?)"),
        (
            f"{TEXT}transforms: [{{name: x, type: Flaten}}]\n",
            "16:24: transforms.x.type: is no type of these (did you mean Flatten?)",
        ),
    ],
)
def test_each_fault_says_what_was_meant(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in each for each in found(tmp_path, text)), found(tmp_path, text)


def test_a_secret_need_not_be_there_to_look_a_file_over(tmp_path: Path) -> None:
    assert found(tmp_path, TEXT.replace("owner: front office", "owner: ${env:NOWHERE}")) == []


def test_what_is_wrong_with_a_test_is_said_too(tmp_path: Path) -> None:
    assert found(tmp_path, "tests:\n  - name: x\n    event: []\n", "crm_test.yaml") == [
        "crm_test.yaml:3:5: tests[0].event: Extra inputs are not permitted (did you mean events?)"
    ]


ONE = Example(
    name="one",
    files={"a.csv": "Ref,Raised,Changed,How,What,State\n7,05/03/2026 09:30,05/03/2026 09:30,Web,Pothole,Open\n"},
    events=[{"ContactRecorded": {}}, {"ContactLinkedToCase": {}}, {"CaseOpened": {"owner": "highways"}}, {"CaseStatusChanged": {}}],
)


def test_a_test_that_fails_says_what_differs() -> None:
    document = read(CONNECTOR)
    assert tried(document, CONNECTOR, ONE) == ["event 3: CaseOpened.owner: expected highways; got front office"]
    (said,) = tried(document, CONNECTOR, ONE.model_copy(update={"events": []}))
    assert said.startswith("expected no event; got ContactRecorded, ")
    (said,) = tried(document, CONNECTOR, ONE.model_copy(update={"files": {"a.csv": "nothing\n"}}))[:1]
    assert said.endswith("got none")


def test_what_a_person_said_is_not_printed_by_a_test_that_fails() -> None:
    people = TEMPLATES / "csv_people.yaml"
    (example,) = examples(TEMPLATES / f"csv_people{TEST}.yaml")
    wrong = example.model_copy(update={"events": [{"PartyAsserted": {"source_reference": "another"}}]})
    assert tried(read(people), people, wrong) == ["event 1: PartyAsserted.source_reference: expected another; got …"]


def test_transformations_are_part_of_what_is_tried() -> None:
    document = dict(read(CONNECTOR)) | {"transforms": [{"name": "x", "type": "MaskField", "fields": "service", "replacement": "Lamp"}]}
    events = [{"ContactRecorded": {}}, {"ContactLinkedToCase": {}}, {"CaseOpened": {"service_name": "Lamp"}}, {"CaseStatusChanged": {}}]
    assert tried(document, CONNECTOR, ONE.model_copy(update={"events": events})) == []


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_and_its_flat_form_are_found_right_alike(path: Path) -> None:
    assert faults_of(flat_of(load_document(path)) | {"tasks.max": "1"}) == []


def test_a_flat_configuration_says_its_faults_by_flat_names() -> None:
    flat = flat_of(load_document(CONFIG / "los-angeles.yaml")) | {"layouts[0].columns.chanel": "x"}
    (fault,) = faults_of(flat)
    assert (fault.key, fault.meant) == ("layouts[0].columns.chanel", "did you mean channel?")


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_says_what_it_can_be_told(kind: str) -> None:
    settings = {setting.name: setting for setting in settings_of(kind)}
    assert settings["connector.class"].recommended == (kind,)
    assert settings["name"].required
    assert settings["every_seconds"].default == "300"
    assert all(setting.documentation or setting.name for setting in settings.values())
