"""What people may decide about a person, and what they may not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hub.commands import PERSON
from hub.commands.person import (
    DecideMatch,
    EndAuthority,
    LiftNeverTogether,
    Protect,
    RecordAuthority,
    ReleaseRematch,
    UndoDecision,
    Unprotect,
)
from hub.contracts.parties import (
    AuthorityEnded,
    AuthorityRecorded,
    DecisionUndone,
    MatchDecided,
    ProtectionLifted,
    ProtectionSet,
)
from hub.contracts.people_words import AuthorityEnding, AuthorityKind, MatchAnswer, Protection
from tests.commands.asking import given

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = date(2027, 11, 23)
A, B = "party-a", "party-b"

MATCH = DecideMatch(
    party_id=A, at=AT, party_ids=(A,), other_party_ids=(B,), answer=MatchAnswer.SAME, decided_by="steward-1", review_id="r-1"
)
UNDO = UndoDecision(party_id=A, at=AT, decision_id="41:0", decided_by="steward-1")
UNDONE = DecisionUndone(event_id="1", occurred_at=AT, party_id=A, decision_id="41:0", decided_by="steward-1")
PROTECT = Protect(party_id=A, at=AT, protection=Protection.ADDRESS, owner="safeguarding-lead", review_on=LATER)
PROTECTED = ProtectionSet(event_id="1", occurred_at=AT, party_id=A, protection=Protection.ADDRESS, owner="lead", review_on=LATER)
LIFTED = ProtectionLifted(event_id="2", occurred_at=AT.replace(hour=11), party_id=A, protection=Protection.ADDRESS, owner="lead")
UNPROTECT = Unprotect(party_id=A, at=AT, protection=Protection.ADDRESS, owner="lead")
GRANT = RecordAuthority(party_id=A, at=AT, authority_id="lpa-1", holder_party_id=B, authority=AuthorityKind.LPA_PROPERTY)
GRANTED = AuthorityRecorded(
    event_id="1", occurred_at=AT, party_id=A, authority_id="lpa-1", holder_party_id=B, authority=AuthorityKind.DEPUTY, scope=()
)
ENDED = AuthorityEnded(event_id="2", occurred_at=AT.replace(hour=11), party_id=A, authority_id="lpa-1", reason=AuthorityEnding.REVOKED)
END = EndAuthority(party_id=A, at=AT, authority_id="lpa-1", reason=AuthorityEnding.REVOKED)
PLAN = ReleaseRematch(party_id=A, at=AT, plan_id="p-1", model_version="2", party_ids=(A,), customer_ids=("c-b",), decided_by="steward-1")


def test_an_answer_keeps_what_was_on_screen() -> None:
    seen = replace(MATCH, bits=6.5, evidence=("surname:1",), model_version="em-1", blind_answer=MatchAnswer.CANT_TELL)
    answer = given(PERSON).when(seen).answer
    assert isinstance(answer, tuple)
    (event,) = answer
    assert isinstance(event, MatchDecided)
    assert (event.bits, event.evidence, event.blind_answer, event.review_id) == (6.5, ("surname:1",), MatchAnswer.CANT_TELL, "r-1")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(MATCH, other_party_ids=(A,)), "sides-overlap"),
        (replace(MATCH, other_party_ids=()), "sides-overlap"),
        (replace(MATCH, party_ids=(B,), other_party_ids=("party-c",)), "party-not-on-side"),
        (LiftNeverTogether(party_id=A, at=AT, party_ids=(A,), other_party_ids=(A,), decided_by="steward-1"), "sides-overlap"),
        (replace(UNDO, decision_id="that one"), "decision-unknown"),
        (UNPROTECT, "protection-unknown"),
        (replace(PROTECT, review_on=AT.date()), "review-not-later"),
        (replace(PROTECT, successor_party_id=A), "successor-itself"),
        (replace(GRANT, holder_party_id=A), "authority-over-oneself"),
        (replace(GRANT, valid_from=LATER, valid_to=AT.date()), "authority-backwards"),
        (END, "authority-unknown"),
        (replace(PLAN, customer_ids=()), "plan-uneven"),
    ],
)
def test_what_cannot_be_is_refused(command: Any, code: str) -> None:
    given(PERSON).when(command).refused(code)


@pytest.mark.parametrize("command", [MATCH, UNDO, replace(UNDO, decision_id="41:answer"), PROTECT, GRANT, PLAN])
def test_what_can_be_is_done(command: Any) -> None:
    answer = given(PERSON).when(command).answer
    assert isinstance(answer, tuple)
    assert len(answer) == 1


def test_a_decision_is_undone_once() -> None:
    given(PERSON, UNDONE).when(UNDO).refused("decision-undone")


def test_a_protection_is_set_once_until_it_is_lifted() -> None:
    given(PERSON, PROTECTED).when(PROTECT).refused("protection-set")
    assert isinstance(given(PERSON, PROTECTED, LIFTED).when(PROTECT).answer, tuple)
    assert isinstance(given(PERSON, PROTECTED).when(UNPROTECT).answer, tuple)


def test_an_authority_ends_once() -> None:
    given(PERSON, GRANTED).when(GRANT).refused("authority-exists")
    assert isinstance(given(PERSON, GRANTED).when(END).answer, tuple)
    given(PERSON, GRANTED, ENDED).when(END).refused("authority-unknown")
