"""Each contact is one row, with the latest judgement of its worth."""

from dataclasses import replace
from typing import Any

from hub.contracts.contacts import (
    ContactDeflected,
    ContactDeflectionFailed,
    ContactResolved,
    OnlineJourneyAbandoned,
    OnlineJourneyStarted,
    SafetyNetInvoked,
)
from hub.contracts.vocabulary import CaseRelation, Channel, Deflector, Office
from projections.contact_log import PROJECTION
from tests.stories import CONTACT, day, given, judged, linked, rang


def test_a_contact_is_logged_with_channel_office_and_service() -> None:
    given(PROJECTION, rang(day(1), service="524", office=Office.BACK)).shows(
        contacted_at=day(1), channel=Channel.PHONE, office=Office.BACK, service="524", controller="tameside", source="crm"
    )


def test_the_latest_judgement_counts_whichever_was_learnt_last() -> None:
    first, second = judged(day(2), avoidable=True, category="chasing"), judged(day(5), avoidable=False)
    given(PROJECTION, rang(day(1)), second, first).shows(avoidable=False, avoidable_category=None, assessed_at=day(5))


def test_a_judgement_may_be_learnt_before_the_contact() -> None:
    given(PROJECTION, judged(day(2), avoidable=True, sample_id="march"), rang(day(1))).shows(avoidable=True, sample_id="march")


def test_a_record_said_again_with_a_correction_replaces_the_first() -> None:
    corrected = replace(rang(day(1), service="533"), recorded_at=day(7))
    given(PROJECTION, corrected, rang(day(1), service="524")).shows(service="533")


def test_a_contact_may_be_about_several_cases() -> None:
    story = given(PROJECTION, rang(day(1)), linked(day(3), CaseRelation.CHASE, case_id="crm:7"), linked(day(1)))
    assert [link.case_id for link in story.facts.links] == ["crm:1", "crm:7"]


def test_a_contact_resolved_in_the_contact_says_so() -> None:
    settled = ContactResolved(occurred_at=day(1), contact_id=CONTACT, at_first_point=True)
    given(PROJECTION, rang(day(1)), settled).shows(resolved_at=day(1), resolved_at_first_point=True)


def test_a_caller_sent_to_the_web_who_comes_back_is_seen_as_such() -> None:
    sent = ContactDeflected(
        occurred_at=day(1), contact_id=CONTACT, from_channel=Channel.PHONE, to_channel=Channel.WEB, deflected_by=Deflector.AI
    )
    back = ContactDeflectionFailed(occurred_at=day(2), contact_id=CONTACT, returned_to=Channel.PHONE)
    given(PROJECTION, back, sent).shows(deflected_to=Channel.WEB, deflection_failed_at=day(2))


def test_an_abandoned_journey_shows_where_and_that_a_person_had_to_help() -> None:
    said: dict[str, Any] = {"contact_id": CONTACT, "journey": "blue-badge", "channel": Channel.WEB}
    started = OnlineJourneyStarted(occurred_at=day(1), organisation="tameside", assisted=False, **said)
    gave_up = OnlineJourneyAbandoned(occurred_at=day(2), organisation="tameside", step="photo", **said)
    rescued = SafetyNetInvoked(occurred_at=day(3), reason="no camera", **said)
    given(PROJECTION, rescued, gave_up, started).shows(
        journey="blue-badge", journey_started_at=day(1), journey_abandoned_step="photo", safety_net_at=day(3), controller="tameside"
    )
