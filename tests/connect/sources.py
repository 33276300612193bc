"""A source of the test's own, and a courier for it on a real store."""

from collections.abc import Iterator
from threading import Event as Signal

from hub.connect.courier import Courier
from hub.connect.running import Begun, Charge
from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.engine.failpoints import NO_FAILPOINTS
from hub.model.connector import Page, Said, Source
from hub.model.errors import Rejected
from tests.engine_harness import NOON, Engine


def translate(record: str) -> Iterator[Said]:
    """A case of this name; rubbish is refused."""
    name, _, said = record.partition(":")
    if said == "rubbish":
        raise Rejected("csv-malformed", fields=("status",))
    kind = CaseKind.SERVICE_REQUEST
    event = CaseOpened(occurred_at=NOON, case_id=name, kind=kind, service_name="Pothole", organisation="tameside", owner="highways")
    yield Said(local_id=name, event=event)


def origin(record: str) -> str:
    """Where it stood."""
    return f"march.csv:{record.partition(':')[0]}"


def charge(engine: Engine, *pages: Page | Exception, stop: Signal) -> Charge:
    """A connector whose source says this, page by page, and then nothing more; when it has said all, everything stops."""
    left = list(pages)

    async def poll(cursor: str | None) -> Page:
        page = left.pop(0) if left else Page(records=(), cursor=cursor, more=False)
        if not left:
            stop.set()
        if isinstance(page, Exception):
            raise page
        return page

    source = Source(name="crm", system="crm", controller="tameside", poll=poll, translate=translate, origin=origin)

    def begin() -> Begun:
        house = engine.house
        courier = Courier(
            source=source, store=house.store, ids=house.instance.ids, digest_key=house.instance.id_secret, encode=house.encode,
            seal_original=house.originals.seal, holder="test", failpoints=NO_FAILPOINTS, alone=True,
        )  # fmt: skip
        return Begun(courier=courier, every_seconds=60.0)

    return Charge(name="crm", begin=begin)
