"""Which topics a connector has written to since that was last forgotten; kept because the outbox does not keep what was sent for long."""

from collections.abc import Collection
from dataclasses import dataclass

from hub.engine.store import Store, Transaction


def note_topics(tx: Transaction, connector: str, topics: Collection[str]) -> None:
    """In the transaction that hands records to the outbox: these are the topics they are for."""
    tx.run_many(
        "INSERT INTO connector_topic (connector, topic) VALUES (?, ?) ON CONFLICT (connector, topic) DO NOTHING",
        [(connector, topic) for topic in sorted(topics)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTopics:
    """What the store knows of it."""

    store: Store

    def of(self, connector: str) -> list[str]:
        """The topics, by name; none of a connector that nobody knows."""
        with self.store.read() as tx:
            rows = tx.rows("SELECT topic FROM connector_topic WHERE connector = ? ORDER BY topic", (connector,))
        return [topic for (topic,) in rows]

    def forget(self, connector: str) -> None:
        """Begin to note them anew."""
        with self.store.write() as tx:
            tx.run("DELETE FROM connector_topic WHERE connector = ?", (connector,))
