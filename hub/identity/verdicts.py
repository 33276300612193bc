"""What people answered, and which of it stands: of two answers that cannot both hold, the later wins; a protection yields to none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two sides are one, or are not. `order` is (1 where it is a protection, offset)."""

    ref: str
    order: tuple[int, int]
    same: bool
    sides: tuple[frozenset[str], frozenset[str]]

    @property
    def parties(self) -> frozenset[str]:
        """Everybody it names."""
        return self.sides[0] | self.sides[1]


class Verdicts:
    """All answers, those that stand, and what they mean for each party."""

    def __init__(self) -> None:
        self.all: dict[str, Verdict] = {}
        self.standing: set[str] = set()
        self._naming: dict[str, set[str]] = {}
        self._same: dict[str, set[str]] = {}
        self._apart: dict[str, set[str]] = {}

    def copy(self) -> "Verdicts":
        """The same answers, to go on with separately."""
        made = Verdicts()
        for verdict in self.all.values():
            made._note(verdict)
        made.standing = set(self.standing)
        made._same = {party: set(others) for party, others in self._same.items()}
        made._apart = {party: set(others) for party, others in self._apart.items()}
        return made

    def add(self, verdict: Verdict) -> set[str]:
        """Take in an answer; gives the parties that it, or what it overrules, is about."""
        self._note(verdict)
        return self._settle(verdict.parties)

    def remove(self, ref: str) -> set[str]:
        """Forget an answer; what it had overruled may stand again."""
        verdict = self.all.pop(ref, None)
        if verdict is None:
            return set()
        self.standing.discard(ref)
        for party in verdict.parties:
            self._naming[party].discard(ref)
        return self._settle(verdict.parties) | verdict.parties

    def same(self, party: str) -> set[str]:
        """Who stands as one with this party by an answer about both."""
        return self._same.get(party, set())

    def apart(self, party: str) -> set[str]:
        """Who stands as different from this party."""
        return self._apart.get(party, set())

    def any_apart(self, ours: Iterable[str], theirs: Iterable[str]) -> bool:
        """Whether anybody of one side stands as different from anybody of the other."""
        if not self._apart:
            return False
        others = set(theirs)
        return any(not self._apart[party].isdisjoint(others) for party in ours if party in self._apart)

    def between(self, ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
        """References of the answers and scopes that keep somebody of one side from somebody of the other."""
        mine, others = set(ours), set(theirs)
        return sorted(ref for ref, found in self.all.items() if not found.same and _crosses(found, mine, others))

    def _note(self, verdict: Verdict) -> None:
        self.all[verdict.ref] = verdict
        for party in verdict.parties:
            self._naming.setdefault(party, set()).add(verdict.ref)

    def _settle(self, parties: Iterable[str]) -> set[str]:
        """Decide anew which answers stand among all that are connected with these parties by answers."""
        concerned = self.connected(parties)
        refs = {ref for party in concerned for ref in self._naming.get(party, ())}
        self.standing -= refs
        chosen = _standing(sorted((self.all[ref] for ref in refs), key=lambda verdict: verdict.order, reverse=True))
        self.standing |= {verdict.ref for verdict in chosen}
        for party in concerned:
            self._same.pop(party, None)
            self._apart.pop(party, None)
        for verdict in chosen:
            self._spread(verdict)
        return concerned

    def _spread(self, verdict: Verdict) -> None:
        if verdict.same:
            for party in verdict.parties:
                self._same.setdefault(party, set()).update(verdict.parties - {party})
            return
        one, other = verdict.sides
        for party in one:
            self._apart.setdefault(party, set()).update(other)
        for party in other:
            self._apart.setdefault(party, set()).update(one)

    def connected(self, parties: Iterable[str]) -> set[str]:
        """Everybody connected with these parties by answers, themselves included."""
        found: set[str] = set()
        waiting = list(parties)
        while waiting:
            party = waiting.pop()
            if party not in found:
                found.add(party)
                waiting.extend(other for ref in self._naming.get(party, ()) for other in self.all[ref].parties)
        return found


def _crosses(verdict: Verdict, mine: set[str], others: set[str]) -> bool:
    one, other = verdict.sides
    return bool((one & mine and other & others) or (one & others and other & mine))


def _standing(latest_first: list[Verdict]) -> list[Verdict]:
    """Those that hold together, the later before the earlier."""
    chosen: list[Verdict] = []
    for verdict in latest_first:
        if _holds([*chosen, verdict]):
            chosen.append(verdict)
    return chosen


def _holds(verdicts: list[Verdict]) -> bool:
    group = {party: number for number, parties in enumerate(groups_of(v.parties for v in verdicts if v.same)) for party in parties}
    return all(_apart_in(group, verdict) for verdict in verdicts if not verdict.same)


def _apart_in(group: dict[str, int], verdict: Verdict) -> bool:
    one, other = ({group.get(party, party) for party in side} for side in verdict.sides)
    return one.isdisjoint(other)


def groups_of(sets: Iterable[Iterable[str]]) -> Iterator[set[str]]:
    """The sets that remain when those that share a member are joined."""
    joined: list[set[str]] = []
    for found in map(set, sets):
        touching = [group for group in joined if not group.isdisjoint(found)]
        joined = [group for group in joined if group.isdisjoint(found)]
        joined.append(found.union(*touching))
    return iter(joined)
