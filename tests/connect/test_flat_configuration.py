"""A configuration is the same whether it is written as YAML or as Kafka Connect has it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import CONFIG
from hub.configuration import load_document
from hub.connect.flat import document_of, flat_of
from hub.connect.foreign import flat_from, yaml_of
from hub.connect.secrets import Secrets
from hub.model.errors import Misconfigured

NAMES = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12).filter(
    lambda name: name not in {"kind", "transforms", "predicates", "connector\\.class", "connector.class"}
)
TEXTS = st.text(max_size=20).filter(lambda text: text not in {"[]", "{}"})
DOCUMENTS = st.dictionaries(
    NAMES,
    st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8),
    max_size=4,
)
FLAT = st.dictionaries(
    st.from_regex(r"[a-z][a-z.]{0,8}", fullmatch=True).filter(lambda name: name.split(".")[0] not in {"transforms", "predicates"}),
    st.text(max_size=30) | st.sampled_from(["true", "false", "01", "1", "-5", "null", "yes", "1e3", "a\nb", " x ", "2020-01-01", "~", ""]),
    max_size=6,
)
LINKS = st.lists(st.from_regex(r"[a-z][A-Za-z0-9]{0,5}", fullmatch=True), max_size=3)


@settings(deadline=None)
@given(DOCUMENTS)
def test_any_document_comes_back_from_its_flat_form(document: dict[str, object]) -> None:
    assert document_of(flat_of(document)) == document


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_ships_comes_back_from_its_flat_form(path: Path) -> None:
    flat = flat_of(load_document(path))
    assert flat["connector.class"] == load_document(path)["kind"]
    assert flat_of(document_of(flat)) == flat


def test_links_of_a_chain_are_named_as_in_kafka_connect() -> None:
    links = [{"name": "area", "type": "ReplaceField", "exclude": ["ward", "beat"]}, {"name": "phone", "type": "NormalisePhone"}]
    flat = flat_of({"kind": "csv_drop", "transforms": links})
    assert flat == {
        "connector.class": "csv_drop", "transforms": "area,phone", "transforms.area.type": "ReplaceField",
        "transforms.area.exclude": "ward,beat", "transforms.phone.type": "NormalisePhone",
    }  # fmt: skip
    assert flat_of(document_of(flat)) == flat


@pytest.mark.parametrize("name", ["a..b", "[0]", "", "a[x]", "a.", "a]"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Misconfigured):
        document_of({name: "1"})


def test_one_name_is_not_both_a_setting_and_a_group() -> None:
    for flat in ({"a": "1", "a.b": "2"}, {"a.b": "2", "a": "1"}):
        with pytest.raises(Misconfigured, match="both"):
            document_of(flat)


@settings(deadline=None)
@given(FLAT, LINKS, st.text(max_size=10))
def test_any_flat_configuration_comes_back_from_yaml(flat: dict[str, str], links: list[str], value: str) -> None:
    chains = {"transforms": ",".join(links)} | {f"transforms.{link}.static.field": value for link in links}
    assert flat_from(yaml_of(flat | chains)) == flat | chains


def test_what_yaml_would_take_for_something_else_stays_a_text() -> None:
    flat = {"a": "no", "b": "0o17", "c": "1.0", "d": "12:30:00", "e": "#x", "f": "a: b", "g": "0x1F", "h": "007", "i": ".inf"}
    assert flat_from(yaml_of(flat)) == flat


def test_a_chain_that_names_what_it_does_not_set_out_loses_nothing() -> None:
    flat = {"transforms": "a, b", "transforms.a.type": "X", "transforms.gone.type": "Y", "transforms.a.name": "own"}
    assert flat_from(yaml_of(flat)) == flat


def test_a_secret_is_looked_up_and_hidden(tmp_path: Path) -> None:
    file = tmp_path / "secrets.properties"
    file.write_text("# comment\ntoken = s3cret-of-file\n")
    secrets = Secrets({"CRM_PASSWORD": "s3cret-of-env"})
    found = secrets.resolved({"password": "${env:CRM_PASSWORD}", "headers": [f"Bearer ${{file:{file}:token}}"], "port": 8080})
    assert found == {"password": "s3cret-of-env", "headers": ["Bearer s3cret-of-file"], "port": 8080}
    assert "s3cret" not in secrets.hide(f"refused: {found}") + repr(secrets)


@pytest.mark.parametrize("text", ["${env:NOWHERE}", "${file:/nowhere:key}", "${file:nothing}"])
def test_a_secret_that_is_not_there_is_said_with_its_setting(text: str) -> None:
    with pytest.raises(Misconfigured, match=r"login\.password"):
        Secrets({}).resolved({"login": {"password": text}})


PUBLISHED = json.loads(Path(__file__).with_name("published.json").read_text("utf-8"))["configurations"]


def test_there_are_enough_published_configurations_of_many_makers() -> None:
    assert len(PUBLISHED) >= 50
    assert len({each["config"].get("connector.class", each["documented"]) for each in PUBLISHED}) >= 45


@pytest.mark.parametrize("each", PUBLISHED, ids=lambda each: each["config"]["name"])
def test_a_published_configuration_comes_back_from_yaml_and_looks_no_secret_up(each: dict[str, dict[str, str]]) -> None:
    flat = each["config"]
    text = yaml_of(flat)
    assert flat_from(text) == flat
    assert all(value in text for value in flat.values() if value.startswith("${"))
