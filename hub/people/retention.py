"""What may not be kept any longer goes every night: the keys of every period that is over, but those that a hold keeps.

A period ends for every owner at once, by one tombstone; only where a hold keeps somebody's, the others' keys of that period go one by one.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from threading import Event as Signal

from hub.engine.store import Store
from hub.people.daily import once_a_day
from hub.people.erasing import Eraser
from hub.people.gathering import Gathering
from hub.privacy.keys import KeyStore
from hub.privacy.scope import EVERY_OWNER, KeyScope, ended

EVERY_CLASS = "*"
RECORDS = "parties"
AT_ONCE = 500

Held = AbstractSet[tuple[str, str]]
"""Owner and class of what a hold keeps; the class may be every class."""


def ending(live: Iterable[KeyScope], today: date, held: Held) -> frozenset[KeyScope]:
    """The tombstones that this day asks for."""
    scopes = list(live)
    over = ended(scopes, today)
    within = [scope for scope in scopes if scope._replace(owner=EVERY_OWNER) in over]
    kept = {scope for scope in within if not {(scope.owner, scope.record_class), (scope.owner, EVERY_CLASS)}.isdisjoint(held)}
    broken = {scope._replace(owner=EVERY_OWNER) for scope in kept}
    alone = {scope for scope in within if scope not in kept and scope._replace(owner=EVERY_OWNER) in broken}
    return frozenset((over - broken) | alone)


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Ends what is over in one hub."""

    store: Store
    keys: KeyStore
    gathering: Gathering
    eraser: Eraser
    clock: Callable[[], datetime]

    def run(self, stop: Signal) -> None:
        """Once a day until told to stop, the first time at once; an outage is waited for."""
        once_a_day(self.once, self.clock, stop)

    def once(self, today: date) -> int:
        """End what is over on this day; says how many keys went. Done again it changes nothing."""
        live = list(self.keys.live_scopes())
        gone = ending(live, today, self._held())
        if not gone:
            return 0
        count = self.keys.tombstone(gone)
        covered = [scope.owner for scope in live if scope.record_class == RECORDS and not gone.isdisjoint(_covers(scope))]
        parties = sorted(set(covered))
        for start in range(0, len(parties), AT_ONCE):
            self.gathering.again(parties[start : start + AT_ONCE])
        self.store.scrub()
        return count

    def _held(self) -> Held:
        """What holds keep: a party's records, and the cases and contacts that are theirs."""
        found: set[tuple[str, str]] = set()
        for party, classes in self.eraser.held():
            found |= {(party, name) for name in classes}
            for part in self.eraser.expansion([party]):
                found |= {
                    (key, name) for name, keys in part.records.items() if not {name, EVERY_CLASS}.isdisjoint(classes) for key in keys
                }  # fmt: skip
        return found


def _covers(scope: KeyScope) -> tuple[KeyScope, KeyScope]:
    return scope, scope._replace(owner=EVERY_OWNER)
