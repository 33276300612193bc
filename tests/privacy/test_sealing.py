from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model.errors import Rejected
from hub.model.personal import ERASED, Plain, Sealed
from hub.privacy.boxes import ORIGINAL, Content, Place, close_boxes
from hub.privacy.keys import TOMBSTONE, KeyStore
from hub.privacy.keys_sqlite import sqlite_keys
from hub.privacy.personal_fields import personal_fields
from hub.privacy.ring import add_key
from hub.privacy.scope import EVERY_BUCKET, EVERY_OWNER, KeyScope, scope_of
from hub.privacy.sealing import Late, seal, seal_all, unseal, unseal_all, unseal_values
from tests.canaries import found_in
from tests.privacy.conftest import OpenKeys
from tests.privacy.world import REGISTER, SAID, HouseholdMoved, Noted, Opened, moved, noted, opened
from tests.services.promised import at_most, taken

texts = st.text(max_size=60)
runs = count(1)


def sealed(event: Opened, keys: KeyStore) -> Opened:
    found = seal(event, REGISTER, keys)
    assert isinstance(found, Opened)
    return found


def box(event: Opened) -> bytes:
    assert isinstance(event.description, Sealed)
    return event.description.box


def test_the_personal_fields_of_an_event_are_found_from_its_types() -> None:
    assert personal_fields(Opened) == ("address", "description")
    assert personal_fields(Noted) == ("notes",)


def test_what_was_sealed_is_read_again_as_it_was_said(open_keys: OpenKeys) -> None:
    event = opened(address="1 High Street, Ashton-under-Lyne")
    kept = sealed(event, open_keys())
    assert kept != event
    assert unseal(kept, REGISTER, open_keys()) == event


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, texts, st.sampled_from("abc")), max_size=5))
def test_sealing_and_opening_many_changes_nothing(sqlite: KeyStore, said: list[tuple[str, str, str]]) -> None:
    events = [opened(next(runs), description=one, address=two, subject=who) for one, two, who in said]
    assert unseal_all([sealed(event, sqlite) for event in events], REGISTER, sqlite) == events
    kept = [event for event in seal_all(events, REGISTER, sqlite) if isinstance(event, Opened)]
    assert unseal_all(kept, REGISTER, sqlite) == events


def test_a_text_with_half_a_character_is_kept_as_it_came(sqlite: KeyStore) -> None:
    event = opened(description="\ud83d half")
    assert unseal(sealed(event, sqlite), REGISTER, sqlite) == event


def test_an_event_that_says_nothing_personal_passes_as_it_is_and_makes_no_key(sqlite: KeyStore) -> None:
    event = opened(description=None)
    assert seal(event, REGISTER, sqlite) is event
    assert list(sqlite.live_scopes()) == []


def test_an_event_sealed_before_passes_as_it_is(sqlite: KeyStore) -> None:
    kept = sealed(opened(), sqlite)
    assert seal(kept, REGISTER, sqlite) is kept


def test_the_same_words_never_look_the_same(sqlite: KeyStore) -> None:
    one, two = sealed(opened(), sqlite), sealed(opened(), sqlite)
    assert box(one) != box(two)
    assert not found_in(box(one))


def test_an_erased_persons_words_are_erased_wherever_they_were_kept(keys: KeyStore) -> None:
    kept, other = sealed(opened(), keys), sealed(opened(2, subject="party-2"), keys)
    keys.tombstone([scope_of(kept, "description", REGISTER)])
    assert unseal(kept, REGISTER, keys).description is ERASED
    assert unseal(other, REGISTER, keys).description == Plain(SAID)


@pytest.mark.parametrize("stone", [{"owner": EVERY_OWNER}, {}], ids=["for everybody", "for its owner, where a hold keeps another's"])
def test_an_event_of_a_period_that_is_over_stands_without_its_words(keys: KeyStore, stone: dict[str, str]) -> None:
    event = opened(address="1 High Street")
    keys.tombstone([scope_of(event, "description", REGISTER)._replace(**stone)])  # type: ignore[arg-type]  # one part left open
    assert seal(event, REGISTER, keys) == replace(event, address=ERASED, description=ERASED)
    keys.tombstone([scope_of(event, "description", REGISTER)._replace(bucket=EVERY_BUCKET)])
    assert isinstance(seal(event, REGISTER, keys), Late)


def test_an_event_that_comes_after_the_erasure_is_late(sqlite: KeyStore) -> None:
    event = opened(address="1 High Street")
    sqlite.tombstone([scope_of(event, "description", REGISTER)._replace(bucket=EVERY_BUCKET)])
    late = seal(event, REGISTER, sqlite)
    assert late == Late(replace(event, address=ERASED, description=ERASED))
    assert list(sqlite.live_scopes()) == []


