"""The laws of connectors catch the connector that breaks them: one that keeps all, and one careless in each way."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hub.connect.testing import ConnectorLaws, World
from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.model.connector import BadRecord, Page, Said, Source
from hub.model.errors import Unavailable
from tests.engine_harness import NOON

SECRET = "a-token"
Law = Callable[..., None]


class Counting(World):
    """Four records, two a page; `careless` names the law that is broken."""

    def __init__(self, careless: str = "") -> None:
        self.now, self.secrets, self.careless, self.down, self.spoilt = NOON, (SECRET,), careless, False, False
        self.polls = 0

    @asynccontextmanager
    async def source(self, now: datetime) -> AsyncIterator[Source]:
        asked: list[str | None] = []

        async def poll(cursor: str | None) -> Page:
            asked.append(cursor)
            if self.down and self.careless != "outage":
                raise Unavailable("the source" if self.careless != "secret" else f"the source of {SECRET}")
            return self._page(int(cursor) if cursor and cursor.isdigit() else 0, now, resumed=len(asked) == 1)

        yield Source(name="laws", system="laws", controller="tameside", poll=poll, translate=self._translate, origin=str)

    def _page(self, start: int, now: datetime, *, resumed: bool) -> Page:
        size = 20_000 if self.careless == "pages" else 2
        first = start + 1 if self.careless == "resumed" and resumed and start else start
        records = range(first, 4 if now >= NOON or self.careless != "clock" else 3)[:size]
        bad = (BadRecord(origin="4", code="csv-nul", original=b"\0"),) if self.spoilt and start == 0 and self.careless != "bad" else ()
        many = tuple(records) * (20_000 if self.careless == "pages" else 1)
        return Page(records=many, cursor=str(start + 2), more=start + 2 < 4, rejected=bad)

    def _translate(self, record: int) -> Iterator[Said]:
        self.polls += 1
        name = f"{record}-{self.polls}" if self.careless == "again" else str(record)
        kind = CaseKind.SERVICE_REQUEST
        event = CaseOpened(occurred_at=NOON, case_id=name, kind=kind, service_name="Pothole", organisation="tameside", owner="highways")
        yield Said(local_id=name, event=event)

    def spoil(self) -> None:
        self.spoilt = True

    def troubles(self) -> Sequence[AbstractContextManager[None]]:
        return [self._away() for _ in range(3)]

    @contextmanager
    def _away(self) -> Iterator[None]:
        self.down = True
        yield
        self.down = False


class TestACarefulConnector(ConnectorLaws):
    def world(self, _folder: Path) -> World:
        return Counting()


@pytest.mark.parametrize(
    ("careless", "law"),
    [
        ("resumed", ConnectorLaws.test_reading_resumed_from_any_cursor_brings_what_is_left),
        ("again", ConnectorLaws.test_what_is_delivered_again_is_no_event),
        ("bad", ConnectorLaws.test_a_record_that_nobody_can_read_is_set_aside_with_its_reason_and_the_others_are_said),
        ("outage", ConnectorLaws.test_a_source_that_is_down_is_waited_for_and_nothing_is_lost),
        ("pages", ConnectorLaws.test_a_page_has_an_end_and_waits_to_be_asked_for),
        ("clock", ConnectorLaws.test_a_clock_that_is_days_off_loses_nothing),
    ],
)
def test_a_careless_connector_breaks_the_law(tmp_path: Path, careless: str, law: Law) -> None:
    with pytest.raises(AssertionError):
        law(_held(careless), tmp_path)


def test_a_connector_that_names_its_secret_is_caught(tmp_path: Path, caplog: Any) -> None:
    with pytest.raises(AssertionError):
        _held("secret").test_no_secret_is_ever_shown(tmp_path, caplog)


def _held(careless: str) -> ConnectorLaws:
    class Held(ConnectorLaws):
        def world(self, _folder: Path) -> World:
            return Counting(careless)

    return Held()
