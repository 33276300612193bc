"""Who is told of life events: only under an agreement that decides on everything, and never more than it lists."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from hub.cli import app
from hub.contracts.schema import read_schema
from hub.model.errors import Misconfigured
from hub.privacy.agreements import expiring, load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.agreement import OFFERED, LifeEventKind, NoReference, NoticeAgreement, NotNeeded, Status, Told
from hub.sharing.notices import ENVELOPE, MEANINGS, listed, minimised, notice_schema
from hub.shipped import shipped

SHIPPED = load_agreements(shipped("policies"), load_partnership(shipped("policies")))
COUNCIL = {"council-tax", "housing-benefit", "blue-badge", "library", "electoral-register", "housing", "adult-social-care", "parking",
           "waste", "school-meals"}  # fmt: skip
BEYOND = {"other-tier", "general-practice", "registered-housing-provider", "citizens-advice"}
NATIONAL = {"dwp", "hmrc", "dvla", "passport-office", "veterans-uk", "pension-service"}
GOOD = (shipped("policies") / "agreements" / "council-tax.yaml").read_text()

NO_BIRTH = "    not_needed: A child changes neither liability nor discount."
EVERYTHING_SAID = ("purpose", "basis", "valid_to", "contact", "retention_days", "if_no_reference", "by_choice", "settle_minutes")

every_agreement = pytest.mark.parametrize("agreement", SHIPPED.values(), ids=lambda agreement: agreement.id)


def fault(tmp_path: Path, text: str) -> str:
    path = tmp_path / "agreements" / "council-tax.yaml"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(Misconfigured) as wrong:
        load_agreements(tmp_path, load_partnership(shipped("policies")))
    return str(wrong.value).replace(str(path), "council-tax.yaml")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def told_of(kind: LifeEventKind) -> list[str]:
    return [each.id for each in SHIPPED.values() if each.status is Status.ACTIVE and isinstance(each.life_events[kind], Told)]


def about_the_person(schema: dict[str, Any]) -> set[str]:
    return {field["name"] for field in schema["fields"]} - {field.name for field in ENVELOPE}


def within_the_allow_list(schema: dict[str, Any], agreement: NoticeAgreement) -> None:
    """Law: a notice has no field about the person that its agreement does not list with a reason."""
    allowed = {name for about in agreement.life_events.values() if isinstance(about, Told) for name in about.fields}
    assert about_the_person(schema) <= allowed


def test_services_and_partners_are_told_and_national_bodies_are_not() -> None:
    assert {each.id for each in SHIPPED.values() if each.status is Status.ACTIVE} == COUNCIL | BEYOND
    assert {each.id for each in SHIPPED.values() if each.status is not Status.ACTIVE} == NATIONAL


@every_agreement
def test_every_agreement_decides_on_every_kind_of_life_event(agreement: NoticeAgreement) -> None:
    assert set(agreement.life_events) == set(LifeEventKind)
    reasons = [
        why for about in agreement.life_events.values() for why in (about.fields.values() if isinstance(about, Told) else [about.why])
    ]
    assert all(len(why.split()) >= 3 for why in reasons)


@every_agreement
def test_a_notice_says_nothing_that_its_agreement_does_not_list(agreement: NoticeAgreement) -> None:
    within_the_allow_list(notice_schema(agreement), agreement)
    assert about_the_person(notice_schema(agreement)) == set(listed(agreement))


@every_agreement
def test_the_schema_of_a_notice_is_one_that_anybody_can_read(agreement: NoticeAgreement) -> None:
    schema = notice_schema(agreement)
    fastavro.parse_schema(schema)
    assert schema["name"].endswith("Notice")
    assert all(field["doc"].endswith(".") for field in schema["fields"])


def test_a_field_nobody_agreed_to_would_be_noticed() -> None:
    agreement = SHIPPED["waste"]
    schema = notice_schema(agreement)
    schema["fields"].append({"name": "nino", "type": ["null", "string"], "doc": "National Insurance number of the person."})
    with pytest.raises(AssertionError):
        within_the_allow_list(schema, agreement)


def test_every_field_that_can_be_offered_has_a_meaning_and_the_other_way_about() -> None:
    assert {name for names in OFFERED.values() for name in names} == set(MEANINGS)


@given(
    agreement=st.sampled_from(sorted(SHIPPED)),
    kind=st.sampled_from(list(LifeEventKind)),
    known=st.dictionaries(st.sampled_from([*MEANINGS, "criminal_record", "customer_id"]), st.text(max_size=5)),
)
def test_whatever_is_known_only_what_is_listed_for_this_kind_is_told(agreement: str, kind: LifeEventKind, known: dict[str, str]) -> None:
    about = SHIPPED[agreement].life_events[kind]
    told = minimised(SHIPPED[agreement], kind, known)
    assert told.keys() <= known.keys() & (about.fields.keys() if isinstance(about, Told) else set())


def test_a_job_that_ended_reaches_at_least_three_providers() -> None:
    assert len(told_of(LifeEventKind.UNEMPLOYMENT)) >= 3


def test_a_move_offers_the_half_dozen_services_of_one_visit() -> None:
    assert len(told_of(LifeEventKind.MOVE)) >= 6


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("purpose: ", "porpoise: ", "purpose: ", "did you mean purpose?"),
        ("recipient: borough-of-exampleton", "recipient: nobody", "recipient: ", "an organisation that organisations.yaml lacks"),
        ("reference_source: council-tax", "reference_source: nowhere", "reference_source: ", "is supplied by nobody"),
        ("      from_uprn:", "      shoe_size:", "      from_uprn:", "is nothing that a move says"),
        ("      from_uprn:", "      died:", "      from_uprn:", "is nothing that a move says"),
        ("valid_to: 2029", "valid_to: 2019", "#", "ends before it begins"),
        ("act_days: 5", "act_days: 0", "act_days: ", "greater than or equal to 1"),
        ("transport: topic", "transport: pigeon", "transport: ", "Input should be"),
        ("transport: topic", "transport: connector", "transport: ", "carries nothing yet"),
        ("contact: council.tax@exampleton.example", "contact: by telephone", "contact: ", "should match pattern"),
        (NO_BIRTH, "    fields: {}", "  birth:", "each with its reason, or `not_needed`"),
        (NO_BIRTH, "    not_needed: no", "    not_needed:", "at least 12 characters"),
    ],
)  # fmt: skip
def test_what_is_incomplete_or_cannot_be_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: str, part: str) -> None:
    assert old in GOOD
    said = fault(tmp_path, GOOD.replace(old, new))
    assert part in said
    assert said.startswith(f"council-tax.yaml:{line_of(GOOD, line)}: ")


@pytest.mark.parametrize(
    "key", ["purpose", "basis", "valid_to", "contact", "retention_days", "if_no_reference", "by_choice", "settle_minutes"]
)
def test_an_agreement_that_leaves_something_open_is_refused(tmp_path: Path, key: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{key}:"))
    assert f"{key}: Field required" in fault(tmp_path, text)


def test_a_kind_of_life_event_left_out_is_refused(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("  unemployment:")]
    assert "life_events.unemployment: Field required" in fault(tmp_path, text)


def test_withholding_for_a_reference_that_no_source_supplies_is_refused(tmp_path: Path) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith("reference_source"))
    assert "nobody would ever be told" in fault(tmp_path, text)


def test_an_agreement_is_in_force_from_its_first_day_to_its_last_and_only_while_active() -> None:
    agreement = replace(SHIPPED["council-tax"], valid_from=date(2026, 4, 1), valid_to=date(2026, 4, 30))
    assert [agreement.in_force(date(2026, month, day)) for month, day in ((3, 31), (4, 1), (4, 30), (5, 1))] == [False, True, True, False]
    assert not replace(agreement, status=Status.INBOUND).in_force(date(2026, 4, 2))


def test_an_agreement_is_warned_of_thirty_days_before_it_ends() -> None:
    ends = {"council-tax": replace(SHIPPED["council-tax"], valid_to=date(2026, 12, 22))}
    assert [len(expiring(ends, date(2026, 11, day), 30)) for day in (21, 22, 23)] == [0, 0, 1]
    assert expiring(ends, date(2026, 12, 23), 30) == ()


def test_who_is_told_without_a_reference_of_its_own_looks_the_person_up_itself() -> None:
    without = [each for each in SHIPPED.values() if each.reference_source is None]
    assert {each.if_no_reference for each in without} == {NoReference.SEND}


def hub(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["agreements", *arguments])


def test_the_command_says_that_all_stand() -> None:
    done = hub("check", "--json", "--on", "2026-11-23")
    assert (done.exit_code, json.loads(done.stdout)) == (
        0, {"agreements": 20, "active": 14, "inbound": 4, "disabled": 2, "not_in_force": []},
    )  # fmt: skip


def test_the_command_shows_why_each_field_is_needed() -> None:
    rows = json.loads(hub("show", "waste", "--json").stdout)["life_events"]
    assert {"life_event": "bereavement", "field": "last_address", "because": "Says at which home an assisted collection ends"} in rows
    assert isinstance(SHIPPED["waste"].life_events[LifeEventKind.UNEMPLOYMENT], NotNeeded)
    assert "Collections do not depend on work or income" in hub("show", "waste", "--json").stdout


def test_the_command_prints_the_schema_a_partner_builds_on() -> None:
    schema = json.loads(hub("show", "other-tier", "--schema").stdout)
    assert schema == notice_schema(SHIPPED["other-tier"])
    assert read_schema("other_tier_notice.v1", 1, json.dumps(schema).encode()).name == "OtherTierNotice"


def test_the_command_names_those_that_end_soon() -> None:
    on_the_last_day_but_thirty = hub("expiring", "--on", "2029-03-02", "--json")
    assert (hub("expiring", "--on", "2026-11-23").exit_code, on_the_last_day_but_thirty.exit_code) == (0, 1)
    assert {row["days_left"] for row in json.loads(on_the_last_day_but_thirty.stdout)} == {29}
    assert hub("check", "--on", "2029-04-01").exit_code == 1
    assert len(json.loads(hub("show", "--json").stdout)) == len(SHIPPED)
