from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.contracts import Rejection
from hub.contracts import strict as strict_reading
from hub.contracts.cases import CaseOpened
from hub.contracts.limits import MAX_FRAME
from hub.contracts.strict import HEADER
from hub.model.errors import Rejected
from tests.contracts.agreed import Decode, contracts, example, fastavro_says

CORPUS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("hostile_corpus.yaml"))


def pieces(event_name: str) -> dict[str, bytes]:
    """The frame of the type's example, field by field, the header first."""
    frame = contracts().encode(example(contracts().event_types[event_name]))
    schema = contracts().schema_of(contracts().event_types[event_name])
    parts, position = {"": frame[:HEADER]}, HEADER
    for field in schema.fields:
        _, end = strict_reading._field_reader(field, contracts().words)(frame, position)
        parts[field.name], position = frame[position:end], end
    return parts


def hostile_frame(case: dict[str, Any]) -> bytes:
    if "whole" in case:
        return bytes.fromhex(case["whole"])
    parts = pieces(case["event"])
    if "field" in case:
        parts[case["field"]] = bytes.fromhex(case["bytes"]) if "bytes" in case else b"\x02\x82\x80\x20" + bytes(case["fill"])
    names = list(parts)
    last = case.get("after") or (case["field"] if case.get("last") else names[-1])
    frame = b"".join(parts[name] for name in names[: names.index(last) + 1])
    header = bytes.fromhex(case.get("header", ""))
    frame = header + frame[len(header) :]
    frame = frame[: case.get("keep", len(frame) - case.get("cut", 0) - case.get("back", 0))]
    return frame * (2 if case.get("twice") else 1) + bytes.fromhex(case.get("append", ""))


def rejection(decode: Decode, frame: bytes) -> str:
    with pytest.raises(Rejected) as rejected:
        decode(frame)
    return rejected.value.code


def decoders(event_name: str | None) -> list[Decode]:
    """Reading everything, nothing but the key, nothing at all."""
    if event_name is None:
        return [contracts().decoder()]
    event_type = contracts().event_types[event_name]
    key = contracts().keys[event_name]
    return [contracts().decoder(), contracts().decoder({event_type: (key,)}), contracts().decoder({event_type: ()})]


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_hostile_bytes_are_rejected_with_their_reason_whatever_is_needed_of_them(case: dict[str, Any]) -> None:
    frame = hostile_frame(case)
    assert {rejection(decode, frame) for decode in decoders(case.get("event"))} == {case["rejection"]}


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_where_fastavro_is_laxer_the_corpus_says_so(case: dict[str, Any]) -> None:
    frame = hostile_frame(case)
    try:
        fastavro_says(frame)
    except Exception:  # noqa: BLE001 - whatever it raises, it fails
        assert case["fastavro"] == "fails"
    else:
        assert case["fastavro"] == "reads"


def test_the_corpus_shows_every_reason_that_bytes_can_give() -> None:
    of_the_bytes = list(Rejection)[list(Rejection).index(Rejection.EMPTY) : list(Rejection).index(Rejection.NOT_REENCODED)]
    assert {case["rejection"] for case in CORPUS} == set(of_the_bytes) - {Rejection.WRONG_TOPIC}
    assert len(CORPUS) >= 30


def test_a_frame_of_exactly_256_kb_is_read() -> None:
    parts = pieces("CaseOpened")
    room = MAX_FRAME - len(b"".join(parts.values())) + len(parts["description"]) - 4
    parts["description"] = b"\x02" + bytes([room * 2 & 127 | 128, room * 2 >> 7 & 127 | 128, room * 2 >> 14]) + bytes(room)
    frame = b"".join(parts.values())
    assert len(frame) == MAX_FRAME
    assert isinstance(contracts().decoder()(frame), CaseOpened)
    assert rejection(contracts().decoder(), frame + b"\0") == "too-large"


@pytest.mark.parametrize("channels", ["02 00 02 04 00", "03 04 00 04 00"], ids=["two blocks", "a block that says its length"])
def test_other_bytes_for_the_same_list_are_read_but_not_taken_from_outsiders(channels: str) -> None:
    parts = pieces("ServiceMovedToFrontOffice")
    usual, parts["channels"] = parts["channels"], bytes.fromhex(channels)
    frame = b"".join(parts.values())
    assert contracts().decoder()(frame) is not None
    assert not contracts().reencodes(frame)
    usual_frame = b"".join((parts | {"channels": usual}).values())
    assert contracts().reencodes(usual_frame)
    standards = replace(contracts().topic("standards"), outsiders_write=True)
    open_to_all = replace(contracts(), topics={**contracts().topics, "standards": standards}).decoder(topic="standards")
    assert open_to_all(usual_frame) is not None
    assert rejection(open_to_all, frame) == "not-reencoded"
