"""Any request at all, made from the API's own description: never a server error, never an answer that the description does not know.

A hub that knows somebody, asked as an adviser may ask: 90 requests of each operation, in full 180; those that take nothing are asked once.
A request that was sent counts as sourced. The control: an answer that no description knows is found by the same checks.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import schemathesis
from httpx2 import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis import Case as Asked
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven
from tests.view.test_people_api import Counter, counter, say
from tests.view.town import asserted, linked

CI, FULL = 1_500, 3_000
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
]  # fmt: skip


def prove(case: Case) -> Proven:
    """See above; SQLite."""
    with tempfile.TemporaryDirectory() as folder, counter(Path(folder), "") as desk:
        say(desk, asserted("p1"), linked("p1", "c1"))
        sent, found = list[int](), list[Finding]()
        for operation in _operations(desk.client):
            found += _asked(operation, desk, sent, case)
        if not _asked(_told_wrong(desk.client), desk, [], case):
            found.append(Finding("unaccounted", "an answer that no description knows is not found"))
        if len(sent) < case.pick(CI, FULL):
            found.append(Finding("unaccounted", f"only {len(sent)} requests were sent"))
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": len(sent), "unaccounted": len(found)}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _operations(client: Client) -> Iterator[Any]:
    schema = schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")
    return (each.ok() for each in schema.get_all_operations() if isinstance(each, Ok))


def _told_wrong(client: Client) -> Any:
    """The control: one operation, described as if it never answered what it does answer."""
    described = client.get("/openapi.json").json()
    path = "/v1/cases/{case_id}"
    described["paths"] = {path: {"get": described["paths"][path]["get"] | {"responses": {"204": {"description": "Nothing."}}}}}
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=str(client.base_url))
    return schema[path]["get"]


def _asked(operation: Any, desk: Counter, sent: list[int], case: Case) -> list[Finding]:
    """Requests of one operation, until one of them is answered wrong."""
    headers = desk.program()

    @seeded(case.seed)
    @settings(
        max_examples=case.pick(90, 180), deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(asked=operation.as_strategy())
    def any_request(asked: Asked[Any]) -> None:
        answer = asked.call_and_validate(headers=headers, checks=CHECKS)
        sent.append(answer.status_code)

    try:
        any_request()
    except (Failure, FailureGroup) as failure:
        return [Finding("unaccounted", f"{operation.label}: {type(failure).__name__}")]
    return []
