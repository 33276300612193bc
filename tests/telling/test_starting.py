"""What is said at a desk: whoever should know is told, a death only with the certificate's birth date; and what is still to be done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from hub.cli.desk import starting, tracker
from hub.contracts.life_event_words import Informant
from hub.contracts.notification_words import NoticeRejection, Outcome
from hub.sharing.agreement import LifeEventKind
from hub.telling.starting import AnotherBirthDate, KnownAlready, Spoken, UnknownRecord
from hub.telling.tasks import Status
from tests.telling.desk import ACCOUNT, DEAD, LIFE_EVENT, MONDAY, Desk, died, moved
from tests.view.town import BORN, linked

DAY = date(2026, 11, 20)


def spoken(kind: LifeEventKind, **more: Any) -> Spoken:
    said: dict[str, Any] = {"kind": kind, "party": ACCOUNT, "on": DAY}
    if kind is LifeEventKind.BEREAVEMENT:
        said |= {"informant": Informant.RELATIVE, "registration": "900000017", "born": date.fromisoformat(BORN)}
    return Spoken(**(said | more))


def start(council: Desk, said: Spoken, once: str = "once") -> str:
    found = starting(council.engine.house).start(said, once)
    council.town.settle()
    council.carry()
    return found


def test_a_move_that_is_said_at_a_desk_is_told_to_whoever_should_know(council: Desk) -> None:
    life_event = start(council, spoken(LifeEventKind.MOVE, to_address="1 New Street, QX4 8AA", to_uprn="100000000002"))
    (notice,) = council.boxes["council-tax"].got
    assert (notice.life_event_id, notice.values["to_address"]) == (life_event, "1 New Street, QX4 8AA")


def test_the_same_form_sent_twice_tells_once(council: Desk) -> None:
    for _ in range(2):
        start(council, spoken(LifeEventKind.UNEMPLOYMENT))
    council.later(hours=2)
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL")]


def test_two_desks_at_once_both_say_what_they_have_to(council: Desk) -> None:
    said = [spoken(LifeEventKind.MOVE, on=date(2026, 11, day), to_address="1 New Street") for day in range(1, 9)]
    with ThreadPoolExecutor(4) as desks:
        found = set(desks.map(lambda each: starting(council.engine.house).start(each, "once"), said))
    assert (len(found), council.engine.relay()) == (8, 16), "each with the services offered with it"


def test_a_death_is_told_with_its_certificate_and_silences_whoever_would_write(council: Desk) -> None:
    council.town.say(linked(ACCOUNT, f"c-{ACCOUNT}"))
    start(council, spoken(LifeEventKind.BEREAVEMENT))
    (notice,) = council.boxes["council-tax"].got
    assert (notice.instruction.value, notice.values["died"]) == ("TELL", "2026-11-20")
    assert tracker(council.engine.house).ledger.silence(f"c-{ACCOUNT}") is not None


@pytest.mark.parametrize("born", [None, date(1954, 3, 22)])
def test_nobody_is_told_of_a_death_where_the_certificate_is_of_somebody_born_on_another_day(council: Desk, born: date | None) -> None:
    with pytest.raises(AnotherBirthDate):
        start(council, spoken(LifeEventKind.BEREAVEMENT, born=born))
    assert all(box.got == [] for box in council.boxes.values())


def test_a_death_that_the_registrar_told_of_is_not_told_of_again_at_a_desk(council: Desk) -> None:
    council.town.say(linked(ACCOUNT, f"c-{ACCOUNT}"), linked(DEAD, f"c-{ACCOUNT}"))
    council.say(died())
    council.carry()
    with pytest.raises(KnownAlready):
        start(council, spoken(LifeEventKind.BEREAVEMENT))
    assert council.boxes["council-tax"].instructions == [(1, "TELL")]


def test_a_record_that_no_source_speaks_of_has_no_life_events(council: Desk) -> None:
    with pytest.raises(UnknownRecord):
        start(council, spoken(LifeEventKind.MOVE, party="nobody"))


def test_a_death_that_was_said_by_mistake_is_taken_back_at_once(council: Desk) -> None:
    council.town.say(linked(ACCOUNT, f"c-{ACCOUNT}"))
    life_event, house = start(council, spoken(LifeEventKind.BEREAVEMENT)), council.engine.house
    followed = tracker(house).one(life_event, MONDAY)
    assert followed is not None
    assert followed.at_desk
    starting(house).take_back(life_event, followed.subject, "again")
    council.town.settle()
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL"), (2, "WITHDRAW")]
    assert tracker(house).ledger.silence(f"c-{ACCOUNT}") is None
    after = tracker(house).one(life_event, MONDAY)
    assert after is not None
    assert not after.at_desk


def statuses(council: Desk) -> dict[str, Status]:
    followed = tracker(council.engine.house).one(LIFE_EVENT, council.engine.now)
    assert followed is not None
    return {each.agreement: each.why.status for each in followed.tasks}


def needing(council: Desk) -> bool:
    """What the list says; it must be what the tasks say."""
    listed = bool(tracker(council.engine.house).needing(10, council.engine.now))
    assert listed == bool({Status.NEEDS_YOU, Status.RETRYING} & set(statuses(council).values()))
    return listed


def test_a_task_waits_until_it_is_done_and_says_by_when_in_working_days(council: Desk) -> None:
    council.say(died())
    council.carry()
    followed = tracker(council.engine.house).one(LIFE_EVENT, council.engine.now)
    assert followed is not None
    (waiting,) = (each for each in followed.tasks if each.agreement == "council-tax")
    assert (waiting.why.status, waiting.name) == (Status.WAITING, "Council tax")
    assert (waiting.answer_due, waiting.due, waiting.days_left) == (date(2026, 11, 24), date(2026, 11, 30), 5)
    assert waiting.told == ("name", "born", "died", "last_address")
    assert [each.words for each in waiting.history] == ["It was decided to tell them.", "It was sent."]
    assert statuses(council)["dwp"] is Status.ELSEWHERE
    assert statuses(council)["housing"] is Status.NOT_NEEDED
    council.answer("council-tax", Outcome.ACTIONED)
    assert statuses(council)["council-tax"] is Status.COMPLETED


def test_days_that_are_late_count_below_zero_and_who_stays_silent_needs_somebody(council: Desk) -> None:
    council.say(died())
    council.carry()
    assert not needing(council)
    for _ in range(10):
        council.later(days=1)
    followed = tracker(council.engine.house).one(LIFE_EVENT, council.engine.now)
    assert followed is not None
    assert next(each.days_left for each in followed.tasks if each.agreement == "council-tax") == -3
    assert needing(council)


def test_what_cannot_leave_is_said_to_be_tried_again_and_is_not_before_its_time(council: Desk) -> None:
    council.boxes["council-tax"].shut = True
    council.say(died())
    council.carry()
    assert (statuses(council)["council-tax"], needing(council)) == (Status.WAITING, False)
    council.later(minutes=20)
    assert (statuses(council)["council-tax"], needing(council)) == (Status.RETRYING, True)


def test_a_doubtful_record_needs_somebody(council: Desk) -> None:
    council.set(ACCOUNT, DEAD, proved=())
    council.say(died())
    assert (statuses(council)["council-tax"], needing(council)) == (Status.NEEDS_YOU, True)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (NoticeRejection.ALREADY_KNOWN, Status.COMPLETED),
        (NoticeRejection.NOT_OURS, Status.NOT_NEEDED),
        (NoticeRejection.UNKNOWN_REFERENCE, Status.NEEDS_YOU),
    ],
)
def test_a_refusal_needs_somebody_unless_it_settles_the_matter(council: Desk, reason: NoticeRejection, status: Status) -> None:
    council.say(died())
    council.carry()
    council.answer("council-tax", Outcome.REJECTED, reason=reason)
    assert statuses(council)["council-tax"] is status
    assert needing(council) == (status is Status.NEEDS_YOU)


def test_what_was_acted_on_and_is_taken_back_needs_somebody_until_it_is_undone(council: Desk) -> None:
    life_event = start(council, spoken(LifeEventKind.BEREAVEMENT))
    council.answer("council-tax", Outcome.ACTIONED)
    starting(council.engine.house).take_back(life_event, ACCOUNT, "again")
    council.town.settle()
    council.carry()
    assert len(tracker(council.engine.house).needing(10, council.engine.now)) == 1
    council.answer("council-tax", Outcome.ACTIONED)
    assert tracker(council.engine.house).needing(10, council.engine.now) == []


def test_a_person_has_the_life_events_of_their_own_records_only(council: Desk) -> None:
    council.say(moved(ACCOUNT), source="front-office")
    council.carry()
    assert [each.life_event_id for each in tracker(council.engine.house).of([ACCOUNT], MONDAY)] == [LIFE_EVENT]
    assert tracker(council.engine.house).of([DEAD, "nobody"], MONDAY) == []
