"""Who belongs to which customer as things stand: decisions are folded into it, and new ones are decided on it."""

from collections.abc import Iterable, Sequence

from hub.identity.decisions import (
    Basis,
    Closed,
    Decision,
    Ended,
    Held,
    KeptApart,
    Linked,
    Merged,
    Split,
    Unlinked,
    customer_of,
    party_of,
)
from hub.identity.facts import NOTHING, Facts, together
from hub.identity.register import Register, Row
from hub.identity.reviews import Reviews
from hub.identity.verdicts import Verdict, Verdicts


class World:
    """Parties by number; a customer is known by the number of its earliest party."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.facts: list[Facts | None] = []
        """What each party says now; none where its source says nothing of it any more."""
        self.generations: list[int] = []
        self.customer: list[int] = []
        self.members: dict[int, list[int]] = {}
        self.profiles: dict[int, Facts] = {}
        self.verdicts = Verdicts()
        self.reviews = Reviews()

    def copy(self) -> "World":
        """The same state, to go on with separately."""
        made = World(self.register)
        made.facts, made.customer, made.generations = list(self.facts), list(self.customer), list(self.generations)
        made.members = {customer: list(members) for customer, members in self.members.items()}
        made.profiles = dict(self.profiles)
        made.verdicts, made.reviews = self.verdicts.copy(), self.reviews.copy()
        return made

    def ids(self, parties: Iterable[int]) -> tuple[str, ...]:
        """Party ids, the earliest first."""
        names = self.register.parties
        return tuple(names[party] for party in sorted(parties))

    def customer_id(self, customer: int) -> str:
        """The id of a customer is that of its earliest party."""
        return customer_of(self.register.parties[customer])

    def group(self, party: int) -> list[int]:
        """Everybody of the customer this party belongs to, the earliest first."""
        return self.members[self.customer[party]]

    def known(self, party_ids: Iterable[str]) -> list[int]:
        """Numbers of those that this world has met."""
        numbers = self.register.numbers
        return sorted(n for name in party_ids if (n := numbers.get(name)) is not None and n < len(self.customer))

    def take(self, row: Row) -> None:
        """Take in what a party says now; a new party is a customer of its own until it is linked."""
        if row.party == len(self.customer):
            self.facts.append(row.facts)
            self.generations.append(row.generation)
            self.customer.append(row.party)
            self.members[row.party] = [row.party]
            self.profiles[row.party] = row.facts
        else:
            self.facts[row.party] = row.facts
            self.generations[row.party] = row.generation
            self._describe(self.customer[row.party])

    def silence(self, party: int) -> None:
        """Nothing of this party is compared any more."""
        self.facts[party] = None
        self._describe(self.customer[party])

    def fold(self, decisions: Iterable[Decision]) -> None:
        """Make these decisions true."""
        for decision in decisions:
            self._fold(decision)

    def _fold(self, decision: Decision) -> None:
        match decision:
            case Linked():
                self._link(decision)
            case Merged():
                self._join(self._number(decision.customer_id), self._number(decision.absorbed_customer_id))
            case Split():
                self._part(decision)
            case Held():
                if decision.answer is not None:
                    self.verdicts.remove(decision.answer)
                self.reviews.open(decision)
            case Closed():
                self.reviews.close(decision.review_id)
            case KeptApart():
                self._keep_apart(decision)
            case Ended():
                self.verdicts.remove(decision.scope_id)
            case Unlinked():
                self.silence(self.register.numbers[decision.party_id])

    def _number(self, customer_id: str) -> int:
        return self.register.numbers[party_of(customer_id)]

    def _link(self, decision: Linked) -> None:
        party = self.register.numbers[decision.party_id]
        customer = self._number(decision.customer_id)
        if self.customer[party] == customer:
            return
        if self.members[self.customer[party]] == [party]:
            self._join(customer, self.customer[party])
            return
        self.regroup([[other for other in self.group(party) if other != party], [party]])
        self._join(customer, self.customer[party])

    def _join(self, one: int, other: int) -> None:
        kept, absorbed = min(one, other), max(one, other)
        if kept == absorbed:
            return
        mine, theirs = self.members[kept], self.members.pop(absorbed)
        for party in theirs:
            self.customer[party] = kept
        late = self.profiles.pop(absorbed)
        if mine[-1] < theirs[0]:
            mine += theirs
            self.profiles[kept] = self.profiles[kept].with_(late)
        else:
            self.members[kept] = sorted(mine + theirs)
            self._describe(kept)

    def _part(self, decision: Split) -> None:
        numbers = self.register.numbers
        self.regroup([[numbers[party_id] for party_id in part] for part in decision.parts])

    def regroup(self, groups: Sequence[Sequence[int]]) -> None:
        """Make these groups the customers of the parties named."""
        for customer in {self.customer[party] for group in groups for party in group}:
            self.members.pop(customer)
            self.profiles.pop(customer)
        for group in map(sorted, groups):
            self.members[group[0]] = group
            for party in group:
                self.customer[party] = group[0]
            self._describe(group[0])

    def _describe(self, customer: int) -> None:
        self.profiles[customer] = together(facts for party in self.members[customer] if (facts := self.facts[party]) is not None)

    def _keep_apart(self, decision: KeptApart) -> None:
        if decision.instead_of is not None:
            self.verdicts.remove(decision.instead_of)
        sides = frozenset(decision.party_ids), frozenset(decision.other_party_ids)
        self.verdicts.add(Verdict(decision.scope_id, (0, decision.since), same=False, sides=sides))

    def apart(self, one: Iterable[int], other: Iterable[int]) -> bool:
        """Whether an answer or a scope keeps anybody of one side from anybody of the other."""
        verdicts = self.verdicts
        if not verdicts.standing:
            return False
        names = self.register.parties
        return verdicts.any_apart([names[party] for party in one], [names[party] for party in other])

    def describes(self, customer: int) -> Facts:
        """All that is said of a customer."""
        return self.profiles.get(customer, NOTHING)


def regrouping(world: World, groups: Sequence[Sequence[int]], basis: Basis) -> list[Decision]:
    """The decisions that make these groups customers: first the splits, then the merges."""
    wanted = {party: number for number, group in enumerate(groups) for party in group}
    splits: list[Decision] = []
    pieces: dict[int, list[int]] = {}
    for customer in sorted({world.customer[party] for party in wanted}):
        parts: dict[int, list[int]] = {}
        for party in world.members[customer]:
            parts.setdefault(wanted[party], []).append(party)
        if len(parts) > 1:
            ordered = sorted(parts.values())
            splits.append(Split(world.customer_id(customer), tuple(world.ids(part) for part in ordered), basis))
        for number, part in parts.items():
            pieces.setdefault(number, []).append(part[0])
    return splits + [
        Merged(world.customer_id(firsts[0]), world.customer_id(other), basis)
        for firsts in sorted(sorted(found) for found in pieces.values())
        for other in firsts[1:]
    ]
