"""What every connector keeps to: one suite of laws, run by pytest over a world of the connector's own making.

    class TestMine(ConnectorLaws):
        def world(self, folder: Path) -> World: ...        # what was recorded, and what can befall it

Each law reads the source through a courier's eyes; those about repeats and bad records go through a real courier onto a real store.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hub.connect.courier import Courier
from hub.contracts.rejections import Rejection
from hub.engine.failpoints import NO_FAILPOINTS
from hub.engine.migrations import upgrade
from hub.engine.outbox import Outgoing
from hub.engine.sqlite import SqliteStore
from hub.model.connector import Page, Said, Source
from hub.model.errors import Misconfigured, Rejected, Unavailable
from hub.model.event import Event
from hub.privacy.ids import IdMaker

MOST_RECORDS = 10_000
"""What one page may hold: the hub asks for no more while that much of a source waits for Kafka."""
SKEW = timedelta(days=2)
"""How far a source's clock may be off, either way."""
_SECRET = bytes(32)


class World(ABC):
    """The outside of one connector as it was recorded, and what can befall it."""

    now: datetime
    secrets: tuple[str, ...] = ()
    """Values that no cursor, refusal, trouble, log line or description of the source may hold: its credentials, and a name it tells."""
    stops_when_spoilt = False
    """Whether what cannot be read stops the source until a person has seen to it, instead of being set aside."""

    lies_here = False
    """Whether what is read lies in the courier's own store, so that the source cannot be down by itself."""

    @abstractmethod
    def source(self, now: datetime) -> AbstractAsyncContextManager[Source]:
        """The source, made anew, in a process whose clock says `now`."""

    @abstractmethod
    def spoil(self) -> None:
        """Beside what was recorded stands now a record that nobody can read."""

    @abstractmethod
    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        """Three ways for the source to be down, each over when its context ends; none where it lies here."""


@dataclass(slots=True, kw_only=True)
class Heard:
    """What one reading brought."""

    pages: list[Page] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def facts(self) -> set[str]:
        """Every fact by its local id and what was said."""
        return {f"{one.local_id} {one.version} {one.event!r}" for one in self.said}


class ConnectorLaws(ABC):
    """The laws; a subclass named Test… says which world they are held to."""

    @abstractmethod
    def world(self, folder: Path) -> World:
        """A world of its own in this empty folder."""

    def test_what_was_recorded_is_said_and_nothing_of_it_is_refused(self, tmp_path: Path) -> None:
        """Recorded payloads."""
        heard = _heard(self.world(tmp_path))
        assert heard.said
        assert (heard.refused, [bad.code for page in heard.pages for bad in page.rejected]) == ([], [])

    def test_reading_resumed_from_any_cursor_brings_what_is_left(self, tmp_path: Path) -> None:
        """Restart from any cursor, also from one that nobody can read."""
        world = self.world(tmp_path)
        whole, before = _heard(world), set[str]()
        for page in whole.pages[:-1]:
            before |= _translated(world, page).facts
            assert before | _heard(world, page.cursor).facts == whole.facts
        assert _heard(world, "from another age").facts == whole.facts

    def test_what_is_delivered_again_is_no_event(self, tmp_path: Path) -> None:
        """Duplicate delivery: every page comes twice."""
        world = self.world(tmp_path)
        with _desk(tmp_path / "store.sqlite") as desk:
            asyncio.run(_carried(world, desk, twice=True))
        assert desk.events
        assert desk.again <= {event.event_id for event in desk.events}

    def test_a_record_that_nobody_can_read_is_set_aside_with_its_reason_and_the_others_are_said(self, tmp_path: Path) -> None:
        """Bad record."""
        world = self.world(tmp_path)
        whole = _heard(world).facts
        world.spoil()
        with _desk(tmp_path / "store.sqlite") as desk:
            if world.stops_when_spoilt:
                assert _raised(lambda: asyncio.run(_carried(world, desk))) is Misconfigured
                return
            asyncio.run(_carried(world, desk))
            codes = desk.quarantined()
        assert codes
        assert codes <= {code.value for code in Rejection}
        assert len({event.event_id for event in desk.events}) >= len(whole)

    def test_a_source_that_is_down_is_waited_for_and_nothing_is_lost(self, tmp_path: Path) -> None:
        """Down three ways: each is an outage, and the same cursor brings the same afterwards."""
        world = self.world(tmp_path)
        whole, troubles = _heard(world).facts, world.troubles()
        assert len(troubles) >= (0 if world.lies_here else 3)
        for trouble in troubles:
            with trouble:
                assert _raised(lambda: _heard(world)) is Unavailable
            assert _heard(world).facts == whole

    def test_no_secret_is_ever_shown(self, tmp_path: Path, caplog: Any) -> None:
        """Not where the source is described, in no cursor, no refusal, no trouble, no line of any log."""
        world = self.world(tmp_path)
        assert world.secrets
        shown: list[str] = []
        with caplog.at_level(logging.DEBUG):
            asyncio.run(_described(world, shown))
            for trouble in world.troubles():
                with trouble:
                    shown.append(_message(lambda: _heard(world)))
            world.spoil()
            heard = Heard() if world.stops_when_spoilt else _heard(world)
        shown += [page.cursor or "" for page in heard.pages] + heard.refused + [one.local_id for one in heard.said] + [caplog.text]
        assert [secret for secret in world.secrets if any(secret in text for text in shown)] == []

    def test_a_page_has_an_end_and_waits_to_be_asked_for(self, tmp_path: Path) -> None:
        """Back-pressure: nothing is read on by itself, and the same cursor brings the same page."""
        world = self.world(tmp_path)
        heard = _heard(world)
        assert max(len(page.records) + len(page.rejected) for page in heard.pages) <= MOST_RECORDS
        assert [page.more for page in heard.pages][-1] is False
        assert _heard(world, pages=1).facts == _heard(world, pages=1).facts <= heard.facts

    def test_a_clock_that_is_days_off_loses_nothing(self, tmp_path: Path) -> None:
        """Clock skew."""
        world = self.world(tmp_path)
        whole = _heard(world).facts
        for off in (-SKEW, SKEW):
            assert _heard(world, now=world.now + off).facts == whole


