"""One worker of the proof of connectors: the hub's own supervisor and couriers on sources that refuse, hang, lie, repeat and reorder."""

import asyncio
import fcntl
import logging
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import structlog

from hub.connect.courier import Courier
from hub.connect.desk import Desk
from hub.connect.repository import Connectors
from hub.connect.running import Begun
from hub.connect.supervising import Supervisor
from hub.connect.words import Known
from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.engine.failpoints import NO_FAILPOINTS
from hub.engine.outbox import Outgoing
from hub.engine.postgresql import PostgresqlStore
from hub.model.connector import Page, Said, Source
from hub.model.errors import Unavailable
from hub.model.event import Event
from hub.privacy.ids import IdMaker

LASTS, RENEW_SECONDS = timedelta(seconds=6), 1.0
PAGE = 20
EVERY_SECONDS = 0.2
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
_SECRET = b"the secret of a proof of connectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the sources have: so many records each, one more every `apart` seconds since `began`; where they note who reads them."""

    folder: Path
    records: int
    apart: float
    began: float

    def there(self) -> int:
        """How many records each source has by now."""
        return max(0, min(self.records, int((time.monotonic() - self.began) / self.apart)))

    def note(self, what: str, name: str) -> None:
        """One line, whole, whatever befalls the process."""
        with (self.folder / "log").open("a") as log:
            log.write(f"{time.monotonic()} {what} {name}\n")

    @contextmanager
    def read(self, name: str) -> Iterator[None]:
        """Nobody else reads this source meanwhile; it is noted where somebody does."""
        with (self.folder / f"{name}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.note("twice", name)
            yield


async def poll(sources: Sources, name: str, cursor: str | None) -> Page:
    """A page, or trouble."""
    with sources.read(name):
        lot = random.random()
        if lot < 0.08:
            raise Unavailable(f"{name} refuses", retry_after=0.2)
        if lot < 0.1:
            raise ZeroDivisionError
        await asyncio.sleep(1.0 if lot < 0.15 else 0.01)
        page = _page(int(cursor or 0), sources.there())
    sources.note("read", name)
    return page


def _page(at: int, there: int) -> Page:
    """The next records, some of them again, in any order; it may say that there is more where there is not, and the other way round."""
    end = min(there, at + PAGE)
    numbers = [*range(max(0, at - random.randrange(PAGE)), end)]
    random.shuffle(numbers)
    kept = end if random.random() < 0.8 else random.randint(at, end)
    more = kept < there if random.random() < 0.8 else random.random() < 0.5
    return Page(records=tuple(map(str, numbers)), cursor=str(kept), more=more and kept > at)


def translate(name: str, record: str) -> list[Said]:
    """A record is one case."""
    event = CaseOpened(
        occurred_at=AT, case_id=f"{name}:{record}", kind=CaseKind.SERVICE_REQUEST, service_name="Pothole", organisation="proofs",
        owner="roads",
    )  # fmt: skip
    return [Said(local_id=record, event=event)]


def encode(events: Sequence[Event]) -> list[Outgoing]:
    """What would be sent: which event, of which case."""
    return [Outgoing("cases", 0, event.case_id.encode(), event.event_id.encode()) for event in events if isinstance(event, CaseOpened)]


def unsealed(original: bytes, _where: str, _scope: object) -> bytes:
    """Nothing is refused here."""
    return original


def begin(store: PostgresqlStore, sources: Sources, holder: str, known: Known, *, fenced: bool) -> Begun:
    """A courier for one of the sources."""
    name = known.name
    source = Source(
        name=name, system=name, controller="proofs", poll=partial(poll, sources, name), translate=partial(translate, name), origin=str,
    )  # fmt: skip
    courier = Courier(
        source=source, store=store, ids=IdMaker(_SECRET), digest_key=_SECRET, encode=encode, seal_original=unsealed, holder=holder,
        failpoints=NO_FAILPOINTS, alone=not fenced,
    )  # fmt: skip
    return Begun(courier=courier, every_seconds=EVERY_SECONDS)


def work(dsn: str, sources: Sources, fenced: bool) -> None:  # noqa: FBT001 - a process is given positions
    """Run one worker until it is killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    holder = f"worker:{os.getpid()}"
    store = PostgresqlStore(dsn, holder)
    made: Callable[[Known], Begun] = lambda known: begin(store, sources, holder, known, fenced=fenced)  # noqa: E731 - one expression
    supervisor = Supervisor(
        desk=Desk(store=store, holder=holder, exclusive=fenced), begin=made, can=lambda _: True, lasts=LASTS, renew_seconds=RENEW_SECONDS
    )  # fmt: skip
    stop = Signal()
    Thread(target=supervisor.renew, args=(stop,), daemon=True).start()
    asyncio.run(supervisor.run(stop))


def describe(store: PostgresqlStore, names: Sequence[str]) -> None:
    """Wish for these connectors."""
    for name in names:
        Connectors(store=store).create(name, {"name": name, "connector.class": "proof"}, base="/")
