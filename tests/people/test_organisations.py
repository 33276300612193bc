"""Who answers for what, and who may see it: on the demonstration's partnership, and on files that cannot be so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hub.model.errors import Misconfigured
from hub.privacy.organisations import (
    Looker,
    May,
    MayNot,
    Partnership,
    Why,
    answered_for_by,
    answers_for,
    fields_seen,
    may_act_for,
    may_match,
    may_see,
    successions,
)
from hub.privacy.partnership import load_partnership
from hub.shipped import shipped

TODAY = date(2026, 11, 23)
COUNTY, BOROUGH, OTHERBY = "exampleshire", "borough-of-exampleton", "otherby"


@pytest.fixture(scope="module")
def partnership() -> Partnership:
    return load_partnership(shipped("policies"))


def adviser(organisation: str = COUNTY, role: str = "adviser", purpose: str = "answer-contact") -> Looker:
    return Looker(acting_for=organisation, role=role, purpose=purpose)


def test_an_organisation_sees_what_it_answers_for(partnership: Partnership) -> None:
    assert may_see(partnership, adviser(OTHERBY, role="anything"), OTHERBY, "nino", TODAY) == May(agreement=None)


def test_what_another_holds_is_seen_under_an_agreement_and_names_it(partnership: Partnership) -> None:
    assert may_see(partnership, adviser(), BOROUGH, "names", TODAY) == May(agreement="one-front-office-borough")


@pytest.mark.parametrize(
    ("looker", "controller", "field", "why"),
    [
        (adviser(), BOROUGH, "nino", Why.FIELD),
        (adviser(role="auditor"), BOROUGH, "names", Why.ROLE),
        (adviser(purpose="curiosity"), BOROUGH, "names", Why.PURPOSE),
        (adviser(OTHERBY), BOROUGH, "names", Why.NO_AGREEMENT),
        (adviser("nobody"), BOROUGH, "names", Why.UNKNOWN_ORGANISATION),
        (adviser(), "nobody", "names", Why.UNKNOWN_ORGANISATION),
    ],
)
def test_what_no_agreement_covers_is_not_seen(partnership: Partnership, looker: Looker, controller: str, field: str, why: Why) -> None:
    assert may_see(partnership, looker, controller, field, TODAY) == MayNot(why=why)


def test_an_agreement_holds_from_its_first_day_to_its_last(partnership: Partnership) -> None:
    agreement = next(each for each in partnership.agreements if each.id == "one-front-office-borough")
    short = replace(partnership, agreements=(replace(agreement, valid_to=date(2025, 1, 31)),))
    seen = [isinstance(may_see(short, adviser(), BOROUGH, "names", on), May) for on in (date(2024, 3, 31), date(2024, 4, 1))]
    later = [isinstance(may_see(short, adviser(), BOROUGH, "names", on), May) for on in (date(2025, 1, 31), date(2025, 2, 1))]
    assert (seen, later) == ([False, True], [True, False])


def test_only_the_agreed_fields_are_seen(partnership: Partnership) -> None:
    seen = fields_seen(partnership, adviser(), BOROUGH, ("names", "nino", "phones"), TODAY)
    assert seen == {"names": "one-front-office-borough", "phones": "one-front-office-borough"}


def test_a_successor_answers_for_what_it_took_over_from_its_first_day_on(partnership: Partnership) -> None:
    assert [answers_for(partnership, "old-exampleton", on) for on in (date(2019, 3, 31), date(2019, 4, 1))] == ["old-exampleton", BOROUGH]
    assert answered_for_by(partnership, BOROUGH, TODAY) == {BOROUGH, "old-exampleton"}
    assert may_see(partnership, adviser(BOROUGH), "old-exampleton", "nino", TODAY) == May(agreement=None)
    assert [each.id for each in successions(partnership, TODAY)] == ["old-exampleton"]


def test_an_agreement_of_the_successor_covers_what_it_inherited(partnership: Partnership) -> None:
    assert may_see(partnership, adviser(), "old-exampleton", "names", TODAY) == May(agreement="one-front-office-borough")


def test_a_supplier_acts_for_those_it_works_for_and_never_for_itself(partnership: Partnership) -> None:
    assert may_act_for(partnership, "contact-partners", TODAY) == {BOROUGH, COUNTY}
    assert may_act_for(partnership, OTHERBY, TODAY) == {OTHERBY}
    assert may_act_for(partnership, "old-exampleton", TODAY) == frozenset()


def test_only_sources_that_an_agreement_lists_are_compared(partnership: Partnership) -> None:
    assert may_match(partnership, "council-tax", BOROUGH, TODAY)
    assert not may_match(partnership, "police-records", "exampleshire-police", TODAY)
    assert not may_match(partnership, "council-tax", COUNTY, TODAY)
    assert not may_match(partnership, "council-tax", BOROUGH, date(2020, 1, 1))


GOOD = "partnership: X\norganisations:\n  - {id: a, name: A, part: controller, tier: unitary, valid_from: 2000-01-01}\n"
ONE = "  - {{id: b, name: B, part: {part}, tier: {tier}, valid_from: 2001-01-01{more}}}\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (ONE.format(part="controller", tier="unitary", more=", successor: a"), "not its own last day"),
        (ONE.format(part="controller", tier="unitary", more=", valid_to: 2000-01-01"), "ends before it begins"),
        (ONE.format(part="controller", tier="unitary", more=", valid_to: 2005-01-01, successor: z"), "organisations.1.successor: names z"),
        (ONE.format(part="controller", tier="district", more=", county: a"), "no county"),
        (ONE.format(part="controller", tier="district", more=""), "names its county"),
        (ONE.format(part="processor", tier="supplier", more=""), "those it processes for"),
        (ONE.format(part="controller", tier="unitary", more=", gss: 12"), "organisations.1.gss"),
        (ONE.format(part="controller", tier="unitary", more=", colour: red"), "organisations.1.colour"),
        (ONE.format(part="owner", tier="unitary", more=""), "organisations.1.part"),
        ("  - {id: a, name: Again, part: controller, tier: unitary, valid_from: 2001-01-01}\n", "a second time"),
    ],
)
def test_what_cannot_be_so_is_said_with_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "organisations.yaml").write_text(GOOD + line)
    with pytest.raises(Misconfigured) as told:
        load_partnership(tmp_path)
    assert says in str(told.value)
    assert "organisations.yaml:4" in str(told.value)


def test_two_organisations_that_succeed_each_other_are_refused(tmp_path: Path) -> None:
    lines = [ONE.format(part="controller", tier="unitary", more=", valid_to: 2005-01-01, successor: c")]
    lines += [lines[0].replace("id: b", "id: c").replace("successor: c", "successor: b")]
    (tmp_path / "organisations.yaml").write_text(GOOD + "".join(lines))
    with pytest.raises(Misconfigured, match="leads back"):
        load_partnership(tmp_path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("giver: nobody", r"deal\.yaml:2: giver: names nobody"),
        ("kind: barter", "kind"),
        ("roles: []", "names its roles"),
    ],
)
def test_an_agreement_that_cannot_be_so_is_said_with_file_and_line(tmp_path: Path, change: str, says: str) -> None:
    words = {"kind": "view", "giver": "a", "receivers": "[a]", "fields": "[names]", "roles": "[adviser]", "purposes": "[x]", "basis": "law"}
    words |= {"valid_from": "2024-01-01", change.split(": ", maxsplit=1)[0]: change.split(": ")[1]}
    (tmp_path / "organisations.yaml").write_text(GOOD)
    (tmp_path / "agreements").mkdir()
    (tmp_path / "agreements" / "deal.yaml").write_text("".join(f"{key}: {value}\n" for key, value in words.items()))
    with pytest.raises(Misconfigured, match=says):
        load_partnership(tmp_path)
