from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model.errors import Misconfigured
from hub.privacy.keys import TOMBSTONE, Key, KeyStore
from hub.privacy.ring import add_key, destroy_keys
from hub.privacy.scope import EVERY_BUCKET, EVERY_OWNER, KeyScope, covering
from tests.privacy.conftest import OpenKeys
from tests.services.promised import at_most, taken


def scope(owner: str = "party-1", record_class: str = "service-request", bucket: int = 2032, controller: str = "tameside") -> KeyScope:
    return KeyScope(controller, owner, record_class, bucket)


def key(keys: KeyStore, of: KeyScope) -> Key:
    found = keys.keys_for([of])[of]
    assert isinstance(found, Key)
    return found


def test_a_scope_has_one_key_for_as_long_as_it_lives(open_keys: OpenKeys) -> None:
    first = key(open_keys(), scope())
    assert key(open_keys(), scope()) == first
    assert (len(first.key_id), len(first.secret)) == (16, 32)


def test_each_scope_has_a_key_of_its_own(keys: KeyStore) -> None:
    scopes = [scope(), scope("party-2"), scope(record_class="household"), scope(bucket=2033), scope(controller="derbyshire")]
    found = [key(keys, each) for each in scopes]
    assert len({each.key_id for each in found}) == len({each.secret for each in found}) == len(scopes)


def test_a_key_is_found_again_by_its_id(open_keys: OpenKeys) -> None:
    made = key(open_keys(), scope())
    assert open_keys().keys_by_id([made.key_id, bytes(16)]) == {made.key_id: made}


def test_who_only_asks_makes_no_key(keys: KeyStore) -> None:
    assert keys.keys_for([scope()], create=False) == {}
    assert list(keys.live_scopes()) == []


def test_an_erased_persons_key_never_comes_back(open_keys: OpenKeys) -> None:
    keys = open_keys()
    gone = key(keys, scope())
    assert keys.tombstone([scope()]) == 1
    for store in (keys, open_keys()):
        assert store.keys_for([scope()]) == {scope(): TOMBSTONE}
        assert store.keys_by_id([gone.key_id]) == {gone.key_id: TOMBSTONE}


def test_a_person_can_be_erased_before_anything_is_known_of_them(keys: KeyStore) -> None:
    assert keys.tombstone([scope()]) == 0
    assert keys.keys_for([scope()]) == {scope(): TOMBSTONE}


def test_erasing_a_class_covers_every_year_also_those_to_come(keys: KeyStore) -> None:
    keys.keys_for([scope(bucket=2030), scope(bucket=2031), scope("party-2")])
    assert keys.tombstone([scope(bucket=EVERY_BUCKET)]) == 2
    late = keys.keys_for([scope(bucket=2030), scope(bucket=2044), scope("party-2"), scope(record_class="household")])
    assert {each for each, found in late.items() if found is TOMBSTONE} == {scope(bucket=2030), scope(bucket=2044)}


def test_the_end_of_retention_covers_every_owner_also_those_who_come_late(keys: KeyStore) -> None:
    keys.keys_for([scope(), scope("party-2"), scope(bucket=2033)])
    assert keys.tombstone([scope(EVERY_OWNER)]) == 2
    late = keys.keys_for([scope(), scope("party-3"), scope(bucket=2033), scope("party-3", controller="derbyshire")])
    assert {each for each, found in late.items() if found is TOMBSTONE} == {scope(), scope("party-3")}


def test_one_controllers_erasure_leaves_the_others_records_alone(keys: KeyStore) -> None:
    other = key(keys, scope(controller="derbyshire"))
    keys.tombstone([scope(), scope(bucket=EVERY_BUCKET)])
    assert key(keys, scope(controller="derbyshire")) == other


def test_erasing_again_changes_nothing(keys: KeyStore) -> None:
    keys.keys_for([scope()])
    assert [keys.tombstone([scope()]), keys.tombstone([scope()])] == [1, 0]
    assert list(keys.tombstones()) == [scope()]


def test_another_process_sees_an_erasure_at_its_next_question(open_keys: OpenKeys) -> None:
    here, there = open_keys(), open_keys()
    made = key(there, scope())
    here.tombstone([scope()])
    assert there.keys_for([scope()]) == {scope(): TOMBSTONE}
    assert there.keys_by_id([made.key_id]) == {made.key_id: TOMBSTONE}


def test_a_sender_can_ask_what_was_erased_before_it_sends(open_keys: OpenKeys) -> None:
    here, there = open_keys(), open_keys()
    before = there.mark()
    here.tombstone([scope(bucket=EVERY_BUCKET), scope(EVERY_OWNER, "household", 2026)])
    assert there.mark() > before
    asked = [scope(), scope("party-2"), scope("party-9", "household", 2026)]
    assert there.tombstoned(asked) == {asked[0], asked[2]}


def test_making_a_key_is_no_erasure(keys: KeyStore) -> None:
    before = keys.mark()
    keys.keys_for([scope()])
    assert keys.mark() == before


