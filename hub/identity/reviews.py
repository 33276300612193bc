"""Which pairs of parties wait for a person's answer."""

from collections.abc import Iterable

from hub.identity.decisions import Held


def review_of(party_id: str, other_party_id: str) -> str:
    """One review for a pair, whoever of the two came first and whenever."""
    return "~".join(sorted((party_id, other_party_id)))


class Reviews:
    """Open reviews, by id and by party."""

    def __init__(self) -> None:
        self.open_ones: dict[str, Held] = {}
        self._naming: dict[str, set[str]] = {}

    def copy(self) -> "Reviews":
        """The same, to go on with separately."""
        made = Reviews()
        for held in self.open_ones.values():
            made.open(held)
        return made

    def open(self, held: Held) -> None:
        """Ask a person; asked again, the newer evidence counts."""
        self.open_ones[held.review_id] = held
        for party_id in (held.party_id, held.other_party_id):
            self._naming.setdefault(party_id, set()).add(held.review_id)

    def close(self, review_id: str) -> None:
        """Ask no longer."""
        held = self.open_ones.pop(review_id, None)
        if held is not None:
            for party_id in (held.party_id, held.other_party_id):
                self._naming[party_id].discard(review_id)

    def between(self, ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
        """Open reviews that ask about somebody of one side and somebody of the other."""
        others = set(theirs)
        found = {(party_id, review_id) for party_id in set(ours) for review_id in self._naming.get(party_id, ())}
        return sorted({review_id for party_id, review_id in found if self._other(review_id, party_id) in others})

    def _other(self, review_id: str, party_id: str) -> str:
        held = self.open_ones[review_id]
        return held.other_party_id if held.party_id == party_id else held.party_id

    def naming(self, party_id: str) -> list[str]:
        """Open reviews that ask about this party."""
        return sorted(self._naming.get(party_id, ()))
