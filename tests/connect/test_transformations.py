"""What each transformation does to a record, and what all of them keep to."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.connect.kinds import Fault
from hub.connect.transformations import Fields, Tools
from hub.connect.transforms import ELSEWHERE, TYPES, chain_in, faults_in_chains, transformed
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.model.connector import Page, Said, Source
from hub.model.errors import Misconfigured, Rejected
from hub.model.personal import Plain
from tests.engine_harness import NOON


def at_100(_address: str, _postcode: str, _uprn: str) -> tuple[str, float]:
    """Every address means the same place."""
    return "100", 0.95


TOOLS = Tools(pseudonym=lambda name, value: f"{name}-{len(value)}", find=at_100)

CASES: list[tuple[dict[str, Any], Fields, Fields | None]] = [
    ({"type": "InsertField", "static.field": "site", "static.value": "north"}, {"a": "1"}, {"a": "1", "site": "north"}),
    ({"type": "ReplaceField", "exclude": "b,c"}, {"a": "1", "b": "2", "c": "3"}, {"a": "1"}),
    ({"type": "ReplaceField", "include": ["a"], "renames": "a:z"}, {"a": "1", "b": "2"}, {"z": "1"}),
    ({"type": "MaskField", "fields": "a,b,gone"}, {"a": "x", "b": 7}, {"a": "", "b": 0}),
    ({"type": "MaskField", "fields": "a", "replacement": "?"}, {"a": "x"}, {"a": "?"}),
    ({"type": "Cast", "spec": "n:int32,f:float64,t:boolean,s:string"}, {"n": "7", "f": "1.5", "t": "Yes", "s": 3},
     {"n": 7, "f": 1.5, "t": True, "s": "3"}),
    ({"type": "TimestampConverter", "field": "at", "target.type": "unix", "format": "%d/%m/%Y %H:%M", "unix.precision": "seconds"},
     {"at": "02/01/1970 00:00"}, {"at": "86400"}),
    ({"type": "TimestampConverter", "field": "at", "target.type": "string"}, {"at": "86400000"}, {"at": "1970-01-02T00:00:00+00:00"}),
    ({"type": "Flatten"}, {"a": {"b": {"c": 1}, "d": 2}, "e": 3}, {"a.b.c": 1, "a.d": 2, "e": 3}),
    ({"type": "HoistField", "field": "all"}, {"a": 1}, {"all": {"a": 1}}),
    ({"type": "ExtractField", "field": "payload"}, {"payload": {"a": 1}, "op": "c"}, {"a": 1}),
    ({"type": "NormalisePostcode", "fields": "a,b"}, {"a": "qx1 1aa", "b": "not one"}, {"a": "QX1 1AA", "b": "not one"}),
    ({"type": "NormaliseNino", "fields": "a,b"}, {"a": "qq 12 34 56 c", "b": "nil"}, {"a": "QQ123456C", "b": "nil"}),
    ({"type": "NormalisePhone", "fields": "a,b"}, {"a": "+44 7700 900123", "b": "ask"}, {"a": "07700900123", "b": "ask"}),
    ({"type": "MatchUprn"}, {"address": "1 High Street", "postcode": "QX1 1AA", "uprn": ""},
     {"address": "1 High Street", "postcode": "QX1 1AA", "uprn": "100"}),
    ({"type": "MatchUprn", "least_score": 0.99}, {"address": "1 High Street", "uprn": ""}, {"address": "1 High Street", "uprn": ""}),
    ({"type": "Pseudonymise", "fields": "a,gone"}, {"a": "Ann"}, {"a": "a-3"}),
    ({"type": "RedactByTag"}, {"a": "Ann"}, {"a": "Ann"}),
    ({"type": "org.apache.kafka.connect.transforms.MaskField$Value", "fields": "a"}, {"a": "x"}, {"a": ""}),
    ({"type": "HoistField$Value", "field": "all"}, {"a": 1}, {"all": {"a": 1}}),
]  # fmt: skip
FILTER = {
    "transforms": [{"name": "f", "type": "Filter", "predicate": "tests"}],
    "predicates": [{"name": "tests", "type": "FieldMatches", "field": "surname", "pattern": "Test.*"}],
}


def after(document: dict[str, Any], record: Fields) -> Fields | None:
    chain = chain_in(document, TOOLS)
    assert chain is not None
    return chain.record(record)


@pytest.mark.parametrize(("settings", "before", "expected"), CASES)
def test_a_transformation_does_as_its_name_says(settings: dict[str, Any], before: Fields, expected: Fields | None) -> None:
    kept = dict(before)
    assert after({"transforms": [{"name": "x", **settings}]}, before) == expected
    assert before == kept


def test_every_transformation_has_a_case_and_a_row_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs/connector-configuration.md").read_text()
    tried = {str(settings["type"]) for settings, _, _ in CASES} | {"Filter"}
    assert [name for name in TYPES if name not in tried or f"| `{name}` |" not in page] == []


def test_a_filter_leaves_out_what_its_predicate_is_true_of_or_with_negate_the_rest() -> None:
    assert after(FILTER, {"surname": "Tester"}) is None
    assert after(FILTER, {"surname": "Reader"}) == {"surname": "Reader"}
    negated = FILTER | {"transforms": [FILTER["transforms"][0] | {"negate": "true"}]}
    assert after(negated, {"surname": "Reader"}) is None


@given(st.dictionaries(st.sampled_from("abcd"), st.text(max_size=5)))
def test_normalising_twice_is_normalising_once(record: Fields) -> None:
    for kind in ("NormalisePostcode", "NormaliseNino", "NormalisePhone"):
        document = {"transforms": [{"name": "x", "type": kind, "fields": "a,b"}]}
        once = after(document, record)
        assert once is not None
        assert after(document, once) == once


@pytest.mark.parametrize(
    ("settings", "record"),
    [
        ({"type": "Cast", "spec": "n:int32"}, {"n": "seven"}),
        ({"type": "Cast", "spec": "t:boolean"}, {"t": "perhaps"}),
        ({"type": "ExtractField", "field": "payload"}, {"payload": "text"}),
        ({"type": "TimestampConverter", "field": "at", "target.type": "unix", "format": "%Y"}, {"at": "soon"}),
    ],
)
def test_what_cannot_be_transformed_is_refused_by_the_name_of_its_field(settings: dict[str, Any], record: Fields) -> None:
    with pytest.raises(Rejected, match="record-untransformed") as refused:
        after({"transforms": [{"name": "x", **settings}]}, record)
    assert refused.value.fields == (next(iter(record)),)


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([{"name": "x", "type": "ReplaceFeild"}], "transforms.x.type is no type of these (did you mean ReplaceField?)"),
        ([{"name": "x", "type": "RegexRouter"}], "transforms.x.type moves keys, topics or headers"),
        ([{"name": "x", "type": "MaskField", "feilds": "a"}], "(did you mean fields?)"),
        ([{"name": "x", "type": "Cast", "spec": "a:int"}], "a field and its type"),
        ([{"type": "MaskField"}], "needs a name and a type"),
        ([{"name": "x", "type": "Flatten"}, {"name": "x", "type": "Flatten"}], "transforms.x is there twice"),
        ([{"name": "x", "type": "Flatten", "predicate": "test"}], "is no predicate of this connector (did you mean tests?)"),
        ([{"name": "x", "type": "ReplaceField", "renames": "a"}], "from:to"),
    ],
)
def test_a_chain_that_is_set_up_wrongly_says_what_was_meant(links: list[dict[str, str]], said: str) -> None:
    document = {"transforms": links, "predicates": FILTER["predicates"]}
    found = [f"{fault.key} {fault.what} ({fault.meant})" for fault in faults_in_chains(document, Fault)]
    assert any(said in each for each in found), found
    with pytest.raises(Misconfigured):
        chain_in(document, TOOLS)


def test_those_that_have_no_place_here_are_known_by_name() -> None:
    assert not set(ELSEWHERE) & TYPES.keys()


class Values(NamedTuple):
    """What a row says."""

    reference: str
    postcode: str


@dataclass(frozen=True)
class Row:
    """A row as the sources of files bring it."""

    values: Values


def said_of(record: Row) -> list[Said]:
    """A person, by their reference and postcode."""
    event = PartyAsserted(
        occurred_at=NOON, party_id=record.values.reference, generation=1, kind=PartyKind.PERSON, match_domain=MatchDomain.GENERAL,
        complete=False, names=Plain("Ann"), addresses=Plain(record.values.postcode),
    )  # fmt: skip
    return [Said(local_id=record.values.reference, event=event)]


async def nothing(_: str | None) -> Page:
    """No page."""
    return Page(records=(), cursor=None, more=False)


SOURCE = Source(name="crm", system="crm", controller="tameside", poll=nothing, translate=said_of, origin=str)


def through(document: dict[str, Any], *rows: Row) -> list[Any]:
    """The events these rows become."""
    source = transformed(SOURCE, chain_in(document, TOOLS))
    return [one.event for row in rows for one in source.translate(row)]


def test_rows_of_files_go_through_a_chain_by_the_names_of_what_they_say() -> None:
    document = {"transforms": [{"name": "p", "type": "NormalisePostcode", "fields": "postcode"}]}
    (event,) = through(document, Row(Values("7", "qx11aa")))
    assert event.addresses == Plain("QX1 1AA")
    with pytest.raises(Misconfigured, match="did you mean postcode"):
        through(
            {"transforms": [{"name": "p", "type": "InsertField", "static.field": "postcod", "static.value": "x"}]}, Row(Values("7", ""))
        )


def test_what_is_tagged_as_personal_is_left_out_of_the_event_but_for_what_is_kept() -> None:
    (event,) = through({"transforms": [{"name": "r", "type": "RedactByTag", "keep": "addresses"}]}, Row(Values("7", "QX1 1AA")))
    assert (event.names, event.addresses) == (None, Plain("QX1 1AA"))
    assert {each.name for each in fields(event) if isinstance(getattr(event, each.name), Plain)} == {"addresses"}


def test_without_a_gazetteer_no_address_can_be_matched() -> None:
    chain = chain_in({"transforms": [{"name": "u", "type": "MatchUprn"}]}, Tools())
    assert chain is not None
    with pytest.raises(Misconfigured, match="gazetteer"):
        chain.record({"address": "1 High Street"})
