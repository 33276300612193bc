"""What the API does besides answering: indexes in the order of its pages, and forgetting what is no longer needed."""

import asyncio
from contextlib import suppress

from hub.commands import AGGREGATES
from hub.model.errors import Unavailable
from hub.web.desk import Desk
from projections.case_timeline import PROJECTION as TIMELINE
from projections.contact_log import PROJECTION as LOG

EVERY_SECONDS = 600.0
PAGES = ((TIMELINE, "opened_at"), (LOG, "contacted_at"))
"""What is shown in pages, and the instant by which."""


async def tidy(desk: Desk) -> None:
    """Tidy now and every ten minutes, until cancelled; a store that is away is tidied the next time."""
    while True:
        with suppress(Unavailable):  # nothing depends on it
            await desk.threads.run(tidy_once, desk)
        await asyncio.sleep(EVERY_SECONDS)


def tidy_once(desk: Desk) -> None:
    """Raises Unavailable."""
    for projection, newest in PAGES:
        desk.reading.prepare(projection, newest)
    desk.commander.forget_receipts()
    for aggregate in AGGREGATES:
        desk.commander.forget_absorbed(aggregate)
