"""The API does what its description says, for requests that nobody thought of."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.engine_harness import running
from tests.web.conftest import Town, made_app, served

PER_OPERATION = 4
OPERATIONS = 47
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
"""A key that may be used is used once: what happens when it is used again is told elsewhere."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running(tmp_path_factory.mktemp("town")) as engine, served(made_app(engine)) as client:
        yield Town(engine=engine, client=client)


@pytest.fixture(scope="module")
def known(town: Town) -> dict[str, str]:
    """A contact, a case and a hand-off that there are."""
    contact_id, case_id = town.recorded(), town.opened()
    handoff = town.post(f"/v1/cases/{case_id}/hand-offs", {"method": "FIRE_AND_FORGET", "from_team": "front-office", "to_team": "waste"})
    town.engine.settle()
    return {"contact_id": contact_id, "case_id": case_id, "handoff_id": handoff.json()["handoff_id"]}


def _try(town: Town, known: dict[str, str], modes: list[GenerationMode]) -> set[int]:
    """Send requests to every operation and hold each answer against the description; gives which statuses were answered."""
    answered, tried = set(), 0
    for found in schemathesis.openapi.from_url(f"{town.client.base_url}/openapi.json").get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an error is raised here
        for mode in modes if any(operation.iter_parameters()) else [GenerationMode.POSITIVE]:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(max_examples=PER_OPERATION, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
            def answered_as_described(case: Any) -> None:
                for name in known.keys() & case.path_parameters.keys():
                    case.path_parameters[name] = known[name]
                if _KEY.fullmatch(str(case.headers.get("Idempotency-Key"))):
                    case.headers["Idempotency-Key"] = next(town.keys)
                answer = case.call()
                if answer.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # a refusal that schemathesis does not know for one
                    case.validate_response(answer)
                answered.add(answer.status_code)

            answered_as_described()
        tried += 1
    assert tried == OPERATIONS
    return answered


def test_whatever_is_sent_is_answered_as_described(town: Town) -> None:
    assert {200, 201, 404, 422} <= _try(town, {}, [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


def test_what_is_said_of_known_contacts_and_cases_is_answered_as_described(town: Town, known: dict[str, str]) -> None:
    answered = _try(town, known, [GenerationMode.POSITIVE])
    assert {200, 201, 409} <= answered
    assert 422 not in answered
