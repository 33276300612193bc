"""The chain of the record of access: how one entry is tied to the one before, and what shows that something is not as it was written."""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import loads
from typing import Any, NamedTuple

from hub.privacy.books import Transaction

DATA_ACCESSED = "DATA_ACCESSED"
FIRST = bytes(32)
_PAGE = 1_000


class Fault(NamedTuple):
    """Where the record is not as it was written, and how."""

    n: int
    what: str


class Anchor(NamedTuple):
    """How far the record had come, kept where whoever changes the database does not reach."""

    n: int
    chain: str


@dataclass(slots=True, kw_only=True)
class Walked:
    """What a walk along the chain found."""

    count: int
    faults: list[Fault]
    subjects: set[tuple[str, int]]
    broken: set[int]


def walk(tx: Transaction, key: bytes, anchors: Mapping[int, bytes]) -> Walked:
    """Every entry in order, held against its link, the anchors and the head."""
    found = Walked(count=0, faults=[], subjects=set(), broken=set())
    before = FIRST
    for n, at, kind, body, chain, words in _rows(tx):
        found.count += 1
        if n != found.count:
            found.faults.append(Fault(found.count, "missing"))
            found.count = n
        if not hmac.compare_digest(link(key, before, n, at, kind, body, as_bytes(words)), bytes(chain)):
            found.faults.append(Fault(n, "changed, or what is before it"))
        if anchors.get(n, bytes(chain)) != bytes(chain):
            found.faults.append(Fault(n, "not what its anchor says"))
        before = bytes(chain)
        _note(found, n, kind, body)
    last, newest = head(tx)
    if (last, newest) != (found.count, before):
        found.faults.append(Fault(last, "the head names another entry"))
    found.faults += [Fault(n, "taken away after it was anchored") for n in anchors if n > found.count]
    return found


def _note(found: Walked, n: int, kind: str, body: str) -> None:
    try:
        said = loads(body)
        found.subjects |= {(each["about"], n) for each in said["seen"] if each["about"]}
        broke = said["break_glass"] is not None
    except (ValueError, KeyError, TypeError):
        return  # the chain says already that it was changed
    if broke and kind == DATA_ACCESSED:
        found.broken.add(n)


def _rows(tx: Transaction) -> Iterator[tuple[Any, ...]]:
    after = -1
    while page := tx.rows("SELECT n, at, kind, body, chain, words FROM access_record WHERE n > ? ORDER BY n LIMIT ?", (after, _PAGE)):
        yield from page
        after = page[-1][0]


def index_faults(tx: Transaction, subjects: set[tuple[str, int]]) -> list[Fault]:
    """Where the index of whom an entry is about is not what the entries say."""
    indexed = {(about, n) for about, n in tx.rows("SELECT about, n FROM access_subject")}
    return [Fault(n, "is not found by whom it is about") for _, n in subjects - indexed] + [
        Fault(n, "is said to be about somebody it is not about") for _, n in indexed - subjects
    ]


def alert_faults(tx: Transaction, broken: set[int]) -> list[Fault]:
    """Where alerts and broken glasses do not agree."""
    raised = {n for (n,) in tx.rows("SELECT n FROM access_alert")}
    return [Fault(n, "broke the glass and has no alert") for n in broken - raised] + [
        Fault(n, "has an alert and broke no glass") for n in raised - broken
    ]


def head(tx: Transaction) -> tuple[int, bytes]:
    """The newest entry and its link."""
    rows = tx.rows("SELECT n, chain FROM access_head WHERE name = 'record'")
    return (rows[0][0], bytes(rows[0][1])) if rows else (0, FIRST)


def move_head(tx: Transaction, n: int, chain: bytes) -> None:
    """The record has come so far."""
    tx.run(
        "INSERT INTO access_head (name, n, chain) VALUES ('record', ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET n = excluded.n, chain = excluded.chain",
        (n, chain),
    )


def link(key: bytes, before: bytes, n: int, at: int, kind: str, body: str, words: bytes | None) -> bytes:
    """The link of one entry: over everything in it and the link before."""
    parts = (before, b"%d" % n, b"%d" % at, kind.encode(), body.encode(), b"" if words is None else b"\1" + words)
    return hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


def as_bytes(value: Any) -> bytes | None:
    """Bytes as the database gives them, or None."""
    return None if value is None else bytes(value)
