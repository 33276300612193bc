"""What the outbox remembers, held against a log that is whole, cut, cut and grown again, made anew, or shortened by its retention."""

from hub.engine.reconcile import Finding, Log, Repair, compare
from hub.engine.written import GONE, Written

PLACE = ("cases", 3)
WRITTEN = [Written("views/3", seq, 0, 100 + seq, seq) for seq in range(5)]
"""Five rows of one record each, which came to stand at 100 to 104; the checksum of each is its number."""


def compared(log: Log, *, anew: bool = False) -> Repair:
    repair = Repair()
    compare(PLACE, WRITTEN, log, repair, anew=anew)
    return repair


def log(marks: dict[int, int], low: int = 0) -> Log:
    return Log(low, max(marks, default=low - 1) + 1, marks)


def test_a_log_that_has_everything_needs_nothing() -> None:
    assert compared(log({100: 0, 101: 1, 102: 2, 103: 3, 104: 4, 105: 77})).findings == []


def test_a_tail_that_was_lost_is_sent_again_in_order_and_read_again_from_its_cut() -> None:
    repair = compared(log({100: 0, 101: 1, 102: 2}))
    assert repair.findings == [Finding(topic="cases", partition=3, parted_at=103, missing=2, again=2)]
    assert repair.again == WRITTEN[3:]
    assert repair.moved == {("views/3", 3): {0: GONE}, ("views/3", 4): {0: GONE}}


def test_a_log_that_was_cut_and_grew_again_is_read_again_from_where_the_two_part() -> None:
    repair = compared(log({100: 0, 101: 1, 102: 2, 103: 88, 104: 3}))
    assert repair.findings == [Finding(topic="cases", partition=3, parted_at=103, missing=1, again=1)]
    assert repair.moved == {("views/3", 3): {0: 104}, ("views/3", 4): {0: GONE}}


def test_a_topic_made_anew_is_read_from_its_beginning_though_it_has_grown_past_the_old_one() -> None:
    repair = compared(log({offset: 1000 + offset for offset in range(200)}), anew=True)
    assert repair.findings == [Finding(topic="cases", partition=3, parted_at=0, missing=5, again=5)]


def test_a_topic_copied_record_by_record_is_read_again_and_nothing_is_sent_twice() -> None:
    repair = compared(log({100: 0, 101: 1, 102: 2, 103: 3, 104: 4}), anew=True)
    assert repair.findings == [Finding(topic="cases", partition=3, parted_at=0, missing=0, again=0)]
    assert repair.again == []


def test_what_the_retention_of_a_topic_let_go_is_not_sent_to_partners_again() -> None:
    assert compared(log({103: 3, 104: 4}, low=103)).findings == []
    assert compared(log({}, low=300)).findings == []
