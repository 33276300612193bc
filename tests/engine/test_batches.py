"""One batch: what is applied is applied once, whole, in order, by its owner; everything else is set aside and counted."""

from pathlib import Path

import pytest

from hub.contracts.dead_letters import DeadLettered
from hub.contracts.limits import MAX_FRAME
from hub.contracts.partitioning import partition_of
from hub.engine.backlog import CAREFUL_POLLS, HOLD_RECORDS, Backlog
from hub.engine.bundle import Fetched
from hub.engine.outbox import ROW_SIZE, Outgoing, enqueue, unpack, unsent
from hub.engine.ownership import resume
from hub.model.errors import Unavailable
from tests.engine.questions import BUNDLE
from tests.engine.stories import counts, days, dead, inbox_sums, opened, promised, resolved, status, told
from tests.engine_harness import Engine, contracts, running
from tests.services.postgresql import outage


def place_of(engine: Engine, case: str) -> tuple[str, int]:
    """The partition in which a case lies."""
    return next(place for place, log in engine.logs.items() if any(record.key == case.encode() for record in log))


def test_a_case_told_of_once_is_folded_once(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "looked at"))
    asked.feed()
    assert counts(asked) == {"a": 2}


def test_a_batch_delivered_again_changes_nothing(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "looked at"))
    batch = asked.fetched(place_of(asked, "a"))
    asked.serving.worker.process([batch], asked.now)
    asked.serving.worker.process([batch], asked.now)
    assert counts(asked) == {"a": 2}


def test_a_batch_that_overlaps_the_last_is_trimmed(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.feed()
    asked.log(status("a", "looked at"))
    place = place_of(asked, "a")
    asked.positions[place] = 0
    asked.feed()
    assert counts(asked) == {"a": 2}


def test_a_hole_is_refused_and_the_feeder_sent_back(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "looked at"))
    whole = asked.fetched(place_of(asked, "a"))
    beyond = whole._replace(start=1, records=whole.records[1:])
    outcome = asked.serving.worker.process([beyond], asked.now)
    assert outcome.seek == {(whole.topic, whole.partition): 0}
    assert counts(asked) == {}


def test_what_an_older_owner_still_has_in_hand_does_not_commit(asked: Engine) -> None:
    asked.log(opened("a"))
    batch = asked.fetched(place_of(asked, "a"))
    newer = asked.house.serving(asked.bundle)
    newer.worker.claim([batch.partition], asked.now)
    outcome = asked.serving.worker.process([batch], asked.now)
    assert outcome.lost == {batch.partition}
    assert counts(asked) == {}


def test_a_bug_stops_its_partition_after_what_came_before_it(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "bug"), status("a", "never seen"))
    outcome = asked.feed()
    assert counts(asked) == {"a": 1}
    assert "ZeroDivisionError" in outcome.stopped[place_of(asked, "a")[1]]


def test_a_stop_is_honoured_by_the_next_owner_until_somebody_resumes(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "bug"))
    asked.feed()
    partition = place_of(asked, "a")[1]
    assert (("cases", partition)) not in asked.serving.worker.claim([partition], asked.now)
    with asked.house.store.write() as tx:
        assert resume(tx, asked.bundle.name, [partition]) == 1
    assert ("cases", partition) in asked.serving.worker.claim([partition], asked.now)


def test_a_bug_in_one_case_leaves_other_partitions_going(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "bug"))
    asked.log(*(opened(f"other-{n}") for n in range(40)))
    asked.feed()
    elsewhere = [f"other-{n}" for n in range(40) if place_of(asked, f"other-{n}") != place_of(asked, "a")]
    assert elsewhere
    assert all(counts(asked)[case] == 1 for case in elsewhere)


def test_a_record_that_cannot_be_read_parks_its_case_and_no_other(asked: Engine) -> None:
    asked.log(opened("a"))
    topic, partition = place_of(asked, "a")
    asked.logs[topic, partition].append(asked.logs[topic, partition][0]._replace(value=b"\x00\x00\x00\x00\x01rubbish"))
    asked.log(status("a", "waits"), opened("b"))
    asked.feed()
    assert counts(asked) == {"a": 1, "b": 1}
    assert dead(asked) == [("unknown-schema", "dead")]


