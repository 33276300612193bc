"""Sealing by the contracts as they stand: every personal field of every event type has an owner, a class and an end."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.contracts import load
from hub.contracts.cases import CaseOpened
from hub.contracts.notifications import FanOutSent
from hub.contracts.vocabulary import CaseKind
from hub.model.event import Event
from hub.model.personal import ERASED, Plain, Sealed
from hub.privacy.keys import KeyStore
from hub.privacy.personal_fields import personal_fields
from hub.privacy.scope import EVERY_BUCKET, KeyScope, scope_of
from hub.privacy.sealing import Late, seal, unseal
from tests.privacy.world import NOON

CONTRACTS = load(Path(__file__).parents[2] / "schemas")
PERSONAL = [kind for kind in CONTRACTS.event_types.values() if personal_fields(kind) and kind.__name__ in CONTRACTS.homes]
ASKED = CaseOpened(
    event_id="11111111-1111-8111-8111-111111111111",
    occurred_at=NOON,
    recorded_at=NOON,
    source="open311",
    controller="tameside",
    case_id="case-1",
    kind=CaseKind.SERVICE_REQUEST,
    service_name="Missed bin",
    organisation="tameside",
    owner="waste",
    subject="party-1",
    address=Plain("1 High Street"),
    description=Plain("missed again"),
)


def wired(event: Event) -> Event | None:
    return CONTRACTS.decoder()(CONTRACTS.encode(event))


@pytest.mark.parametrize("kind", PERSONAL)
def test_what_is_personal_is_kept_for_a_stated_time(kind: type[Event]) -> None:
    assert CONTRACTS.topic_of(kind).retention_years is not None
    assert CONTRACTS.topic_of(kind).record_class


@pytest.mark.parametrize("kind", PERSONAL)
def test_free_text_of_an_event_that_names_its_customer_is_the_customers(kind: type[Event]) -> None:
    names_customer = "subject" in {field.name for field in CONTRACTS.schema_of(kind).fields}
    of_another = {"reference": "record_party_id"} if kind is FanOutSent else {}  # a recipient's own reference is of its own record
    assert CONTRACTS.owners_of(kind) == (dict.fromkeys(personal_fields(kind), "subject") if names_customer else {}) | of_another


@pytest.mark.parametrize("kind", PERSONAL)
def test_the_schema_and_the_event_type_agree_on_what_is_personal(kind: type[Event]) -> None:
    written = {each["name"] for each in CONTRACTS.schema_of(kind).avro["fields"] if "PII" in each.get("confluent:tags", [])}
    assert written == set(personal_fields(kind))


def test_a_case_opened_is_sealed_for_its_customer_and_survives_the_wire(sqlite: KeyStore) -> None:
    sealed = seal(ASKED, CONTRACTS, sqlite)
    assert isinstance(sealed, CaseOpened)
    assert isinstance(sealed.description, Sealed)
    received = wired(sealed)
    assert received is not None
    assert unseal(received, CONTRACTS, sqlite) == ASKED
    assert set(sqlite.live_scopes()) == {KeyScope("tameside", "party-1", "cases", 2032)}


def test_an_anonymous_case_is_sealed_for_itself(sqlite: KeyStore) -> None:
    assert scope_of(replace(ASKED, subject=None), "description", CONTRACTS).owner == "case-1"


def test_a_plain_value_cannot_be_put_on_the_wire() -> None:
    with pytest.raises(TypeError, match="address is not sealed"):
        CONTRACTS.encode(ASKED)


def test_a_late_event_can_be_kept_on_the_wire_without_its_personal_values(sqlite: KeyStore) -> None:
    sqlite.tombstone([KeyScope("tameside", "party-1", "cases", EVERY_BUCKET)])
    late = seal(ASKED, CONTRACTS, sqlite)
    assert isinstance(late, Late)
    assert wired(late.event) == replace(ASKED, address=ERASED, description=ERASED)
