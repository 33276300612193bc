"""The web role: the API made of this house's parts, on a loopback port."""

from collections.abc import Callable
from datetime import UTC, datetime

from hub.cli.composition import House
from hub.engine.answering import kafka_answers, store_answers
from hub.engine.commanding import Commander
from hub.engine.figures import figures
from hub.engine.reading import Reading
from hub.engine.waiting import Waiting
from hub.engine.watch import Watch
from hub.metrics import HubCollector
from hub.model.errors import Misconfigured
from hub.web import Desk, Readiness, app
from hub.web.gate import Application
from hub.web.serving import Door, open_door


def application(house: House, relayed: Callable[[], int] | None = None) -> Application:
    """The API of this hub."""
    watch = Watch(kafka=house.kafka, group="metrics")
    house.registry.register(HubCollector(lambda: figures(house.store), ends=watch.ends, relayed=relayed))
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
    )
    readiness = Readiness({"store": store_answers(house.store), "kafka": kafka_answers(house.kafka)})
    return app(desk=desk, readiness=readiness, registry=house.registry)


def door(house: House, *, any_port: bool = False) -> Door:
    """The socket the settings name; with `any_port` another where that one is taken."""
    web = house.settings.web
    try:
        return open_door(web.host, web.port)
    except Misconfigured as taken:
        if not any_port or taken.key != "web.port":
            raise
        return open_door(web.host, 0)
