"""One worker's part in running the connectors: it takes its share, heeds what is wished, and lets go of what it should.

Everything it goes by is in the store, so that any worker can die at any moment: its leases run out, and the others take what it held. A
courier's transaction commits only while this worker's lease stands: whoever was frozen, and wakes after another has taken over, carries
nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event as Signal
from threading import Lock
from time import monotonic

from hub.connect.courier import LeaseLost
from hub.connect.desk import Desk, Seen
from hub.connect.running import Begun, Charge
from hub.connect.sharing import share
from hub.connect.words import Known, Wish
from hub.engine.outage import Outage
from hub.model.errors import Unavailable

LOOK_SECONDS = 1.0
"""How often a worker looks what is wished."""
RENEW_SECONDS = 3.0
LEASE = timedelta(seconds=15)
ASLEEP_SECONDS = 120.0
"""A worker that has not looked for so long is stuck: its leases are left to run out."""

Begin = Callable[[Known], Begun]


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Runs this worker's share; `can` says which connectors it could run at all, `charges` is what it runs now."""

    desk: Desk
    begin: Begin
    can: Callable[[Known], bool]
    lasts: timedelta = LEASE
    renew_seconds: float = RENEW_SECONDS
    charges: list[Charge] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    """What the connectors do that do not run here, as the metrics have it."""
    _running: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)
    _turn: Lock = field(default_factory=Lock)
    _looked: float = field(default_factory=monotonic)
    _outage: Outage = field(default_factory=lambda: Outage("connect"))

    async def run(self, stop: Signal) -> None:
        """Look, take, run and let go until told to stop; at the end everything is given back."""
        self.desk.come()
        try:
            while not stop.is_set():
                await self._looked_once(stop)
                await _until(stop, LOOK_SECONDS)
        finally:
            await self._let_go(list(self._running))
            self._leave()

    def renew(self, stop: Signal) -> None:
        """Keep this worker's leases, beside the loop that does the work: a long page must not cost them."""
        while not stop.wait(self.renew_seconds):
            if monotonic() - self._looked > ASLEEP_SECONDS:
                continue
            try:
                with self._turn:
                    self._lost |= self.desk.renew([charge.name for charge in list(self.charges)], self.lasts)
            except Unavailable:
                continue  # the leases run out by themselves, unless the store is back before

    async def _looked_once(self, stop: Signal) -> None:
        self._looked = monotonic()
        try:
            seen = self.desk.look()
            await self._let_go(self._unwanted(seen))
            here = {charge.name: self.desk.holder for charge in self.charges}
            mine = share(self._wanted(seen), {**seen.held, **here}, seen.workers, self.desk.holder)
            await self._let_go(mine.give)
            for name in mine.take:
                self._take(seen.known[name], seen.asked.get(name, 0), stop)
            self.desk.say(list(self.charges))
            self._note_others(seen)
            self._outage.over()
        except Unavailable as why:
            self._outage.began(why)

    def _wanted(self, seen: Seen) -> list[str]:
        return [name for name, known in seen.known.items() if known.wish is Wish.RUNNING and self.can(known)]

    def _unwanted(self, seen: Seen) -> list[str]:
        """What no longer runs here as it is wished: changed, to be begun anew, taken over by another."""
        return [charge.name for charge in self.charges if charge.name in self._lost or not _current(charge, seen, self.desk.holder)]

    def _take(self, known: Known, asked: int, stop: Signal) -> None:
        with self._turn:
            if not self.desk.take(known.name, self.lasts):
                return
            charge = Charge(name=known.name, begin=lambda: self.begin(known), asked=asked, generation=known.generation)
            self.charges.append(charge)
        self._running[known.name] = asyncio.create_task(self._run(charge, stop), name=f"connector {known.name}")

    async def _run(self, charge: Charge, stop: Signal) -> None:
        try:
            await charge.run(stop)
        except LeaseLost:
            self._lost.add(charge.name)

    async def _let_go(self, names: Sequence[str]) -> None:
        """Stop these where they stand, and give them back; what was carried is in the store, what was not is asked for again."""
        for name in names:
            task = self._running.pop(name, None)
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        with self._turn:
            gone = [charge for charge in self.charges if charge.name in names]
            for charge in gone:
                self.charges.remove(charge)
                self._lost.discard(charge.name)
        try:
            self.desk.say(gone)
            self.desk.give(list(names))
        except Unavailable as why:
            self._outage.began(why)  # they run out by themselves

    def _note_others(self, seen: Seen) -> None:
        here = {charge.name for charge in self.charges}
        now = {name: _elsewhere(known, seen) for name, known in seen.known.items() if name not in here}
        self.others.update(now)
        for name in self.others.keys() - now.keys():
            del self.others[name]

    def _leave(self) -> None:
        try:
            self.desk.leave()
        except Unavailable:
            return  # it is missed when its lease has run out


def _current(charge: Charge, seen: Seen, me: str) -> bool:
    """Whether this charge is what is wished, and held by us."""
    known: Mapping[str, Known] = seen.known
    found = known.get(charge.name)
    same = found is not None and found.wish is Wish.RUNNING and found.generation == charge.generation
    return same and seen.held.get(charge.name, me) == me and seen.asked.get(charge.name, 0) == charge.asked


def _elsewhere(known: Known, seen: Seen) -> str:
    if known.name in seen.held:
        return "elsewhere"
    return "unassigned" if known.wish is Wish.RUNNING else known.wish.value.lower()


async def _until(stop: Signal, seconds: float) -> None:
    end = monotonic() + seconds
    while not stop.is_set() and (left := end - monotonic()) > 0:  # noqa: ASYNC110 - the signal comes from another thread
        await asyncio.sleep(min(left, 0.2))
