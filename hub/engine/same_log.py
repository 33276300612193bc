"""Is a log still the one that was applied? Asked at every claim, before anything more is applied, and every few seconds after.

A topic that is gone or was recreated, a log whose tail was lost or whose beginning was removed, or another record where the last applied
one stood: each stops the partition with its reason. Nobody goes on by guessing; `hub reconcile` mends a log, `hub inbox accept-gap` lets a
gap be.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hub.engine.holding import Holding
from hub.engine.ownership import LOG, Inbox
from hub.engine.watch import Watch
from hub.engine.worker import Place


class Seen(NamedTuple):
    """What the broker says of one log now; `mark` is the checksum of the record that was applied last, None where it no longer stands."""

    topic_id: str | None
    first: int = 0
    end: int = 0
    mark: int | None = None


class Applied(NamedTuple):
    """How far one log was applied: by the reader that is furthest behind, and by the one furthest ahead."""

    behind: Inbox
    ahead: Inbox


def applied(holdings: Iterable[Holding]) -> dict[Place, Applied]:
    """How far each log of these partitions was applied."""
    found: dict[Place, Applied] = {}
    for holding in holdings:
        for (_, topic), inbox in holding.claim.inboxes.items():
            place = topic, holding.claim.partition
            behind, ahead = found.get(place, (inbox, inbox))
            found[place] = Applied(min(behind, inbox, key=_next), max(ahead, inbox, key=_next))
    return found


def _next(inbox: Inbox) -> int:
    return inbox.next


def look(watch: Watch, places: Mapping[Place, Applied]) -> dict[Place, Seen]:
    """What the broker says of each of these logs. Raises Unavailable."""
    ids = watch.topic_ids({topic for topic, _ in places})
    there = {place: each.ahead for place, each in places.items() if place[0] in ids}
    first, ends = watch.firsts(there), watch.ends(there)
    last = {place: inbox.last_offset for place, inbox in there.items() if inbox.last_offset is not None}
    marks = watch.marks({place: at for place, at in last.items() if first[place] <= at < ends[place]})
    return {place: Seen(ids[place[0]], first[place], ends[place], marks.get(place)) for place in there}


def difference(place: Place, was: Applied, now: Seen | None) -> str | None:
    """Why what is in the log may not be applied after what was; None where it may."""
    where = f"{LOG}{place[0]}/{place[1]}"
    if now is None:
        return f"{where} is gone: the topic does not exist"
    if was.ahead.topic_id is not None and was.ahead.topic_id != now.topic_id:
        return f"{where} is another: the topic was recreated"
    if now.end < was.ahead.next:
        return f"{where} ends at {now.end}, before position {was.ahead.next}: its tail was lost"
    if now.mark is not None and now.mark != was.ahead.last_crc:
        return f"{where} differs at {was.ahead.last_offset} from what was applied"
    if was.behind.next < now.first:
        return f"{where} begins at {now.first}, after position {was.behind.next}: what was to be read is gone"
    return None