def test_a_fold_that_refuses_a_record_buries_it_for_every_reader(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"), opened("b"))
    asked.feed()
    assert counts(asked) == {"a": 1, "b": 1}
    assert dead(asked) == [("wrong-topic", "dead")]


@pytest.mark.parametrize("key", [None, b"\xff\xfe", b"case\x00a", b"someone-elses"])
def test_a_record_without_its_own_key_is_buried_and_parks_nothing(asked: Engine, key: bytes | None) -> None:
    asked.log(opened("a"))
    place = place_of(asked, "a")
    log = asked.logs[place]
    partition = place[1] if key != b"someone-elses" else (partition_of(key, 12) + 1) % 12
    asked.logs.setdefault(("cases", partition), []).append(log[0]._replace(key=key))
    asked.log(status("a", "goes on"))
    asked.feed()
    assert counts(asked) == {"a": 2}
    assert len(dead(asked)) == 1


def test_what_was_consumed_is_accounted_for(asked: Engine) -> None:
    asked.log(opened("a"), opened("b"), status("a", "impossible"), status("a", "waits"), status("b", "done"))
    asked.feed()
    sums = inbox_sums(asked)
    assert sums.pop("consumed") == sum(sums.values()) == 10


def test_fifty_unreadable_records_in_a_row_stop_the_partition_there(asked: Engine) -> None:
    asked.log(opened("a"))
    place = place_of(asked, "a")
    asked.logs[place] += [asked.logs[place][0]._replace(key=None)] * 80
    outcome = asked.feed()
    assert "breaker" in outcome.stopped[place[1]]
    assert len(dead(asked)) == 50


def test_polls_held_together_end_where_polls_committed_one_by_one_do(asked: Engine) -> None:
    worker = asked.serving.worker
    asked.log(*(opened(f"case-{n}") for n in range(20)))
    for place in list(asked.positions):
        if place in asked.logs:
            worker.process([asked.fetched(place)], asked.now, hold=True)
    assert counts(asked) == {}
    worker.process([], asked.now)
    assert len(counts(asked)) == 20


def test_a_full_memory_ends_a_hold(asked: Engine) -> None:
    worker = asked.serving.worker
    worker._cache_rows = 5
    asked.log(*(opened(f"case-{n}") for n in range(40)))
    places = [place for place in asked.positions if place in asked.logs]
    for place in places:
        worker.process([asked.fetched(place)], asked.now, hold=True)
    assert counts(asked)
    assert worker.holds < 40


def test_a_reader_far_behind_holds_full_polls_only_and_not_for_ever() -> None:
    backlog = Backlog(full=5000)
    assert not backlog.may_hold(4999, 0)
    assert backlog.may_hold(5000, 0)
    assert not backlog.may_hold(5000, HOLD_RECORDS)
    backlog.beware()
    assert [backlog.may_hold(5000, 0) for _ in range(CAREFUL_POLLS)].index(True) == CAREFUL_POLLS - 1


def test_what_a_long_hold_sends_on_lies_in_rows_of_bounded_size_in_its_order(asked: Engine) -> None:
    records = [Outgoing("notes", 0, b"k", b"%d" % n) for n in range(2 * ROW_SIZE + 1)]
    store = asked.house.store
    with store.write() as tx:
        assert enqueue(tx, "somebody", 7, records, asked.now, store.dialect) == 9
    with store.read() as tx:
        rows = tx.rows("SELECT seq, count, records FROM outbox WHERE stream = 'somebody' ORDER BY seq")
    assert [(seq, count) for seq, count, _ in rows] == [(7, ROW_SIZE), (8, ROW_SIZE), (9, 1)]
    assert [record for _, _, blob in rows for record in unpack(bytes(blob))] == records


def test_the_relay_takes_no_more_rows_at_once_than_have_so_many_records_but_always_the_first(asked: Engine) -> None:
    records, store = [Outgoing("notes", 0, b"k", b"%d" % n) for n in range(2 * ROW_SIZE + 1)], asked.house.store
    with store.write() as tx:
        enqueue(tx, "somebody", 7, records, asked.now, store.dialect)
        taken = {most: [batch.seq for batch in unsent(tx, "somebody", 64, most)] for most in (1, 2 * ROW_SIZE, 2 * ROW_SIZE + 1)}
        assert taken == {1: [7], 2 * ROW_SIZE: [7, 8], 2 * ROW_SIZE + 1: [7, 8, 9]}
        assert [batch.seq for batch in unsent(tx, "somebody", 2, len(records))] == [7, 8]
        assert unsent(tx, "nobody", 64, 1) == []


def test_trouble_while_polls_are_held_sends_the_feeder_back_to_the_last_commit(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"))
    outcome = asked.serving.worker.process([asked.fetched(place_of(asked, "a"))], asked.now, hold=True)
    assert outcome.careful
    assert outcome.seek[place_of(asked, "a")] == 0
    assert counts(asked) == {}


def test_an_empty_fetch_moves_the_position_over_what_is_no_record(asked: Engine) -> None:
    asked.log(opened("a"))
    topic, partition = place_of(asked, "a")
    asked.feed()
    asked.serving.worker.process([Fetched(topic, partition, 1, [], 3, 0)], asked.now)
    assert asked.serving.worker.claim([partition], asked.now)[topic, partition] == 3


def test_a_promise_that_passed_before_it_was_known_is_told_at_once_when_time_is_known(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    assert told(asked) == []
    asked.log(resolved("a", days(0.5)))
    asked.settle()
    assert told(asked) == []


def test_a_dead_letter_is_announced_on_its_topic_s_own_dead_letter_topic(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"))
    asked.settle()
    (record,) = [record for (topic, _), log in asked.logs.items() if topic == "cases-dlq" for record in log]
    event = contracts().decoder()(record.value or b"")
    assert isinstance(event, DeadLettered)
    assert (event.code, event.origin_topic, event.reader) == ("wrong-topic", "cases", "questions")


def test_what_waits_behind_a_record_that_is_to_be_skipped_still_waits_after_a_new_claim(asked: Engine) -> None:
    asked.log(opened("a"), status("a", "impossible"))
    asked.feed()
    with asked.house.store.write() as tx:
        tx.run("UPDATE dead_letter SET state = 'skip'")
    asked.claim()
    asked.log(status("a", "later"))
    asked.feed()
    assert counts(asked) == {"a": 1}


def test_a_record_too_large_to_be_announced_whole_is_announced_and_kept_whole(asked: Engine) -> None:
    (record,) = asked.house.encode([opened("a")])
    huge = (record.value or b"") + bytes(MAX_FRAME)
    at = asked.append(record._replace(value=huge))
    asked.settle()
    assert dead(asked) == [("too-large", "dead")]
    (announced,) = [record for (topic, _), log in asked.logs.items() if topic == "cases-dlq" for record in log]
    event = contracts().decoder()(announced.value or b"")
    assert isinstance(event, DeadLettered)
    assert (event.code, event.original) == ("too-large", None)
    with asked.house.store.read() as tx:
        ((kept,),) = tx.rows("SELECT original FROM dead_letter")
    assert asked.house.originals.open(bytes(kept), f"cases/{record.partition}/{at}") == huge


def test_decisions_about_many_cases_are_carried_out_a_few_at_a_time_so_that_others_need_not_wait(asked: Engine) -> None:
    count = asked.house.partitions(asked.bundle)
    cases = [f"case {nth}" for nth in range(40 * count) if partition_of(f"case {nth}", count) == 0][:3]
    for case in cases:
        asked.log(opened(case), status(case, "impossible"))
    asked.feed()
    with asked.house.store.write() as tx:
        tx.run("UPDATE dead_letter SET state = 'skip'")
    for left in (2, 1, 0):
        asked.serving._drain(0, asked.serving.worker.holdings[0], asked.now, until=0.0)
        assert [state for _, state in dead(asked)].count("skip") == left


@pytest.mark.waiting
def test_a_poll_offered_again_after_an_outage_is_folded_and_counted_once(tmp_path: Path, postgresql: str) -> None:
    with running(tmp_path, postgresql, BUNDLE) as engine:
        engine.log(opened("a"))
        engine.feed()
        engine.log(status("a", "looked at"))
        with outage(postgresql), pytest.raises(Unavailable):
            engine.feed()
        engine.feed()
        sums = inbox_sums(engine)
        assert counts(engine) == {"a": 2}
        assert (sums["consumed"], sums["applied"]) == (4, 4)
