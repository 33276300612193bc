"""The parts of the single view, made of one house: the follower behind it, reading, searching, erasing."""

from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Message

from hub.cli.access import accounts
from hub.cli.composition import House
from hub.cli.entrance import entrance
from hub.contracts.partitioning import partition_of
from hub.engine.commanding import Commander
from hub.engine.following import Follower
from hub.engine.log_reading import read
from hub.engine.reading import Query, Reading
from hub.engine.watch import Watch
from hub.model.errors import Misconfigured
from hub.model.event import Event
from hub.model.projection import Projection
from hub.people.authorities import Authorities, load_ages
from hub.people.erasing import Eraser
from hub.people.gathering import Gathering
from hub.people.retention import Retention
from hub.people.searching import Search
from hub.people.subject_access import Logs, Records
from hub.people.view import View
from hub.privacy.accounts import Account, Accounts
from hub.privacy.sealing import unseal_all
from hub.privacy.search_index import SearchIndex
from hub.shipped import shipped
from hub.web.entrance import Entrance, Visitor
from hub.web.people_seen import People
from projections.case_timeline import PROJECTION as CASES
from projections.contact_log import PROJECTION as CONTACTS

__all__ = ["commander", "entrance", "eraser", "follower", "index", "logs", "people", "reading", "records", "search", "view", "visitor"]


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


def gathering(house: House) -> Gathering:
    """What is written of people."""
    return Gathering(store=house.store, contracts=house.contracts, keys=house.keys, index=index(house))


def follower(house: House) -> Follower:
    """Gathers what the logs say of people."""
    holder = house.holder if house.settings.postgresql else ""
    return Follower(task=gathering(house), store=house.store, contracts=house.contracts, holder=holder)


def retention(house: House) -> Retention:
    """Ends what may not be kept any longer."""
    return Retention(store=house.store, keys=house.keys, gathering=gathering(house), eraser=eraser(house), clock=_now)


def authorities(house: House) -> Authorities:
    """Ends what no longer holds."""
    return Authorities(
        store=house.store, view=view(house), commander=commander(house), ages=load_ages(shipped("policies")), clock=_now
    )  # fmt: skip


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
        reading=reading(house), clock=_now,
    )  # fmt: skip


def people(house: House, through: Entrance) -> People:
    """Reads and finds people for whoever may see them."""
    return People(view=view(house), search=search(house), entrance=through, threads=through.threads)


def visitor(through: Entrance, name: str, purpose: str) -> Visitor:
    """Whoever is at the keyboard; raises Misconfigured where there is no such account."""
    return Visitor(account=_named(through.accounts, name), session=None, purpose=purpose, reason=None)


def named(house: House, name: str) -> Account:
    """The account of whoever decides something; raises Misconfigured where there is none in use."""
    return _named(accounts(house), name)


def _named(kept: Accounts, name: str) -> Account:
    found = next((account for account in kept.listing() if account.name == name and not account.disabled), None)
    if found is None:
        raise Misconfigured("--by", "no account has this name", "hub user add makes one")
    return found


def records(house: House) -> Records:
    """The keys of cases and contacts whose rows name a party."""
    found = reading(house)
    homes: dict[str, tuple[Projection[Any], str]] = {"cases": (CASES, "opened_at"), "contacts": (CONTACTS, "contacted_at")}

    def of(topic: str, party: str) -> frozenset[str]:
        projection, newest = homes[topic]
        return frozenset(item.key for item in found.page(projection, Query(newest=newest, limit=10_000, where={"subject": party})).items)

    return of


def logs(house: House) -> Logs:
    """Events of some keys, read from their partitions' beginnings; raises Unavailable."""

    def of(topic: str, keys: frozenset[str]) -> list[Event]:
        count, watch = house.contracts.topic(topic).partitions, Watch(kafka=house.kafka, group="subject-access")
        try:
            ends = watch.ends({(topic, partition_of(key, count)) for key in keys}) if keys else {}
        finally:
            watch.close()
        values: list[bytes] = []

        def take(message: Message) -> None:
            if (message.key() or b"").decode("utf-8", "replace") in keys and message.value():
                values.append(message.value() or b"")

        read(house.kafka, {place: (0, end) for place, end in ends.items()}, take)
        decode = house.contracts.decoder()
        return unseal_all([event for value in values if (event := decode(value)) is not None], house.contracts, house.keys)

    return of


def _now() -> datetime:
    return datetime.now(UTC)
