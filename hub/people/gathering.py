"""The follower behind the single view: every event of a party in one place, the links as decided, and the words it is found by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hub.contracts import Contracts
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import PartyKind, Protection
from hub.engine.following import Taken, Write
from hub.engine.store import Store, Transaction
from hub.model.event import Event
from hub.model.personal import Plain
from hub.people.links import TOPIC, Decided, write_links
from hub.people.standing import FOLLOWED, Standing, standing
from hub.privacy.books import micros
from hub.privacy.keys import KeyStore
from hub.privacy.personal_fields import personal_fields
from hub.privacy.sealing import unseal_all
from hub.privacy.search_index import SearchIndex
from hub.privacy.search_words import SearchKind, Word, words_of

_WHEREABOUTS = frozenset({Protection.ADDRESS, Protection.LOCATION})


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """Writes `party_event`, `party_link`, `customer_redirect` and `search_term`."""

    store: Store
    contracts: Contracts
    keys: KeyStore
    index: SearchIndex
    name: str = "people"
    topics: tuple[str, ...] = field(default=(*FOLLOWED, TOPIC))

    @cached_property
    def decode(self) -> Callable[[bytes], Any]:
        """Made once: a decoder is generated from every schema there is."""
        return self.contracts.decoder()

    def begin(self, tx: Transaction) -> None:
        """Empty the tables: everything is read again."""
        for table in ("search_term", "party_event", "party_link", "customer_redirect"):
            tx.run(f"DELETE FROM {table}")

    def take(self, records: Sequence[Taken]) -> Write:
        """The rows of these records; values are opened before the transaction, with the key store as it is now."""
        decisions = [Decided(offset=each.offset, event=each.event) for each in records if each.topic == TOPIC]
        said = [each for each in records if each.topic != TOPIC]
        found = self._found(said)

        def write(tx: Transaction) -> None:
            write_links(tx, decisions)
            tx.run_many(
                "INSERT INTO party_event (party, topic, position, recorded_at, event) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (party, topic, position) DO NOTHING",
                [(_party(each.event), each.topic, each.offset, micros(each.event.recorded_at), each.value) for each in said],
            )
            for party, (controller, words) in found.items():
                if tx.rows("SELECT 1 FROM erased WHERE party = ?", (party,)):
                    self.index.forget(tx, party)  # what was opened a moment before the key was destroyed is not written after it
                    continue
                tx.run("DELETE FROM search_term WHERE party = ? AND controller <> ?", (party, controller))
                self.index.put(tx, controller, party, words)

        return write

    def again(self, parties: Sequence[str]) -> None:
        """What these parties are found by, from what can be read of them now."""
        found = self._opened(dict.fromkeys(parties, ()))
        with self.store.write() as tx:
            for party, (controller, words) in found.items():
                self.index.put(tx, controller, party, words)

    def _found(self, said: Sequence[Taken]) -> dict[str, tuple[str, frozenset[Word]]]:
        """By what each party that was spoken of is found from now on, and of whose controller."""
        told: dict[str, list[Event]] = {}
        for each in said:
            told.setdefault(_party(each.event), []).append(each.event)
        return self._opened(told)

    def _opened(self, told: Mapping[str, Sequence[Event]]) -> dict[str, tuple[str, frozenset[Word]]]:
        with self.store.read() as tx:
            stands = [standing(party, [*events_of(tx, party, self.decode), *new]) for party, new in told.items()]
        named = [(each.party_id, each.said[-1]) for each in stands if each.said]
        opened = unseal_all([event for _, event in named], self.contracts, self.keys)
        values = {party: event for (party, _), event in zip(named, opened, strict=True)}
        return {each.party_id: (values[each.party_id].controller, found_by(each, values[each.party_id])) for each in stands if each.said}


def found_by(stands: Standing, opened: PartyAsserted) -> frozenset[Word]:
    """The words of what stands now, but of what is protected; nothing of staff, and of nobody whose identity changed."""
    if stands.now is None or not stands.visible or opened.kind is PartyKind.STAFF:
        return frozenset()
    hidden = {SearchKind.POSTCODE} if stands.protected(*_WHEREABOUTS) else frozenset[SearchKind]()
    return frozenset(word for word in words_of(plain_values(opened)) if word.kind not in hidden)


def plain_values(opened: Event) -> dict[str, str]:
    """The personal values of an opened event that are there and were not erased."""
    values = {name: getattr(opened, name) for name in personal_fields(type(opened))}
    return {name: value.text for name, value in values.items() if isinstance(value, Plain)}


def events_of(tx: Transaction, party: str, decode: Callable[[bytes], Any]) -> list[Event]:
    """Everything the logs say of a party, sealed, in the order of each log."""
    rows = tx.rows("SELECT event FROM party_event WHERE party = ? ORDER BY topic, position", (party,))
    return [event for (value,) in rows if (event := decode(bytes(value))) is not None]


def _party(event: Any) -> str:
    party: str = event.party_id
    return party
