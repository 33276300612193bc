"""Any request at all, made from the API's own description: never a server error, never an answer that the description does not know."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.view.test_people_api import Counter, counter, say
from tests.view.town import asserted, linked

AT_LEAST = 1_500
EACH = 90
"""Of each operation; those that take nothing are asked once."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
]  # fmt: skip

pytestmark = pytest.mark.waiting


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter(tmp_path_factory.mktemp("any"), "") as made:
        say(made, asserted("p1"), linked("p1", "c1"))
        yield made


def test_no_request_makes_the_hub_fail_or_say_what_its_description_does_not_know(desk: Counter) -> None:
    schema = schemathesis.openapi.from_url(f"{desk.client.base_url}/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    headers, sent = desk.program(), list[int]()
    for operation in operations:

        @settings(
            max_examples=EACH, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def any_request(case: Case[Any]) -> None:
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            sent.append(answer.status_code)

        any_request()
    assert len(sent) >= AT_LEAST
