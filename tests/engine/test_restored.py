"""A store brought back from a backup learns from the log what was said since, and tells nobody anything twice, or leaves it standing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing as closed
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.cli.composition import House, closing
from hub.contracts.meta import Heartbeat
from hub.engine import takeover
from hub.engine.outbox import Outgoing, unpack
from hub.engine.restored import Lesson, knows, reader
from hub.model.event import Event
from hub.settings import Settings
from tests.engine.questions import BUNDLE
from tests.engine.stories import days, opened, pass_time, promised, resolved, told
from tests.engine_harness import NOON, Engine, contracts, running


def copied(source: Path, target: Path) -> None:
    with closed(sqlite3.connect(source)) as here, closed(sqlite3.connect(target)) as there:
        here.backup(there)


@contextmanager
def brought_back(lost: Engine, folder: Path, backup: Path) -> Iterator[Engine]:
    """The hub on the backup, with the logs as the lost store left them; nothing is claimed yet."""
    store = folder / "hub/hub.sqlite"
    for end in ("", "-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)
    backup.rename(store)
    settings = Settings(folder=folder / "hub", controller="tameside")
    with closing(House(settings=settings, contracts=contracts(), views=BUNDLE)) as house:
        yield Engine(house=house, bundle=BUNDLE, serving=house.serving(BUNDLE), logs=lost.logs, now=lost.now)


def tellings(engine: Engine) -> list[tuple[Event, int]]:
    """What stands in the log of tellings, and when it was appended."""
    read = reader(contracts())
    found = [
        (read(each.value or b""), each.at_ms) for (topic, _), log in engine.logs.items() if topic == "responsibilities" for each in log
    ]
    return [(event, at_ms) for event, at_ms in found if event is not None]


def learns(engine: Engine) -> None:
    """As `hub learn`, from the logs of the harness."""
    lesson = Lesson(store=engine.house.store)
    for (topic, partition), log in engine.logs.items():
        for offset, each in enumerate(log):
            lesson.meet(Outgoing(topic, partition, each.key, each.value or b""), offset)
    for event, at_ms in tellings(engine):
        lesson.take(event, at_ms)
    lesson.end({place: len(log) for place, log in engine.logs.items()})


def on_its_way(engine: Engine) -> list[str]:
    """The topics of the records yet to be sent."""
    with engine.house.store.read() as tx:
        rows = tx.rows("SELECT records FROM outbox WHERE sent IS NULL ORDER BY stream, seq")
    return [record.topic for (blob,) in rows for record in unpack(bytes(blob))]


def goes_on(engine: Engine, day: float) -> None:
    """The hub reads its logs to their ends, the broker's day comes, and its views look whether they may speak."""
    engine.settle()
    pass_time(engine, day)
    takeover.advance(engine.serving.committer, engine.serving.worker)
    engine.settle()


@pytest.fixture
def back(tmp_path: Path) -> Iterator[Engine]:
    """A promise was in the store when it was backed up; that it was missed was told after that, and then the store was lost."""
    with running(tmp_path, "", BUNDLE) as lost:
        lost.log(opened("a"), promised("a", days(1)))
        lost.settle()
        copied(tmp_path / "hub/hub.sqlite", tmp_path / "backup")
        pass_time(lost, 2)
        lost.now = days(2)
        lost.settle()
    assert told(lost) == ["ResponsibilityTransferred"]
    with brought_back(lost, tmp_path, tmp_path / "backup") as engine:
        yield engine


def test_a_store_that_does_not_know_what_it_told_is_noticed(back: Engine) -> None:
    ((event, _),) = tellings(back)
    with back.house.store.read() as tx:
        assert not knows(tx, event)
    learns(back)
    with back.house.store.read() as tx:
        assert knows(tx, event)


def test_learning_that_was_broken_off_is_no_knowledge(back: Engine) -> None:
    ((event, at_ms),) = tellings(back)
    lesson = Lesson(store=back.house.store)
    lesson.take(event, at_ms)
    with back.house.store.write() as tx:
        lesson._keep(tx)
        assert not knows(tx, event)


def test_what_was_told_is_not_told_again(back: Engine) -> None:
    learns(back)
    back.claim()
    goes_on(back, 3)
    assert told(back) == ["ResponsibilityTransferred"]


def test_nobody_hears_anything_before_the_time_has_come_that_the_lost_store_had_judged(back: Engine) -> None:
    learns(back)
    back.claim()
    goes_on(back, 0.5)
    assert told(back) == ["ResponsibilityTransferred"]
    goes_on(back, 3)
    assert told(back) == ["ResponsibilityTransferred"]


def test_what_was_told_and_holds_no_more_when_the_log_has_been_read_is_taken_back(back: Engine) -> None:
    learns(back)
    back.log(resolved("a", days(0.5)))
    back.claim()
    goes_on(back, 3)
    assert told(back) == ["ResponsibilityTransferred", "ResponsibilityTransferWithdrawn"]


def test_a_view_that_speaks_again_goes_on_as_ever(back: Engine) -> None:
    learns(back)
    back.claim()
    goes_on(back, 3)
    back.log(resolved("a", days(0.5)))
    back.settle()
    assert told(back) == ["ResponsibilityTransferred", "ResponsibilityTransferWithdrawn"]


def test_a_telling_whose_correction_has_not_gone_yet_is_known(asked: Engine) -> None:
    asked.log(promised("a", days(1)))
    asked.settle()
    pass_time(asked, 2)
    asked.relay()
    ((event, _),) = tellings(asked)
    asked.log(opened("a"))
    asked.feed()
    with asked.house.store.read() as tx:
        assert knows(tx, event)
        assert tx.rows("SELECT 1 FROM outbox WHERE sent IS NULL")


def test_a_heartbeat_of_the_lost_store_is_noticed_and_its_number_never_used_again(back: Engine) -> None:
    beat = Heartbeat(occurred_at=NOON, instance_id="hub", beat=7)
    with back.house.store.read() as tx:
        assert not knows(tx, beat)
    lesson = Lesson(store=back.house.store)
    lesson.take(beat, 0)
    lesson.end({})
    with back.house.store.read() as tx:
        assert knows(tx, beat)
        assert not knows(tx, Heartbeat(occurred_at=NOON, instance_id="hub", beat=8))


def test_what_was_on_its_way_in_the_backup_and_stands_in_the_log_is_not_sent_after_what_followed_it(tmp_path: Path) -> None:
    with running(tmp_path, "", BUNDLE) as lost:
        lost.log(opened("a"), promised("a", days(1)))
        lost.settle()
        pass_time(lost, 2)  # the promise is missed: that is decided, and not sent yet
        copied(tmp_path / "hub/hub.sqlite", tmp_path / "backup")
        lost.settle()
    with brought_back(lost, tmp_path, tmp_path / "backup") as engine:
        assert on_its_way(engine) == ["responsibilities"]
        learns(engine)
        assert on_its_way(engine) == []


def test_what_was_on_its_way_in_the_backup_and_never_came_to_the_log_is_sent(tmp_path: Path) -> None:
    with running(tmp_path, "", BUNDLE) as lost:
        lost.log(opened("a"), promised("a", days(1)))
        lost.settle()
        pass_time(lost, 2)
        copied(tmp_path / "hub/hub.sqlite", tmp_path / "backup")
    with brought_back(lost, tmp_path, tmp_path / "backup") as engine:
        learns(engine)
        assert on_its_way(engine) == ["responsibilities"]
