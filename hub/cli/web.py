"""What is served on loopback ports: the API made of this house's parts, and the probes of a process without it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from hub import level_policies
from hub.cli import telling
from hub.cli.composition import House
from hub.cli.desk import reader, tracker
from hub.cli.entrance import entrance
from hub.cli.insight import insight
from hub.cli.intake import doors
from hub.cli.people import names_of, router
from hub.cli.seeing import eraser, people
from hub.connect.metrics import ConnectorCollector
from hub.connect.running import Charge
from hub.engine.answering import kafka_answers, store_answers
from hub.engine.commanding import Commander
from hub.engine.figures import figures
from hub.engine.reading import Reading
from hub.engine.waiting import Waiting
from hub.engine.watch import Watch
from hub.level_figures import LevelCollector, level_figures
from hub.metrics import HubCollector
from hub.model.errors import Misconfigured
from hub.people.figures import READS as COUNTED
from hub.people.figures import PeopleCollector, people_figures
from hub.reporting.gauges import InsightCollector, limits, look
from hub.sharing.agreement import Status
from hub.shipped import shipped
from hub.telling.figures import TellingCollector, telling_figures
from hub.telling.savings import SavingsCollector, savings
from hub.upkeep import UpkeepCollector, waits
from hub.web import Desk, Readiness, app, watched
from hub.web.gate import Application
from hub.web.serving import Door, open_door

Others = Mapping[str, str]
NONE: Others = {}


def application(
    house: House, relayed: Callable[[], int] | None = None, charges: Sequence[Charge] = (), others: Others = NONE
) -> Application:
    """The API of this hub."""
    readiness = measured(house, relayed, charges, others)
    figured = insight(house)
    house.registry.register(InsightCollector(lambda: look(figured, datetime.now(UTC)), limits(figured.rules)))
    desk = Desk(
        commander=Commander(
            store=house.store,
            contracts=house.contracts,
            keys=house.keys,
            digest_key=house.instance.id_secret,
            controller=house.settings.controller,
        ),
        reading=Reading(store=house.store, contracts=house.contracts),
        waiting=Waiting(store=house.store, routes=house.views.routes),
        now=lambda: datetime.now(UTC),
        provider=router(house) if names_of(house) >= COUNTED else None,
        insight=figured,
        levels=level_policies.known(shipped("policies")),
        ledger=reader(house) if telling.tells(house) else None,
        tracker=tracker(house) if telling.tells(house) else None,
        answers=telling.answers(house) if telling.tells(house) else None,
    )
    through = entrance(house, house.registry)
    return app(desk=desk, readiness=readiness, registry=house.registry, entrance=through, people=people(house, through), doors=doors(house))


def probes(house: House, relayed: Callable[[], int] | None = None, charges: Sequence[Charge] = (), others: Others = NONE) -> Application:
    """What a process without the API answers: whether it lives, can do its work, and how it fares."""
    return watched(readiness=measured(house, relayed, charges, others), registry=house.registry)


def measured(house: House, relayed: Callable[[], int] | None, charges: Sequence[Charge], others: Others = NONE) -> Readiness:
    """Register what this process can say about itself and about the store; gives what it needs."""
    watch = Watch(kafka=house.kafka, group="metrics")
    house.registry.register(HubCollector(lambda: figures(house.store), ends=watch.ends, relayed=relayed))
    house.registry.register(ConnectorCollector(charges, lambda: datetime.now(UTC), others))
    if names_of(house) >= COUNTED:
        house.registry.register(PeopleCollector(lambda: people_figures(house.store)))
    if telling.tells(house):
        house.registry.register(TellingCollector(lambda: telling_figures(house.store)))
        house.registry.register(SavingsCollector(lambda: savings(house.store)))
    house.registry.register(LevelCollector(lambda: level_figures(house.store)))
    readiness = Readiness({"store": store_answers(house.store), "kafka": kafka_answers(house.kafka)})
    house.registry.register(upkeep(house, readiness))
    return readiness


def upkeep(house: House, readiness: Readiness) -> UpkeepCollector:
    """What somebody has to see to."""
    erases = names_of(house) >= COUNTED
    told = telling.tells(house)
    active = {each.id: each.valid_to for each in telling.agreements()().values() if each.status is Status.ACTIVE} if told else {}
    return UpkeepCollector(
        needs=readiness.state, keys=lambda: house.keys.mark(), folder=house.settings.folder, agreements=active,  # noqa: PLW0108 - not yet
        look=lambda: waits(house.store, lambda: eraser(house).late_seconds() if erases else 0.0, telling=told),
    )  # fmt: skip


def probes_door(house: House) -> Door:
    """The socket of the probes that the settings name."""
    return open_door(house.settings.probes.host, house.settings.probes.port, "probes")


def door(house: House, *, any_port: bool = False) -> Door:
    """The socket the settings name; with `any_port` another where that one is taken."""
    web = house.settings.web
    try:
        return open_door(web.host, web.port)
    except Misconfigured as taken:
        if not any_port or taken.key != "web.port":
            raise
        return open_door(web.host, 0)
