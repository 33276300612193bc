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

    def frequencies(self, facts: Facts) -> tuple[int, ...]:
        """How often each counted value has been said by now, this time included. Unrolled: a loop took twice as long."""
        first, last, born, phone, email, nino = self.counts
        return (
            first.get(facts.forenames[0], 0) + 1 if facts.forenames else 0,
            last.get(facts.surnames[0], 0) + 1 if facts.surnames else 0,
            born.get(facts.births[0], 0) + 1 if facts.births else 0,
            phone.get(facts.phones[0], 0) + 1 if facts.phones else 0,
            email.get(facts.emails[0], 0) + 1 if facts.emails else 0,
            nino.get(facts.ninos[0], 0) + 1 if facts.ninos else 0,
        )

    def count(self, facts: Facts, frequencies: tuple[int, ...]) -> None:
        """Note how often its values have been said by now."""
        first, last, born, phone, email, nino = self.counts
        if facts.forenames:
            first[facts.forenames[0]] = frequencies[0]
        if facts.surnames:
            last[facts.surnames[0]] = frequencies[1]
        if facts.births:
            born[facts.births[0]] = frequencies[2]
        if facts.phones:
            phone[facts.phones[0]] = frequencies[3]
        if facts.emails:
            email[facts.emails[0]] = frequencies[4]
        if facts.ninos:
            nino[facts.ninos[0]] = frequencies[5]


_LANES = {kind: f"{kind}/" for kind in Kind}


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

    def sayings(self, about: Iterable[str] = ()) -> int:
        """How many there have been in the lane of these parties: what is in another lane is nothing to them."""
        lanes = {self.lane_of[number] for party_id in about if (number := self.numbers.get(party_id)) is not None}
        return max((self.lanes[lane].sayings for lane in lanes), default=0)

    def row(self, party_id: str, kind: Kind, domain: str, facts: Facts, generation: int) -> Row:
        """What this saying would be, were it taken in now."""
        name = _LANES[kind] + domain
        into = self.lanes.get(name) or self.lane(name)
        party = self.numbers.get(party_id, len(self.parties))
        return Row(len(self.party_of), party, name, kind, facts, into.frequencies(facts), into.sayings + 1, generation)

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
        index, most, number = self._enter(party_id, row), keys.MOST_SHARED, row.number
        party_of, met = self.party_of, list[int]()
        for key in keys.of(row.kind, row.facts):
            sayings = index.get(key)
            if sayings is None:
                index[key] = [number]
            elif len(sayings) <= most[key[0]] and sayings[-1] != number:
                met += sayings
                sayings.append(number)
        return [party_of[other] for other in met]

    def take_back(self, party_id: str, row: Row) -> None:
        """Take in a saying that was taken in before: whom it met was seen to then."""
        index, most, number = self._enter(party_id, row), keys.MOST_SHARED, row.number
        for key in keys.of(row.kind, row.facts):
            sayings = index.get(key)
            if sayings is None:
                index[key] = [number]
            elif len(sayings) <= most[key[0]] and sayings[-1] != number:
                sayings.append(number)

    def _enter(self, party_id: str, row: Row) -> dict[str, list[int]]:
        """Its number, its party and the count of its values; gives the index it is to be filed in."""
        into = self.lanes[row.lane]
        into.sayings = row.ordinal
        if row.party == len(self.parties):
            self.numbers[party_id] = row.party
            self.parties.append(party_id)
            self.lane_of.append(row.lane)
        self.party_of.append(row.party)
        into.count(row.facts, row.frequencies)
        return into.index

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
