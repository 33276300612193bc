"""What a restored store heard of itself: records that stand in the log and that it does not remember writing (hub/engine/restored.py)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hub.engine.effects import Told, Wanted, about_text, content, digest, effect_of, note_told
from hub.engine.store import Transaction
from hub.model.event import Event
from hub.model.projection import Effect, Projection

Tellings = dict[str, dict[Effect, Told]]


def recall(tx: Transaction, projection: Projection[Any], partition: int, wanted: Mapping[str, Wanted], told: Tellings) -> None:
    """Bring `told` to what the log says of all effects of this partition, here and in the store."""
    rows: dict[tuple[str, Effect], tuple[Any, ...]] = {}
    for key, kind, about, n, event_id, mark in _heard(tx, projection.name, partition):
        effect = effect_of(kind, about)
        before = told.get(key, {}).get(effect)
        if before is None or before.n < n:
            last = told.setdefault(key, {})[effect] = _meaning(projection, effect, wanted.get(key, {}).get(effect), n, mark)
            rows[key, effect] = projection.name, partition, key, kind, about_text(effect), n, last.digest, event_id, last.standing
    note_told(tx, list(rows.values()))


def _heard(tx: Transaction, projection: str, partition: int) -> list[tuple[Any, ...]]:
    return tx.rows(
        "SELECT key, kind, about, n, event_id, mark FROM heard_telling WHERE projection = ? AND partition = ? ORDER BY n",
        (projection, partition),
    )


def _meaning(projection: Projection[Any], effect: Effect, event: Event | None, n: int, mark: str) -> Told:
    """What an effect's last telling in the log said: what is wanted now, that it no longer holds, or something else."""
    if event is not None and mark in {content(each) for each in _as_told(projection, effect, event, n)}:
        return Told(n, digest(event), standing=True)
    if projection.withdraw is not None and mark == content(projection.numbered(projection.withdraw(effect), n, "withdraw")):
        return Told(n, "", standing=False)
    return Told(n, "", standing=True)


def _as_told(projection: Projection[Any], effect: Effect, event: Event, n: int) -> Iterator[Event]:
    """How the n-th telling says what is wanted, whichever action it was."""
    yield projection.numbered(event, n, "tell")
    yield projection.numbered(event, n, "reinstate")
    yield projection.numbered(projection.correct(effect, event), n, "correct")


def next_version(tx: Transaction, event_id: Callable[[str], str], n: int) -> int:
    """The first version from `n` on that no record in the log has; `event_id` gives the id of a version."""
    while tx.rows("SELECT 1 FROM heard WHERE event_id = ?", (event_id(str(n)),)):
        n += 1
    return n


def anything_heard(tx: Transaction) -> bool:
    """Whether this store was brought back from a backup, and knows of records that it does not remember writing."""
    return bool(tx.rows("SELECT 1 FROM heard LIMIT 1"))
