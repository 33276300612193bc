"""Which keys of a poll can be folded, and what the store has of them."""

from typing import Any

from hub.contracts.partitioning import partition_of
from hub.engine.holding import Book
from hub.engine.store import Store


def prepare(books: list[Book], records: list[Any], partition: int, count: int, store: Store) -> frozenset[bytes | None]:
    """Load what the records' keys have; gives the keys that cannot be folded: none at all, no text, or in the wrong partition."""
    missing = [{key for _, key, _ in records if key not in book.facts} for book in books]
    new = missing[0] if books else {key for _, key, _ in records}  # what is bad is in no book
    bad = {key for key in new if not _is_text(key)}
    unknown = new - bad
    for book, keys in zip(books, missing, strict=True):
        unknown = set(book.load(store, partition, list(keys - bad))) if keys - bad else set()
    for key in unknown:
        if partition_of(key, count) != partition:
            bad.add(key)
            for book in books:
                book.facts.pop(key, None)
    return frozenset(bad)


def unfit_key(key: bytes | None, partition: int, count: int) -> str | None:
    """Why a key cannot be folded in this partition; None where it can. A dead letter's key is empty where its record had none."""
    if not key:
        return "null-key"
    return None if _is_text(key) and partition_of(key, count) == partition else "misrouted-key"


def _is_text(key: bytes | None) -> bool:
    """Whether both databases can keep it as text: it is there, it is UTF-8, and no character is NUL."""
    if key is None or b"\0" in key:
        return False
    try:
        key.decode()
    except UnicodeDecodeError:
        return False
    return True