def _heard(world: World, cursor: str | None = None, *, now: datetime | None = None, pages: int = 100_000) -> Heard:
    return asyncio.run(_read(world, cursor, now or world.now, pages))


def _translated(world: World, page: Page) -> Heard:
    async def translate() -> Heard:
        heard = Heard()
        async with world.source(world.now) as source:
            _take(source, page, heard)
        return heard

    return asyncio.run(translate())


async def _read(world: World, cursor: str | None, now: datetime, pages: int) -> Heard:
    heard = Heard()
    async with world.source(now) as source:
        while not heard.pages or (heard.pages[-1].more and len(heard.pages) < pages):
            _take(source, await source.poll(heard.pages[-1].cursor if heard.pages else cursor), heard)
    return heard


def _take(source: Source, page: Page, heard: Heard) -> None:
    heard.pages.append(page)
    for record in page.records:
        try:
            heard.said += source.translate(record)
        except Rejected as refused:
            heard.refused.append(f"{source.origin(record)} {refused}")


async def _described(world: World, shown: list[str]) -> None:
    async with world.source(world.now) as source:
        shown.append(repr(source))


async def _carried(world: World, desk: "_Desk", *, twice: bool = False) -> None:
    async with world.source(world.now) as source:
        courier, more = desk.courier(source), True
        while more:
            since = courier.cursor()
            more = await courier.round()
            if twice:
                desk.once_more(courier, since, await source.poll(since))


def _raised(act: Callable[[], object]) -> type[Exception] | None:
    try:
        act()
    except (Unavailable, Misconfigured) as error:
        return type(error)
    return None


def _message(act: Callable[[], object]) -> str:
    try:
        act()
    except (Unavailable, Misconfigured) as error:
        return repr(error)
    return ""


@dataclass(slots=True, kw_only=True)
class _Desk:
    """A courier's surroundings on a store of its own; what would go to Kafka is kept in a list."""

    store: SqliteStore
    events: list[Event] = field(default_factory=list)
    again: set[str] = field(default_factory=set)
    """The ids of what was said of pages that came a second time."""

    def courier(self, source: Source) -> Courier:
        return Courier(
            source=source, store=self.store, ids=IdMaker(_SECRET), digest_key=_SECRET, encode=self._encode,
            seal_original=lambda *_: b"", holder="laws", failpoints=NO_FAILPOINTS, alone=True,
        )  # fmt: skip

    def _encode(self, events: Sequence[Event]) -> list[Outgoing]:
        self.events += events
        return []

    def once_more(self, courier: Courier, since: str | None, page: Page) -> None:
        """The page that was just carried is carried again, as after a crash before anybody knew that it was."""
        before, moved = len(self.events), courier.cursor()
        with self.store.write() as tx:
            tx.run("UPDATE cursor SET cursor = ?", (since,))
        courier.carry(page, since)
        assert courier.cursor() == moved
        self.again |= {event.event_id for event in self.events[before:]}
        del self.events[before:]

    def quarantined(self) -> set[str]:
        with self.store.read() as tx:
            return {code for (code,) in tx.rows("SELECT code FROM quarantine")}


@cache
def _empty_store() -> bytes:
    """A store of this release with nothing in it, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@contextmanager
def _desk(path: Path) -> Iterator[_Desk]:
    path.write_bytes(_empty_store())
    store = SqliteStore(path)
    try:
        yield _Desk(store=store)
    finally:
        store.close()
