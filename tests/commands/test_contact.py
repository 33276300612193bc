"""What may be said of a contact, and what may not."""

from dataclasses import replace
from typing import Any

import pytest

from hub.commands import CONTACT as CONTACTS
from hub.commands.contact import MOST_LINKS, AssessContact, LinkContactToCase, RecordContact, ResolveContact
from hub.contracts.contacts import ContactLinkedToCase, ContactRecorded, ContactResolved, ContactValueAssessed
from hub.contracts.vocabulary import Assessor, BackOfficeInteraction, CaseRelation, Channel, Office
from hub.model.personal import Plain
from tests.commands.asking import given
from tests.stories import CASE, CONTACT, day

RECORD = RecordContact(contact_id=CONTACT, at=day(1), channel=Channel.PHONE, organisation="tameside", office=Office.FRONT)
RECORDED = ContactRecorded(occurred_at=day(1), contact_id=CONTACT, channel=Channel.PHONE, organisation="tameside", office=Office.FRONT)
ASSESS = AssessContact(contact_id=CONTACT, at=day(2), avoidable=True, category="chasing", assessor=Assessor.AGENT)
LINK = LinkContactToCase(contact_id=CONTACT, at=day(2), case_id=CASE, relation=CaseRelation.CHASE, linked_by=Assessor.AGENT)
LINKED = ContactLinkedToCase(occurred_at=day(2), contact_id=CONTACT, case_id=CASE, relation=CaseRelation.CHASE, linked_by=Assessor.AGENT)
RESOLVE = ResolveContact(contact_id=CONTACT, at=day(2), at_first_point=True, back_office_interaction=BackOfficeInteraction.DESKTOP)
RESOLVED = ContactResolved(
    occurred_at=day(2), contact_id=CONTACT, at_first_point=True, back_office_interaction=BackOfficeInteraction.DESKTOP
)


def test_a_contact_is_recorded_once_with_what_was_said() -> None:
    said = Plain("she was upset")
    given(CONTACTS).when(replace(RECORD, notes=said)).then(replace(RECORDED, notes=said)).when(RECORD).refused("contact-exists")


@pytest.mark.parametrize("command", [ASSESS, LINK, RESOLVE])
def test_nothing_is_said_of_a_contact_nobody_has_heard_of(command: Any) -> None:
    given(CONTACTS).when(command).refused("contact-unknown")


def test_a_contact_is_judged_as_often_as_somebody_thinks_again() -> None:
    judged = given(CONTACTS, RECORDED).when(ASSESS)
    first = ContactValueAssessed(occurred_at=day(2), contact_id=CONTACT, avoidable=True, category="chasing", assessor=Assessor.AGENT)
    judged.then(first).when(replace(ASSESS, avoidable=False, category=None)).then(replace(first, avoidable=False, category=None))


def test_a_judgement_says_by_which_rule_and_of_what_category() -> None:
    given(CONTACTS, RECORDED).when(replace(ASSESS, assessor=Assessor.RULE)).refused("rule-not-named")
    given(CONTACTS, RECORDED).when(replace(ASSESS, avoidable=False)).refused("category-without-avoidable")


def test_a_contact_is_linked_to_a_case_once_in_each_relation() -> None:
    linked = given(CONTACTS, RECORDED).when(LINK).then(LINKED)
    linked.when(LINK).refused("link-exists")
    linked.when(replace(LINK, relation=CaseRelation.COMPLAINT)).then(replace(LINKED, relation=CaseRelation.COMPLAINT))


def test_a_contact_is_linked_to_no_more_cases_than_anybody_could_mean() -> None:
    links = [replace(LINKED, case_id=f"crm:{number:02}") for number in range(MOST_LINKS)]
    given(CONTACTS, RECORDED, *links).when(LINK).refused("too-many-links")


def test_a_contact_is_resolved_once() -> None:
    given(CONTACTS, RECORDED).when(RESOLVE).then(RESOLVED).when(RESOLVE).refused("contact-resolved")


def test_a_contact_done_at_once_says_how_the_back_office_was_involved() -> None:
    given(CONTACTS, RECORDED).when(replace(RESOLVE, back_office_interaction=None)).refused("interaction-not-stated")
    later = replace(RESOLVE, at_first_point=False, back_office_interaction=None)
    given(CONTACTS, RECORDED).when(later).then(replace(RESOLVED, at_first_point=False, back_office_interaction=None))
