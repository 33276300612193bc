"""Every saying as it came, and under which keys it is found. Nothing here depends on any decision, only on what was said, in its order."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from hub.identity import keys
from hub.identity.facts import NOTHING, Facts
from hub.identity.said import Kind


@dataclass(slots=True)
class Row:
    """One saying: the number of its party, what can be compared of it, and how often its values had been said by then, itself included."""

    number: int
    party: int
    lane: str
    kind: Kind
    facts: Facts
    frequencies: tuple[int, ...]
    ordinal: int
    """How many sayings its lane had by then, itself included."""
    generation: int


class Lane:
    """One kind in one match domain: its own index and its own frequencies, so that no two lanes ever meet."""

    __slots__ = ("counts", "index", "sayings")

    def __init__(self) -> None:
        self.index: dict[str, list[int]] = {}
        self.counts: tuple[dict[str, int], ...] = ({}, {}, {}, {}, {}, {})
        self.sayings = 0


class Register:
    """Parties by number, in the order in which they were first asserted, and the sayings about them."""

    def __init__(self) -> None:
        self.parties: list[str] = []
        self.numbers: dict[str, int] = {}
        self.lanes: dict[str, Lane] = {}
        self.party_of: list[int] = []
        """By number of the saying."""
        self.lane_of: list[str] = []
        """By number of the party."""

    def lane(self, name: str) -> Lane:
        """The lane of that name, made when it is first needed."""
        found = self.lanes.get(name)
        if found is None:
            found = self.lanes[name] = Lane()
        return found

    def sayings(self) -> int:
        """How many there have been in the largest lane."""
        return max((lane.sayings for lane in self.lanes.values()), default=0)

    def row(self, party_id: str, lane: str, kind: Kind, facts: Facts, generation: int) -> Row:
        """What this saying would be, were it taken in now."""
        number = len(self.party_of)
        into = self.lane(lane)
        party = self.numbers.get(party_id, len(self.parties))
        return Row(number, party, lane, kind, facts, _frequencies(into, facts), into.sayings + 1, generation)

    def candidates_then(self, row: Row) -> list[int]:
        """The same for a saying taken in long ago, as they were when it came."""
        index = self.lanes[row.lane].index
        found: list[int] = []
        for key in keys.of(row.kind, row.facts):
            sayings = index.get(key, [])
            place = bisect_left(sayings, row.number)
            if place < len(sayings) and sayings[place] == row.number:
                found += sayings[:place]
        return [self.party_of[number] for number in found]

    def later(self, lane: str, facts: Facts, kind: Kind, number: int) -> list[int]:
        """Sayings after that number that would find these facts under a key."""
        index = self.lanes[lane].index
        return [row for key in keys.of(kind, facts) for row in index.get(key, ()) if row > number]

    def take(self, party_id: str, row: Row) -> list[int]:
        """Take the saying in: count its values and file it under its keys; gives the parties met there, some of them several times."""
        into = self.lanes[row.lane]
        into.sayings = row.ordinal
        if row.party == len(self.parties):
            self.numbers[party_id] = row.party
            self.parties.append(party_id)
            self.lane_of.append(row.lane)
        party_of = self.party_of
        party_of.append(row.party)
        for counts, values, seen in zip(into.counts, counted(row.facts), row.frequencies, strict=True):
            if values:
                counts[values[0]] = seen
        index = into.index
        number = row.number
        met: list[int] = []
        for key in keys.of(row.kind, row.facts):
            sayings = index.get(key)
            if sayings is None:
                index[key] = [number]
            elif len(sayings) <= keys.MOST_SHARED[key[0]] and sayings[-1] != number:
                met += sayings
                sayings.append(number)
        return [party_of[other] for other in met]

    def forget(self, rows: list[Row]) -> None:
        """Erase what these sayings said: no key and no count is left of a value that nobody else has said."""
        for row in rows:
            index = self.lanes[row.lane].index
            for key in keys.of(row.kind, row.facts):
                left = [number for number in index.get(key, ()) if number != row.number]
                if left:
                    index[key] = left
                else:
                    index.pop(key, None)
            row.facts = NOTHING

    def forget_counts(self, living: Iterable[Row]) -> None:
        """Keep the counts, undiminished, of those values alone that somebody still says."""
        held: dict[str, tuple[set[str], ...]] = {name: (set(), set(), set(), set(), set(), set()) for name in self.lanes}
        for row in living:
            for values, found in zip(counted(row.facts), held[row.lane], strict=True):
                found.update(values)
        for name, lane in self.lanes.items():
            lane.counts = tuple(
                {value: count for value, count in counts.items() if value in found}
                for counts, found in zip(lane.counts, held[name], strict=True)
            )


def counted(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """The values whose rarity counts, in the order of model.COUNTED; of several the first."""
    return facts.forenames, facts.surnames, facts.births, facts.phones, facts.emails, facts.ninos


def _frequencies(lane: Lane, facts: Facts) -> tuple[int, ...]:
    found = []
    for counts, values in zip(lane.counts, counted(facts), strict=True):
        found.append(counts.get(values[0], 0) + 1 if values else 0)
    return tuple(found)
