"""A notice on the wire: its topic, the id of its schema, and nothing in it that the agreement does not list."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import fastavro
import pytest

from hub.contracts.strict import HEADER
from hub.privacy.agreements import load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Told
from hub.sharing.notices import notice_schema
from hub.sharing.wire import FIRST_ID, notice_schema_id, notice_topic, notice_writer
from hub.shipped import shipped
from tests.contracts.agreed import contracts

TOLD = {
    "message_id": "m1", "life_event_id": "l1", "number": 1, "instruction": "TELL", "kind": "move",
    "agreement": "registered-housing-provider", "purpose": "p", "basis": "b",
}  # fmt: skip


@cache
def agreements() -> dict[str, NoticeAgreement]:
    return dict(load_agreements(shipped("policies"), load_partnership(shipped("policies"))))


def housing() -> NoticeAgreement:
    return agreements()["registered-housing-provider"]


def test_every_agreement_has_a_topic_and_a_schema_id_of_its_own_apart_from_those_of_events() -> None:
    ids = {notice_schema_id(each) for each in agreements().values()}
    assert len(ids) == len({notice_topic(each) for each in agreements().values()}) == len(agreements())
    assert min(ids) >= FIRST_ID > max(contracts().schemas)
    assert max(ids) < 1 << 31


def test_another_list_of_fields_travels_under_another_id() -> None:
    fewer = replace(housing(), life_events={**housing().life_events, LifeEventKind.MOVE: Told(fields={"name": "so that it is found"})})
    assert notice_schema_id(fewer) != notice_schema_id(housing())


def test_a_notice_reads_back_as_it_was_written() -> None:
    frame = notice_writer(housing())(TOLD | {"name": "Ann Other"})
    read: Any = fastavro.schemaless_reader(BytesIO(frame[HEADER:]), fastavro.parse_schema(notice_schema(housing())), None)
    assert int.from_bytes(frame[1:HEADER], "big") == notice_schema_id(housing())
    assert {name: value for name, value in read.items() if value is not None} == TOLD | {"name": "Ann Other"}


@pytest.mark.parametrize("more", [{"ending": "REDUNDANCY-CANARY"}, {"name": 7.25}])
def test_what_no_agreement_lists_is_never_written_and_no_value_is_said(more: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as refused:
        notice_writer(housing())(TOLD | more)
    assert not any(str(value) in str(refused.value) for value in more.values())
