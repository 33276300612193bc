"""Nobody has to know who provides what: a request is passed on, not its customer."""

import pytest

from hub.commands import CASE
from hub.commands.case import OpenCase, ResolveCase
from hub.contracts.vocabulary import CaseKind, CaseOutcome, Tier
from hub.engine.commanding import Accepted, Commander, Request
from tests.insight.conftest import MONDAY, Council


def ask(council: Council, command: OpenCase | ResolveCase) -> None:
    house = council.engine.house
    secret = house.instance.id_secret
    commander = Commander(store=house.store, contracts=house.contracts, keys=house.keys, digest_key=secret, controller="tameside")
    name = f"{type(command).__name__}-{command.case_id}"
    assert isinstance(commander.carry_out(CASE, Request(key=command.case_id, command=command, idempotency_key=name, said=b"")), Accepted)
    council.engine.settle()


def request(council: Council, case_id: str, outcome: CaseOutcome, *, routed: bool) -> None:
    """A pothole, which is the county's, told of at the borough's desk."""
    ask(council, OpenCase(
        case_id=case_id, at=MONDAY, kind=CaseKind.SERVICE_REQUEST, service="557", service_name="Pothole", organisation="borough",
        owner="front-office", uprn="100000000012", routed_to="county" if routed else None, tier=Tier.COUNTY if routed else None,
    ))  # fmt: skip
    ask(council, ResolveCase(case_id=case_id, at=MONDAY, outcome=outcome, team="front-office"))


@pytest.mark.requirement("D09")
def test_a_request_that_is_passed_on_is_no_signpost_and_one_whose_customer_is_sent_elsewhere_is(council: Council) -> None:
    request(council, "k1", CaseOutcome.NOT_OUR_RESPONSIBILITY, routed=False)
    assert council.value("signpost-only") == 100.0
    for number in range(3):
        request(council, f"passed-on-{number}", CaseOutcome.RESOLVED, routed=True)
    assert council.value("signpost-only") == 25.0
    assert council.value("signpost-only", organisation="borough") == 25.0, "for the customer it is the desk's request, whoever mends it"
