"""What a desk needs of the composition root: what is said there is taken in, and what became of it is followed."""

from hub import level_policies
from hub.cli.composition import House
from hub.cli.telling import agreements, ledger, told, transport_of
from hub.engine.reading import Reading
from hub.shipped import shipped
from hub.telling.ledger import Ledger
from hub.telling.opening import Opening
from hub.telling.starting import Starting
from hub.telling.tracker import Tracker
from projections.told_ledger import Terms


def starting(house: House) -> Starting:
    """Takes what is said at a desk."""
    reading = Reading(store=house.store, contracts=house.contracts)
    opening = Opening(store=house.store, contracts=house.contracts, keys=house.keys, reading=reading, told=told(house))
    return Starting(
        store=house.store, encode=house.encode, opening=opening, ledger=reader(house), controller=house.settings.controller,
        agreements=agreements(),
    )  # fmt: skip


def reader(house: House) -> Ledger:
    """Reads the ledger."""
    reading = Reading(store=house.store, contracts=house.contracts)
    return Ledger(store=house.store, reading=reading, lines=ledger(house), told=told(house))


def tracker(house: House) -> Tracker:
    """Reads what became of each life event, and whom it needs."""
    ways = frozenset(each.id for each in agreements()().values() if transport_of(house, each) is not None)
    terms = Terms(agreed=agreements(), levels=level_policies.known(shipped("policies")))
    return Tracker(ledger=reader(house), terms=terms, ways=ways, starting=starting(house))
