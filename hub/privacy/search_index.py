"""Who can be found by what: rows of (controller, kind, keyed digest of a word, party), and no value anywhere.

The key of the digests is made of the hub's own secret, so a copy of the table tells nothing without it; with it, words can be tried, so the
rows of who is erased, protected or past retention go physically (`hub/engine/sqlite.py`, `scrub`). The table is made from the log again
where it is lost, and no backup has it.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from hub.privacy.books import Transaction
from hub.privacy.framing import framed
from hub.privacy.search_words import SearchKind, Word

MOST_CANDIDATES = 2_000
"""Parties that one question opens at most; whoever asks for more is asked for another fact."""
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """The index under one hub's secret."""

    secret: bytes = field(repr=False)

    def put(self, tx: Transaction, controller: str, party: str, words: Collection[Word]) -> None:
        """The party is found by these words of this controller, and by no others."""
        wanted = {(word.kind.value, self.token(word)) for word in words}
        rows = tx.rows("SELECT kind, token FROM search_term WHERE party = ? AND controller = ?", (party, controller))
        known = {(kind, bytes(token)) for kind, token in rows}
        tx.run_many(
            "DELETE FROM search_term WHERE controller = ? AND kind = ? AND token = ? AND party = ?",
            [(controller, *row, party) for row in sorted(known - wanted)],
        )
        tx.run_many(
            "INSERT INTO search_term (controller, kind, token, party) VALUES (?, ?, ?, ?)",
            [(controller, *row, party) for row in sorted(wanted - known)],
        )

    def forget(self, tx: Transaction, party: str, controller: str | None = None, kinds: Iterable[SearchKind] = ()) -> int:
        """The party is not found by these kinds any more (by none, where none is named); says how many rows went."""
        named = [kind.value for kind in kinds]
        where, values = "party = ?", [party]
        if controller is not None:
            where, values = f"{where} AND controller = ?", [*values, controller]
        if named:
            where, values = f"{where} AND kind IN ({','.join('?' * len(named))})", [*values, *named]
        return tx.run(f"DELETE FROM search_term WHERE {where}", values)  # noqa: S608 - conditions made here, values are parameters

    def find(self, tx: Transaction, controller: str, asked: Sequence[Collection[Word]]) -> frozenset[str]:
        """The parties of whom, of each set of words, one fits; at most 2,000."""
        groups, values = [], list[object]()
        for n, words in enumerate(asked):
            either = " UNION ".join(["SELECT party FROM search_term WHERE controller = ? AND kind = ? AND token = ?"] * len(words))
            groups.append(f"SELECT party FROM ({either}) AS fits{n}")  # noqa: S608 - no value in it
            values += [value for word in words for value in (controller, word.kind.value, self.token(word))]
        if not groups or not all(asked):
            return frozenset()
        rows = tx.rows(f"{' INTERSECT '.join(groups)} LIMIT ?", (*values, MOST_CANDIDATES))
        return frozenset(party for (party,) in rows)

    def token(self, word: Word) -> bytes:
        """What stands for a word."""
        return hmac.digest(self.secret, framed("search", word.kind.value, word.text), "sha256")[:TOKEN_BYTES]
