"""A later version serves once it has all that the old one had, and nobody is told twice for it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hub.contracts.partitioning import partition_of
from hub.contracts.responsibilities import ResponsibilityTransferred
from hub.contracts.vocabulary import TransferMethod
from hub.engine import catalogue, takeover
from hub.engine.bundle import Bundle, Reader
from hub.model.errors import Misconfigured
from hub.model.event import Event
from hub.model.projection import Effect, Projection
from tests.engine.questions import COUNT, PROMISE, Promise
from tests.engine.stories import days, opened, pass_time, promised, status, told
from tests.engine_harness import Engine, begin, running


def second(**changes: object) -> Projection[Promise]:
    """The promise question in its second version, some of it changed."""
    return replace(PROMISE, version=2, **changes)  # type: ignore[arg-type]  # fields by name


def rebuilt(engine: Engine, projection: Projection[Promise]) -> Engine:
    """A bundle of its own for the new version, fed everything the old one had."""
    ends = {place: len(log) for place, log in engine.logs.items()}
    new = begin(engine.house, Bundle(name="promise-2", projections=(projection,)), ends)
    new.logs = engine.logs
    new.claim()
    new.settle()
    return new


def takes_over(engine: Engine) -> None:
    engine.serving.worker.takeover_tries.clear()
    takeover.advance(engine.serving.committer, engine.serving.worker)


def versions(engine: Engine) -> dict[int, str]:
    return {row["version"]: row["state"] for row in catalogue.listing(engine.house.store) if row["projection"] == "promise"}


def test_a_version_that_says_the_same_takes_over_without_a_word(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.relay()
    new = rebuilt(asked, second())
    takes_over(new)
    new.settle()
    assert versions(asked) == {1: "retired", 2: "live"}
    assert told(asked) == ["ResponsibilityTransferred"]


def test_a_version_that_says_otherwise_waits_until_its_plan_is_released(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.relay()
    new = rebuilt(asked, second(wanted=lambda _facts, _as_of: {}))
    takes_over(new)
    assert versions(asked)[2] == "building"
    with asked.house.store.write() as tx:
        assert [row["action"] for row in takeover.plan(tx, "promise")] == ["withdraw"]
        assert takeover.release(tx, "promise") == 1
    takes_over(new)
    new.relay()
    assert versions(asked) == {1: "retired", 2: "live"}
    assert told(asked) == ["ResponsibilityTransferred", "ResponsibilityTransferWithdrawn"]


def test_a_version_under_construction_tells_nobody_anything(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    rebuilt(asked, second())
    assert told(asked) == ["ResponsibilityTransferred"]


def twice(facts: Promise, as_of: datetime) -> dict[Effect, Event]:
    """The escalation under two other names."""
    found = PROMISE.wanted(facts, as_of)
    return {Effect(kind, effect.about): event for effect, event in found.items() for kind in ("boss", "deputy")}


def release(engine: Engine, kind: str) -> None:
    with engine.house.store.write() as tx:
        assert takeover.release(tx, "promise", kind) == 1


def test_nothing_of_a_plan_is_told_before_all_of_it_may_be(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    new = rebuilt(asked, second(wanted=twice))
    pass_time(asked, 2)
    asked.relay()
    takes_over(new)
    release(asked, "boss")
    takes_over(new)
    new.relay()
    assert told(asked) == ["ResponsibilityTransferred"]
    release(asked, "deputy")
    release(asked, "escalated")
    takes_over(new)
    new.relay()
    assert told(asked) == ["ResponsibilityTransferred"] * 3 + ["ResponsibilityTransferWithdrawn"]


def test_what_came_up_after_the_plan_goes_with_its_kind(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.relay()
    new = rebuilt(asked, second(wanted=lambda _facts, _as_of: {}))
    takes_over(new)
    release(asked, "escalated")
    neighbour = next(name for name in map(str, range(1000)) if partition_of(name, 12) == partition_of("a", 12))
    asked.log(opened(neighbour), promised(neighbour, days(1)))
    asked.settle()
    new.settle()
    takes_over(new)
    new.relay()
    assert versions(asked) == {1: "retired", 2: "live"}
    assert told(asked) == ["ResponsibilityTransferred"] * 2 + ["ResponsibilityTransferWithdrawn"] * 2


def test_it_waits_until_what_the_old_version_decided_has_been_sent(asked: Engine) -> None:
    asked.log(opened("a"), promised("a", days(1)))
    asked.settle()
    new = rebuilt(asked, second())
    pass_time(asked, 2)
    takes_over(new)
    assert versions(asked)[2] == "building"
    asked.relay()
    takes_over(new)
    assert versions(asked) == {1: "retired", 2: "live"}


def reminded(facts: Promise, as_of: datetime) -> dict[Effect, Event]:
    """Escalated when the date passes, and again a day later."""
    if facts.due is None:
        return {}
    return {
        Effect("escalated", at): ResponsibilityTransferred(
            occurred_at=at, case_id=facts.case_id, at=at, to_team="manager", method=TransferMethod.ASSIGNED
        )
        for at in (facts.due, facts.due + timedelta(days=1))
        if as_of >= at
    }


def reminder_due(facts: Promise, as_of: datetime) -> datetime | None:
    ahead = [] if facts.due is None else [at for at in (facts.due, facts.due + timedelta(days=1)) if at > as_of]
    return min(ahead, default=None)


def test_instants_that_passed_under_the_old_version_are_not_judged_again_under_the_new_one(tmp_path: Path, store_dsn: str) -> None:
    first = replace(PROMISE, wanted=reminded, due=reminder_due)
    with running(tmp_path, store_dsn, Bundle(name="reminders", projections=(first,))) as asked:
        asked.log(opened("a"), promised("a", days(1)))
        asked.settle()
        pass_time(asked, 5)
        asked.relay()
        new = rebuilt(asked, replace(first, version=2))
        takes_over(new)
        pass_time(new, 6)
        new.relay()
        assert versions(asked) == {1: "retired", 2: "live"}
        assert told(asked) == ["ResponsibilityTransferred"] * 2


def test_a_version_that_took_over_goes_on_telling_after_trouble_with_the_store(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    new = rebuilt(asked, second())
    takes_over(new)
    new.serving.worker.doubt(new.serving.worker.holdings)
    new.log(promised("a", days(1)))
    new.settle()
    pass_time(new, 2)
    new.relay()
    assert told(new) == ["ResponsibilityTransferred"]


def test_only_a_retired_version_can_be_dropped(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    takes_over(rebuilt(asked, second()))
    with asked.house.store.write() as tx:
        takeover.drop_rows(tx, "promise", 1)
    with asked.house.store.write() as tx, pytest.raises(Misconfigured, match="promise version 2: is not retired"):
        takeover.drop_rows(tx, "promise", 2)
    assert versions(asked) == {2: "live"}


def test_the_old_version_cannot_write_once_the_new_one_serves(asked: Engine) -> None:
    asked.log(opened("a"))
    asked.settle()
    takes_over(rebuilt(asked, second()))
    asked.log(status("a", "late for the old one"))
    assert asked.feed().lost


def test_an_unknown_version_is_refused_at_start(asked: Engine) -> None:
    with pytest.raises(Exception, match="promise version 2"):
        catalogue.check(asked.house.store, Bundle(name="x", projections=(second(),)), 12, {})


def test_changed_code_under_an_old_version_is_refused_at_start(asked: Engine) -> None:
    with pytest.raises(Exception, match="its code or policies changed"):
        catalogue.check(asked.house.store, Bundle(name="x", projections=(COUNT,)), 12, {"count": "something else"})


def test_a_reader_begins_where_its_rows_begin(asked: Engine) -> None:
    with asked.house.store.read() as tx:
        rows = tx.rows("SELECT DISTINCT reader, version, next FROM inbox ORDER BY reader")
    assert [(Reader(name, version), at) for name, version, at in rows] == [(Reader("count", 1), 0), (Reader("promise", 1), 0)]
