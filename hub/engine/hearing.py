"""What a restored store heard of itself: records that stand in the log and that it does not remember writing (hub/engine/restored.py)."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hub.engine.effects import Told, Wanted, about_text, content, digest, note_told, telling_id
from hub.engine.store import Transaction
from hub.model.event import Event
from hub.model.projection import Effect, Projection

Tellings = dict[str, dict[Effect, Told]]


def recall(
    tx: Transaction, projection: Projection[Any], partition: int, wanted: Mapping[str, Wanted], told: Tellings, dialect: str
) -> None:
    """Bring `told` to what the log says of these keys' effects, here and in the store."""
    pairs = {(key, effect) for key, effects in (*wanted.items(), *told.items()) for effect in effects}
    numbers = {pair: before.n if (before := told.get(pair[0], {}).get(pair[1])) is not None else 0 for pair in pairs}
    said: dict[tuple[str, Effect], str] = {}
    while pairs:
        ids = {telling_id(projection.name, key, effect, numbers[key, effect] + 1): (key, effect) for key, effect in pairs}
        found = _heard(tx, list(ids), dialect)
        pairs = {ids[event_id] for event_id in found}
        for event_id, mark in found.items():
            numbers[ids[event_id]] += 1
            said[ids[event_id]] = mark
    rows = []
    for (key, effect), mark in said.items():
        n = numbers[key, effect]
        last = told.setdefault(key, {})[effect] = _meaning(projection, effect, wanted.get(key, {}).get(effect), n, mark)
        event_id = telling_id(projection.name, key, effect, n)
        rows.append((projection.name, partition, key, effect.kind, about_text(effect), n, last.digest, event_id, last.standing))
    note_told(tx, rows)


def _heard(tx: Transaction, event_ids: list[str], dialect: str) -> dict[str, str]:
    head = "SELECT event_id, mark FROM heard WHERE event_id "
    if dialect == "postgresql":
        return dict(tx.rows(head + "= ANY(?)", (event_ids,)))
    return dict(tx.rows(head + "IN (SELECT value FROM json_each(?))", (orjson.dumps(event_ids).decode(),)))


def _meaning(projection: Projection[Any], effect: Effect, event: Event | None, n: int, mark: str) -> Told:
    """What an effect's last telling in the log said: what is wanted now, that it no longer holds, or something else."""
    if event is not None and mark in (content(event), content(projection.correct(effect, event))):
        return Told(n, digest(event), standing=True)
    if projection.withdraw is not None and mark == content(projection.withdraw(effect)):
        return Told(n, "", standing=False)
    return Told(n, "", standing=True)


def next_version(tx: Transaction, event_id: Callable[[str], str], n: int) -> int:
    """The first version from `n` on that no record in the log has; `event_id` gives the id of a version."""
    while tx.rows("SELECT 1 FROM heard WHERE event_id = ?", (event_id(str(n)),)):
        n += 1
    return n


def anything_heard(tx: Transaction) -> bool:
    """Whether this store was brought back from a backup, and knows of records that it does not remember writing."""
    return bool(tx.rows("SELECT 1 FROM heard LIMIT 1"))
