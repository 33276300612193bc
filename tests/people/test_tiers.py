"""A request goes to the district or the county, as the service and the place say."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hub.commands import CASE
from hub.commands.case import OpenCase
from hub.contracts.cases import CaseOpened
from hub.contracts.casework import CaseRouted
from hub.contracts.vocabulary import CaseKind, Tier
from hub.model.errors import Misconfigured
from hub.privacy.partnership import load_partnership
from hub.privacy.tiers import Provider, load_tiers, provider
from hub.shipped import shipped
from projections.tier_router import PROJECTION as ROUTER
from tests.commands.asking import given
from tests.stories import fold

TODAY, AT = date(2026, 11, 23), datetime(2026, 11, 23, 10, tzinfo=UTC)
POTHOLE, BINS, PARTNERS = "557", "524", load_partnership(shipped("policies"))


@pytest.mark.parametrize(
    ("custodian", "service", "expected"),
    [
        ("9911", POTHOLE, Provider(organisation="exampleshire", tier=Tier.COUNTY)),
        ("9911", BINS, Provider(organisation="borough-of-exampleton", tier=Tier.DISTRICT)),
        ("9912", BINS, Provider(organisation="otherby", tier=Tier.DISTRICT)),
        ("9912", "99999", None),
        ("0001", BINS, None),
    ],
)
def test_a_service_is_the_district_s_or_the_county_s(custodian: str, service: str, expected: Provider | None) -> None:
    assert provider(PARTNERS, load_tiers(shipped("policies")), custodian, service, TODAY) == expected


def test_before_a_reorganisation_it_was_the_old_district_s() -> None:
    found = provider(PARTNERS, load_tiers(shipped("policies")), "9911", BINS, date(2018, 6, 1))
    assert found == Provider(organisation="old-exampleton", tier=Tier.DISTRICT)


def test_a_tier_that_is_none_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "service-tiers.csv").write_text("LGSL,Description,Providing Tier\n1,Bins,parish\n")
    with pytest.raises(Misconfigured, match=r"service-tiers\.csv:2"):
        load_tiers(tmp_path)


def opening(organisation: str, to: str | None) -> OpenCase:
    return OpenCase(
        case_id="c-1", at=AT, kind=CaseKind.SERVICE_REQUEST, service=POTHOLE, service_name="Pothole", organisation=organisation,
        owner="desk", uprn="100000000012", routed_to=to, tier=Tier.COUNTY if to else None,
    )  # fmt: skip


@pytest.mark.requirement("D08")
def test_a_case_taken_on_by_the_wrong_council_is_routed_and_counted() -> None:
    answer = given(CASE).when(opening("borough-of-exampleton", "exampleshire")).answer
    assert isinstance(answer, tuple)
    opened, routed = answer
    assert isinstance(opened, CaseOpened)
    assert isinstance(routed, CaseRouted)
    assert (routed.organisation, routed.misrouted_from, routed.uprn) == ("exampleshire", "borough-of-exampleton", "100000000012")
    row = fold(ROUTER, routed)
    assert (row.organisation, row.tier, row.misrouted) == ("exampleshire", Tier.COUNTY, True)


def test_a_case_taken_on_by_the_right_council_is_no_misroute() -> None:
    answer = given(CASE).when(opening("exampleshire", "exampleshire")).answer
    assert isinstance(answer, tuple)
    assert not fold(ROUTER, *answer[1:]).misrouted


def test_a_case_of_no_known_place_is_not_routed() -> None:
    answer = given(CASE).when(opening("exampleshire", None)).answer
    assert isinstance(answer, tuple)
    assert [type(event) for event in answer] == [CaseOpened]
