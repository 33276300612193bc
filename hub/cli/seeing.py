"""The parts of the single view, made of one house: the follower behind it, reading, searching, erasing."""

from datetime import UTC, datetime

from hub.cli.composition import House
from hub.engine.commanding import Commander
from hub.engine.following import Follower
from hub.engine.reading import Reading
from hub.people.erasing import Eraser
from hub.people.gathering import Gathering
from hub.people.searching import Search
from hub.people.view import View
from hub.privacy.search_index import SearchIndex


def reading(house: House) -> Reading:
    """Rows as others may read them."""
    return Reading(store=house.store, contracts=house.contracts)


def commander(house: House) -> Commander:
    """What carries out what people ask."""
    return Commander(
        store=house.store, contracts=house.contracts, keys=house.keys, digest_key=house.instance.id_secret,
        controller=house.settings.controller,
    )  # fmt: skip


def index(house: House) -> SearchIndex:
    """By what people are found."""
    return SearchIndex(house.instance.id_secret)


def follower(house: House) -> Follower:
    """Gathers what the logs say of people."""
    task = Gathering(store=house.store, contracts=house.contracts, keys=house.keys, index=index(house))
    return Follower(task=task, store=house.store, contracts=house.contracts)


def view(house: House) -> View:
    """Reads people."""
    return View(store=house.store, contracts=house.contracts, keys=house.keys, reading=reading(house))


def search(house: House) -> Search:
    """Finds people."""
    return Search(view=view(house), index=index(house))


def eraser(house: House) -> Eraser:
    """Carries out erasures when their time has come."""
    return Eraser(
        store=house.store, contracts=house.contracts, keys=house.keys, index=index(house), commander=commander(house),
        reading=reading(house), clock=lambda: datetime.now(UTC),
    )  # fmt: skip