def test_a_shared_event_keeps_the_other_person(keys: KeyStore) -> None:
    first, second = (scope_of(moved(), field, REGISTER) for field in ("first_name", "second_name"))
    assert first._replace(owner="") == second._replace(owner="")
    keys.tombstone([first])
    late = seal(moved(), REGISTER, keys)
    assert isinstance(late, HouseholdMoved)
    assert unseal(late, REGISTER, keys) == replace(moved(), first_name=ERASED)
    keys.tombstone([second])
    assert unseal(late, REGISTER, keys) == replace(moved(), first_name=ERASED, second_name=ERASED)


def test_an_empty_box_is_an_erased_value(sqlite: KeyStore) -> None:
    assert unseal(replace(opened(), description=Sealed(b"")), REGISTER, sqlite).description is ERASED


def test_an_event_that_was_not_stamped_is_not_sealed(sqlite: KeyStore) -> None:
    for unstamped in (replace(opened(), event_id=""), replace(opened(), controller="")):
        with pytest.raises(ValueError, match=r"not stamped|a key has a controller"):
            seal(unstamped, REGISTER, sqlite)


def test_a_box_under_a_key_this_hub_never_made_is_rejected(sqlite: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    add_key(tmp_path / "other")
    with (
        closing(sqlite_keys(tmp_path / "other.sqlite", tmp_path / "other", "tameside")) as other,
        pytest.raises(Rejected, match="seal-key-unknown"),
    ):
        unseal(sealed(opened(), other), REGISTER, sqlite)


@pytest.mark.parametrize("damaged", [b"\x01", bytes(28), bytes(45)])
def test_bytes_that_are_no_box_are_rejected(sqlite: KeyStore, damaged: bytes) -> None:
    with pytest.raises(Rejected, match=r"seal-\w+(-\w+)? \(description\)"):
        unseal(replace(opened(), description=Sealed(damaged)), REGISTER, sqlite)


def test_a_row_opens_a_value_by_the_place_where_it_was_sealed(sqlite: KeyStore) -> None:
    kept = sealed(opened(), sqlite)
    place = Place("tameside", "party-1", "opened-1", "description")
    assert isinstance(kept.description, Sealed)
    assert unseal_values([(place, kept.description)], sqlite) == [Plain(SAID)]


def test_the_original_bytes_of_a_dead_letter_stay_sealed_when_its_event_is_opened(sqlite: KeyStore) -> None:
    key = sqlite.keys_for([scope_of(opened(), "description", REGISTER)])
    place = Place("tameside", "party-1", "opened-1", "description")
    (original,) = close_boxes("tameside", ORIGINAL, [Content(place, next(iter(key.values())), b"\xff\x00")])
    event = replace(opened(), description=Sealed(original))
    assert unseal(event, REGISTER, sqlite) == event


def test_no_personal_value_is_in_any_repr(sqlite: KeyStore) -> None:
    event = opened(description="Featherstonehaugh")
    assert "Feather" not in repr(event)
    assert "Feather" not in repr(unseal(sealed(event, sqlite), REGISTER, sqlite))


def test_a_restored_key_store_erases_again_what_its_ledger_says(open_keys: OpenKeys, tmp_path: Path, ring: Path) -> None:
    keys, kept = open_keys(), KeyScope("tameside", "party-2", "service-request", 2032)
    keys.keys_for([kept])
    keys.tombstone([KeyScope("tameside", "party-1", "service-request", EVERY_BUCKET)])
    with closing(sqlite_keys(tmp_path / "restored.sqlite", ring, "tameside")) as restored:
        sealed(opened(), restored)
        restored.tombstone(keys.tombstones())
        assert isinstance(seal(opened(), REGISTER, restored), Late)
        assert restored.keys_for([kept])[kept] is not TOMBSTONE


def test_thousands_of_events_are_sealed_at_once(sqlite: KeyStore) -> None:
    events = [*(opened(n, subject=f"party-{n % 500}") for n in range(3_000)), *(noted(n) for n in range(3_000))]
    runs = [seal_all(events[:1], REGISTER, sqlite)]
    at_most(5, lambda: taken(lambda: runs.append(seal_all(events, REGISTER, sqlite))))
    assert unseal_all([event for event in runs[-1] if not isinstance(event, Late)], REGISTER, sqlite) == events


def test_what_says_nothing_personal_passes_while_the_key_store_cannot_be_reached(sqlite: KeyStore) -> None:
    sqlite.close()
    event = opened(description=None)
    assert seal_all([event], REGISTER, sqlite) == [event]
    assert unseal_all([event], REGISTER, sqlite) == [event]
