"""What may not be kept any longer: whole periods at once, but never what a hold keeps."""

from datetime import UTC, date, datetime

from hub.commands.privacy import PlaceHold
from hub.people.gathering import Gathering
from hub.people.retention import Retention, ending
from hub.privacy.scope import EVERY_OWNER, FOR_EVER, KeyScope
from hub.privacy.search_index import SearchIndex
from tests.view.test_search import found
from tests.view.town import SURNAME, Town, asserted, day

OVER = KeyScope("tameside", "p1", "parties", 2040)
OTHER = OVER._replace(owner="p2")
LATER = date(2047, 1, 1)


def retention(here: Town) -> Retention:
    house = here.engine.house
    gathering = Gathering(store=house.store, contracts=house.contracts, keys=house.keys, index=SearchIndex(house.instance.id_secret))
    return Retention(
        store=house.store, keys=house.keys, gathering=gathering, eraser=here.eraser, clock=lambda: datetime(2047, 1, 1, tzinfo=UTC)
    )


def test_a_period_that_is_over_ends_for_everybody_by_one_tombstone() -> None:
    assert ending([OVER, OTHER], date(2041, 1, 1), set()) == {OVER._replace(owner=EVERY_OWNER)}
    assert ending([OVER], date(2040, 12, 31), set()) == frozenset()
    assert ending([OVER._replace(bucket=FOR_EVER)], LATER, set()) == frozenset()


def test_where_a_hold_keeps_somebody_the_others_go_one_by_one() -> None:
    assert ending([OVER, OTHER], LATER, {("p1", "parties")}) == {OTHER}
    assert ending([OVER, OTHER], LATER, {("p1", "*")}) == {OTHER}


def test_after_its_time_a_record_cannot_be_read_or_searched_for(here: Town) -> None:
    here.say(asserted("p1"))
    assert retention(here).once(date(2046, 12, 31)) == 0
    assert found(here, name=SURNAME) == {"p1"}
    assert retention(here).once(LATER) == 1
    assert found(here, name=SURNAME) == frozenset()
    assert retention(here).once(LATER) == 0


def test_a_hold_keeps_a_record_past_its_time(here: Town) -> None:
    here.say(asserted("p1"), asserted("p2", surname="Smith"))
    here.ask(
        PlaceHold(party_id="p1", at=day(8), hold_id="h1", record_classes=("parties",), ground="litigation", review_on=date(2048, 1, 1))
    )
    assert retention(here).once(LATER) == 1
    assert found(here, name=SURNAME) == {"p1"}
    assert found(here, name="Smith") == frozenset()
