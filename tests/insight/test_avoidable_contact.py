"""Avoidable contact: judged contact by contact, estimated from samples, attributed to what caused it."""

from datetime import timedelta

import pytest

from hub.contracts.vocabulary import CaseRelation, Channel
from hub.insight.estimating import estimate
from hub.insight.measure import Stratum
from tests.insight.conftest import MONDAY, Council, judged, linked, opened, rang


def test_avoidable_contacts_are_a_share_of_those_assessed(council: Council) -> None:
    council.tell(*(rang(f"c{n}") for n in range(5)), *(judged(f"c{n}", avoidable=n == 0) for n in range(4)))
    (figure,) = council.asks("ni14")
    assert (figure.n, figure.value) == (4, 25.0)


def test_the_latest_judgement_counts(council: Council) -> None:
    council.tell(rang("c1"), judged("c1", avoidable=True), judged("c1", avoidable=False, at=MONDAY + timedelta(days=2)))
    assert council.value("ni14") == 0.0


def test_a_sample_weighs_as_its_stratum_does_and_what_nobody_looked_at_is_named(council: Council) -> None:
    calls = [rang(f"p{n}") for n in range(30)]
    letters = [rang(f"w{n}", channel=Channel.WEB) for n in range(10)]
    council.tell(*calls, *letters, rang("v1", channel=Channel.VIDEO))
    council.tell(judged("p0", avoidable=True), judged("p1", avoidable=True), judged("w0", avoidable=False), judged("w1", avoidable=False))
    (figure,) = council.asks("ni14")
    assert (figure.n, figure.value, figure.unseen) == (4, 75.0, ("tameside / VIDEO / 524",))


def test_what_generates_avoidable_contact_is_the_case_that_it_was_about(council: Council) -> None:
    council.tell(
        opened("k1", service="69", owner="benefits"), rang("c1"), linked("c1", "k1", CaseRelation.CHASE), judged("c1", avoidable=True)
    )
    (figure,) = council.asks("avoidable-contacts", by=("cause_service", "cause_team", "cause_system"))
    assert figure.cuts == {"cause_service": "69", "cause_team": "benefits", "cause_system": "test"}


def test_a_chase_is_failure_demand_though_nobody_judged_it(council: Council) -> None:
    council.tell(opened("k1"), rang("c1"), linked("c1", "k1", CaseRelation.CHASE), rang("c2"))
    assert council.value("failure-demand") == 50.0
    assert council.value("chases-per-case") == 1.0


def test_everything_looked_at_leaves_no_doubt() -> None:
    assert estimate([Stratum(size=4, n=4, part=1)]) == (0.25, 0.25, 0.25)


def test_one_of_many_looked_at_says_next_to_nothing() -> None:
    found = estimate([Stratum(size=1000, n=1, part=1)])
    assert found is not None
    assert found[1] < 0.05


def test_half_of_many_is_as_sure_as_cochran_says() -> None:
    found = estimate([Stratum(size=1_000_000, n=101, part=50.5)], 100)
    assert found is not None
    assert list(found) == pytest.approx([50, 40.2, 59.8], abs=0.01)
