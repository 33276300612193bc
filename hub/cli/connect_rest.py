"""Kafka Connect's REST API over this house's connectors."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from connectors import KINDS
from hub.cli.composition import House
from hub.cli.entrance import entrance
from hub.connect.repository import Connectors
from hub.connect.written_topics import WrittenTopics
from hub.web.connect.application import application
from hub.web.connect.face import Face
from hub.web.gate import Application

SECONDS = 5


def connect_rest(house: House) -> Application:
    """The application; every process with connectors has one, and each answers for all."""
    return application(
        Face(
            connectors=Connectors(store=house.store),
            topics=WrittenTopics(store=house.store),
            kinds=tuple(kind.name for kind in KINDS),
            base=str(house.settings.folder),
            release=version("foss-hub"),
            entrance=entrance(house),
            now=lambda: datetime.now(UTC),
            cluster_id=_cluster(house),
            alone=not house.settings.postgresql,
        )
    )


def _cluster(house: House) -> Callable[[], str | None]:
    """Kafka's own id, asked for once it answers; None while it does not."""
    known: list[str] = []

    def asked() -> str | None:
        if not known:
            try:
                found: Any = AdminClient(dict(house.kafka)).list_topics(timeout=SECONDS).cluster_id
            except KafkaException:
                return None
            known.extend([found] if found else [])
        return known[0] if known else None

    return asked
