"""Does what this process needs answer? Each check returns, or raises Unavailable within two seconds or so."""

from collections.abc import Callable, Mapping
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from hub.engine.store import Store
from hub.model.errors import Unavailable

_TIMEOUT = 2.0

Check = Callable[[], None]


def store_answers(store: Store) -> Check:
    """Whether the store gives a row."""

    def check() -> None:
        with store.read() as tx:
            tx.rows("SELECT 1")

    return check


def kafka_answers(kafka: Mapping[str, Any]) -> Check:
    """Whether a broker gives its topics; the client is made at the first look and kept."""
    kept: list[AdminClient] = []

    def check() -> None:
        if not kept:
            kept.append(AdminClient(dict(kafka) | {"log_level": 0, "error_cb": _unheard}))
        try:
            kept[0].list_topics(timeout=_TIMEOUT)
        except KafkaException as error:
            raise Unavailable(f"Kafka: {error.args[0].name()}") from error

    return check


def _unheard(_error: Any) -> None:
    """The check itself says it."""
