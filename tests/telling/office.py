"""A council that tells others of life events, with its API and pages, and people who may sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry

from hub.cli import seeing
from hub.cli.desk import reader, tracker
from hub.cli.telling import answers
from hub.engine.waiting import Waiting
from hub.web import Desk, Readiness, app
from tests.pages.hall import Hall, made_entrance
from tests.telling.desk import ACCOUNT, DEAD, desk
from tests.telling.desk import Desk as Council
from tests.view.town import linked
from tests.web.conftest import served

OTHER, CUSTOMER = "ct-2", f"c-{ACCOUNT}"


@contextmanager
def office(folder: Path) -> Iterator[tuple[Council, Hall]]:
    """One council tax payer whom the registrar may speak of, and another."""
    with desk(folder) as council:
        house, entrance = council.engine.house, made_entrance(council.engine)
        council.known(ACCOUNT, "council-tax")
        council.known(DEAD, "gro")
        council.set(ACCOUNT, DEAD)
        council.known(OTHER, "council-tax")
        council.town.say(linked(ACCOUNT, CUSTOMER), linked(DEAD, CUSTOMER))
        shown = Desk(
            commander=council.town.commander, reading=seeing.reading(house),
            waiting=Waiting(store=house.store, routes=council.engine.bundle.routes), now=lambda: council.engine.now,
            ledger=reader(house), tracker=tracker(house), answers=answers(house),
        )  # fmt: skip
        people = seeing.people(house, entrance)
        made = app(desk=shown, readiness=Readiness({}), registry=CollectorRegistry(), entrance=entrance, people=people)
        with served(made) as client:
            yield council, Hall(engine=council.engine, entrance=entrance, client=client)
