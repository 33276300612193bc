"""Where wrapped keys lie: what a database must be able to do to hold them."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from hub.privacy.ring import DESTROYED
from hub.privacy.scope import KeyScope


class Row(NamedTuple):
    """One key as stored; 64 zero bytes stand where it was destroyed, and where a tombstone came before any key."""

    key_id: bytes
    scope: KeyScope
    wrapped: bytes

    @property
    def destroyed(self) -> bool:
        """Whether this row is a tombstone."""
        return self.wrapped == DESTROYED


class State(NamedTuple):
    """What every process looks at before it trusts what it remembers."""

    mark: int
    """Grows whenever a key is destroyed or the operator's key changes."""
    ring_version: int
    """The version of the operator's key that new keys must be wrapped by."""


class KeyTable(Protocol):
    """A durable table of keys, shared by any number of processes; raises Unavailable when it cannot be reached."""

    def state(self) -> State:
        """As it is now, never remembered."""

    def writing(self) -> AbstractContextManager[None]:
        """A transaction in which nobody else makes or destroys a key; durable when it ends, undone if it raises."""

    def of_owners(self, owners: Collection[str], buckets: Collection[int]) -> Iterable[Row]:
        """Every row of these owners, and the tombstones that end these buckets for every owner."""

    def of_ids(self, key_ids: Collection[bytes]) -> Iterable[Row]:
        """The rows with these key ids."""

    def add(self, rows: Sequence[Row]) -> None:
        """Adds rows whose scopes are new."""

    def destroy(self, scope: KeyScope) -> int:
        """Overwrites every live key that the scope covers, and says how many."""

    def page(self, after: bytes, size: int) -> list[Row]:
        """Rows in key id order, those after one id."""

    def rewrap(self, rows: Sequence[Row]) -> None:
        """Puts the wrapped key of each row in the place of the one before."""

    def note(self, *, ring_version: int | None = None) -> None:
        """Makes the mark grow, and names the operator's key that wraps from now on."""

    def scrub(self) -> None:
        """Removes what destroyed keys left behind, as far as this database can; done again after a death in between."""

    def close(self) -> None:
        """Lets go of the database."""
