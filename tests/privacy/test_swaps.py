"""Ten thousand attempts to make a sealed value speak in another place; none may succeed."""

from dataclasses import replace
from random import Random

import pytest

from hub.model.errors import Rejected
from hub.model.personal import ERASED, Plain, Sealed
from hub.privacy import boxes
from hub.privacy.boxes import Place
from hub.privacy.keys import KeyStore
from hub.privacy.sealing import Late, seal_all, unseal
from tests.privacy.world import REGISTER, Opened, opened

TRIES = 10_000
PEOPLE = 40


@pytest.fixture
def cases(sqlite: KeyStore) -> list[Opened]:
    return cases_of(sqlite)


def cases_of(keys: KeyStore) -> list[Opened]:
    events = [opened(n, subject=f"party-{n % PEOPLE}", description=f"words of {n}", address=f"{n} High Street") for n in range(4 * PEOPLE)]
    return [event for event in seal_all(events, REGISTER, keys) if not isinstance(event, Late)]


def said(event: Opened, keys: KeyStore) -> str | None:
    """What anybody could read of the description; None where it does not open."""
    try:
        value = unseal(event, REGISTER, keys).description
    except Rejected:
        return None
    assert isinstance(value, Plain)
    return value.text


def box(event: Opened) -> bytes:
    assert isinstance(event.description, Sealed)
    return event.description.box


def moved(chance: Random, one: Opened, other: Opened) -> Opened:
    """An event with a box of another place in its description, or with its own box moved to another place."""
    return chance.choice(
        [
            replace(one, description=other.description),
            replace(one, description=other.address),
            replace(one, description=one.address),
            replace(one, event_id=other.event_id),
            replace(one, subject=f"not {one.subject}"),
            replace(one, subject=None),  # the record would be its owner
            replace(one, controller="derbyshire"),
        ]
    )


def changed(chance: Random, own: bytes, other: bytes) -> bytes:
    """A box cut short, grown, with a bit flipped, or with another's version, key or nonce."""
    at, bit = chance.randrange(len(own)), 1 << chance.randrange(8)
    return chance.choice(
        [
            own[: max(at, 1)],
            own + chance.randbytes(1 + at),
            own[:at] + bytes([own[at] ^ bit]) + own[at + 1 :],
            b"\x00" + own[1:],
            own[:1] + (other[1:17] if other[1:17] != own[1:17] else bytes(16)) + own[17:],
            own[:17] + other[17:29] + own[29:],
        ]
    )


def swapped(chance: Random, one: Opened, other: Opened) -> Opened:
    if chance.random() < 0.5:
        return moved(chance, one, other)
    return replace(one, description=Sealed(changed(chance, box(one), box(other))))


def test_no_moved_or_changed_box_ever_opens(sqlite: KeyStore, cases: list[Opened]) -> None:
    chance = Random(20260302)
    tries = [swapped(chance, *chance.sample(cases, 2)) for _ in range(TRIES)]
    assert [each.event_id for each in tries if said(each, sqlite) is not None] == []


@pytest.mark.parametrize("part", Place._fields)
def test_each_part_of_a_place_is_needed_to_keep_boxes_where_they_are(sqlite: KeyStore, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(boxes, "_bound", lambda *bound: repr(bound[2]._replace(**{part: ""})).encode())
    kept = cases_of(sqlite)
    chance = Random(1)
    tries = [moved(chance, *chance.sample(kept, 2)) for _ in range(2_000)]
    assert any(said(each, sqlite) is not None for each in tries)


def test_untouched_boxes_do_open(sqlite: KeyStore, cases: list[Opened]) -> None:
    assert [said(each, sqlite) for each in cases] == [f"words of {n}" for n in range(4 * PEOPLE)]


def test_a_destroyed_keys_box_opens_in_no_place_at_all(sqlite: KeyStore, cases: list[Opened]) -> None:
    sqlite.tombstone(sqlite.live_scopes())
    assert {unseal(each, REGISTER, sqlite).description for each in cases} == {ERASED}
