"""Which topics this hub's logs are: the broker's own id of each, so that one made anew under an old name is noticed."""

from collections.abc import Mapping

from hub.engine.store import Store, Transaction


def remember(tx: Transaction, ids: Mapping[str, str]) -> None:
    """Know these topics by these ids from now on."""
    tx.run_many(
        "INSERT INTO topic (name, topic_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET topic_id = excluded.topic_id", list(ids.items())
    )


def meet(store: Store, ids: Mapping[str, str]) -> None:
    """Remember the topics among these that were not known; one that was stays known as it was."""
    with store.write() as tx:
        tx.run_many("INSERT INTO topic (name, topic_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", list(ids.items()))


def known(store: Store) -> dict[str, str]:
    """Every topic's id as it was first met, or as a person accepted it since."""
    with store.read() as tx:
        return dict(tx.rows("SELECT name, topic_id FROM topic"))


def anew(store: Store, now: Mapping[str, str]) -> set[str]:
    """The topics that stand under an old name but are not the old ones."""
    was = known(store)
    return {name for name, topic_id in now.items() if was.get(name, topic_id) != topic_id}
