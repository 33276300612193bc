"""Opens what one message may have to say: the life event's own values, and what the person's record says now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hub.contracts import Contracts
from hub.engine.reading import Reading
from hub.engine.store import Store
from hub.model.personal import Erased, Plain, Sealed
from hub.model.projection import Projection
from hub.people.gathering import events_of, plain_values
from hub.people.standing import standing
from hub.privacy.boxes import Place
from hub.privacy.keys import KeyStore
from hub.privacy.personal_fields import personal_fields
from hub.privacy.sealing import unseal_all, unseal_values
from hub.telling.notice import Message, Opened


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Reads one store with one key store."""

    store: Store
    contracts: Contracts
    keys: KeyStore
    reading: Reading
    told: Projection[Any]
    """The projection whose rows keep what was said of life events, sealed."""

    @cached_property
    def decode(self) -> Callable[[bytes], Any]:
        """Made once: a decoder is generated from every schema there is."""
        return self.contracts.decoder()

    def open(self, message: Message, quoted: tuple[str, str, Sealed] | None) -> Opened:
        """What can be read now; `quoted` is the reference that was quoted before, with the controller and event it is sealed for."""
        said, record = self._event(message), self._record(message.record_party_id or message.subject)
        left = {*said.values(), *record.values()}
        erased = None in left and left == {None}
        event, known = _readable(said), _readable(record)
        reference = known.pop("source_reference", None) if message.record_party_id is not None else None
        known.pop("source_reference", None)
        if reference is None and quoted is not None:
            reference = self._quoted(message, *quoted)
        return Opened(event=event, record=known, reference=reference, erased=erased and reference is None)

    def known(self, party: str) -> dict[str, str]:
        """What the source says of the party now, or said last, as far as it can be read; empty where nobody is known by this id."""
        return _readable(self._record(party))

    def _event(self, message: Message) -> dict[str, str | None]:
        """What was said of the person, by name; None where it was erased."""
        affairs = self.reading.find(self.told, message.subject).facts
        said = None if affairs is None or message.revision is None else affairs.said.get(message.revision)
        if said is None:
            return {}
        sealed = {name: value for name, value in said.sealed.items() if isinstance(value, Sealed)}
        places = [(Place(said.controller, said.subject, str(message.revision), name), value) for name, value in sealed.items()]
        opened = zip(sealed, unseal_values(places, self.keys), strict=True)
        return {**said.plain, **{name: value.text if isinstance(value, Plain) else None for name, value in opened}}

    def _record(self, party: str) -> dict[str, str | None]:
        """What the source says of the party now, or said last before it fell silent."""
        with self.store.read() as tx:
            stands = standing(party, events_of(tx, party, self.decode))
        if not stands.said or not stands.visible:
            return {}
        (opened,) = unseal_all([stands.said[-1]], self.contracts, self.keys)
        erased = (name for name in personal_fields(type(opened)) if isinstance(getattr(opened, name), Erased))
        return {**plain_values(opened), **dict.fromkeys(erased)}

    def _quoted(self, message: Message, controller: str, event_id: str, sealed: Sealed) -> str | None:
        place = Place(controller, message.record_party_id or message.subject, event_id, "reference")
        (value,) = unseal_values([(place, sealed)], self.keys)
        return value.text if isinstance(value, Plain) else None


def _readable(said: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in said.items() if value is not None}
