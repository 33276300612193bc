"""The demonstration's move: somebody whom several services know for sure says so once, and who should know."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from hub.cli.composition import House
from hub.cli.desk import starting
from hub.cli.telling import agreements
from hub.contracts.life_event_words import Informant
from hub.contracts.life_events import AddressChanged
from hub.model.personal import Plain
from hub.privacy.ids import derived_id
from hub.sharing.agreement import Status

FEWEST = 3
"""Records that are proved to be of one person."""


def somebody_moves(house: House) -> bool:
    """Record the move of the first person who is known well enough; false where there is none, or they have moved already."""
    party = _well_known(house)
    if party is None:
        return False
    now = datetime.now(UTC)
    chosen = tuple(each.id for each in agreements()().values() if each.status is Status.ACTIVE and each.by_choice)
    event_id = derived_id("demonstration", "move", party)
    starting(house).record(
        AddressChanged(
            event_id=event_id, occurred_at=now, recorded_at=now, source="front-office", controller=house.settings.controller,
            correlation_id=event_id, life_event_id=derived_id("demonstration", "life-event", party), subject=party, origin="front-office",
            already_told=(), informant=Informant.SUBJECT, chosen=chosen, declined=(), chosen_by=party,
            moved_on=(now - timedelta(days=1)).date(), also_for=(), to_address=Plain("1 New Street, Exampleton, QX1 1AA"),
        )
    )  # fmt: skip
    return True


def _well_known(house: House) -> str | None:
    """The party of most services, of a person whose life nothing has happened in yet."""
    with house.store.read() as tx:
        rows = tx.rows("SELECT key, records, said FROM tell_us_once_v1 ORDER BY key")
    found = ((_proved(_parsed(records)), key) for key, records, said in rows if not _parsed(said))
    count, party = max(found, default=(0, ""))
    return party if count >= FEWEST else None


def _parsed(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _proved(records: dict[str, Any]) -> int:
    """How many systems' records are proved to be of the person; none for who was erased."""
    last = [states[-1] for states in records.values()]
    return 0 if any(state["erased"] for state in last) else len({state["system"] for state in last if state["known"] and state["proved"]})