def test_keys_are_not_remembered_longer_than_a_minute(open_keys: OpenKeys) -> None:
    now = [0.0]
    keys = open_keys(clock=lambda: now[0])
    keys.keys_for([scope()])
    now[0] = 59.9
    assert keys.keys_for([scope()], create=False)
    assert keys._by_scope
    now[0] = 60.0
    keys.keys_for([])
    assert not keys._by_scope
    assert not keys._by_id


def test_a_key_without_an_owner_is_a_mistake(keys: KeyStore) -> None:
    for unclear in (scope(EVERY_OWNER), scope(bucket=EVERY_BUCKET), scope(controller=""), scope(record_class="")):
        with pytest.raises(ValueError, match="a key has a controller"):
            keys.keys_for([unclear])


def test_a_tombstone_for_every_controller_is_a_mistake(keys: KeyStore) -> None:
    key(keys, scope())
    with pytest.raises(ValueError, match="names its controller"):
        keys.tombstone([scope(controller="")])
    assert list(keys.live_scopes()) == [scope()]


def test_rotation_wraps_every_key_anew_and_changes_none(open_keys: OpenKeys, ring: Path) -> None:
    keys, other = open_keys(), open_keys()
    scopes = [scope(f"party-{n}") for n in range(50)]
    before = keys.keys_for(scopes)
    keys.tombstone(scopes[:5])
    assert keys.rotate() == 45
    assert keys.retire() == (1,)
    assert sorted(path.name for path in ring.glob("*.key")) == ["2.key"]
    for store in (keys, other, open_keys()):
        assert store.keys_for(scopes) == {**before, **dict.fromkeys(scopes[:5], TOMBSTONE)}
    assert key(other, scope("newcomer")) == key(keys, scope("newcomer"))


def test_a_rotation_that_died_half_way_is_finished_by_the_next(open_keys: OpenKeys, ring: Path) -> None:
    keys = open_keys()
    made = key(keys, scope())
    add_key(ring)  # died after the file and before the store knew of it
    assert key(open_keys(), scope()) == made
    keys.rotate()
    keys.retire()
    assert sorted(path.name for path in ring.glob("*.key")) == ["3.key"]
    assert key(open_keys(), scope()) == made


def test_another_hubs_key_store_is_refused(open_keys: OpenKeys) -> None:
    open_keys().keys_for([scope()])
    with pytest.raises(Misconfigured, match="another hub"):
        open_keys(instance="derbyshire")


def test_another_operators_key_is_refused_at_start(open_keys: OpenKeys, ring: Path, tmp_path: Path) -> None:
    open_keys().keys_for([scope()])
    other = tmp_path / "other"
    other.mkdir()
    add_key(other)
    with pytest.raises(Misconfigured, match="does not open this key store"):
        open_keys(other)


def test_a_lost_operators_key_is_said_at_start(open_keys: OpenKeys, ring: Path) -> None:
    open_keys()
    destroy_keys(ring, before=2)
    with pytest.raises(Misconfigured, match=r"1\.key: the operator's key is missing"):
        open_keys()


def test_no_repr_shows_a_secret(keys: KeyStore) -> None:
    found = key(keys, scope())
    shown = repr((found, keys, keys._ring))
    assert repr(found.secret)[2:-1] not in shown
    assert all(repr(secret)[2:-1] not in shown for secret in keys._ring.keys.values())


owners = st.sampled_from(["a", "b", "c"])
runs = count(1)
OPEN: dict[str, dict[str, Any]] = {"erase": {}, "erase class": {"bucket": EVERY_BUCKET}, "end period": {"owner": EVERY_OWNER}}
buckets = st.sampled_from([2030, 2031])
steps = st.lists(st.tuples(st.sampled_from(["make", "erase", "erase class", "end period"]), owners, buckets), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_the_order_what_was_erased_stays_erased(open_keys: OpenKeys, steps: list[tuple[str, str, int]]) -> None:
    run, dead, made = next(runs), set[KeyScope](), dict[KeyScope, Key]()
    every = [scope(owner, f"class-{run}", bucket) for owner in "abc" for bucket in (2030, 2031)]
    with closing(open_keys()) as keys:
        for what, owner, bucket in steps:
            one = scope(owner, f"class-{run}", bucket)
            if what == "make":
                found = keys.keys_for([one])[one]
                assert (found is TOMBSTONE) == (one in dead)
                assert not isinstance(found, Key) or made.setdefault(one, found) == found
            else:
                stone = {"erase": one, "erase class": one._replace(bucket=EVERY_BUCKET), "end period": one._replace(owner=EVERY_OWNER)}[
                    what
                ]
                keys.tombstone([stone])
                dead |= {each for each in every if stone in covering(each)}
    with closing(open_keys()) as keys:
        assert {each for each, found in keys.keys_for(every).items() if found is TOMBSTONE} == dead


def test_twenty_thousand_new_people_have_keys_in_a_second(keys: KeyStore) -> None:
    people = iter((range(20_000), range(20_000, 40_000)))

    def asked() -> float:
        scopes = [scope(f"party-{n:032x}") for n in next(people)]
        return taken(lambda: keys.keys_for(scopes))

    at_most(4, asked)  # a second on a quiet machine; here other tests run beside it
