"""What somebody has to see to is counted, and what is seen to is not counted any more."""

from datetime import date
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from hub.commands.privacy import PlaceHold
from hub.model.errors import Unavailable
from hub.privacy.access_record import AccessRecord, Kind, Look
from hub.upkeep import UpkeepCollector, Waits, waits
from tests.view.test_erasing import confirmed
from tests.view.town import Town, asserted, day

NOTHING = Waits(glasses=0, erasure_seconds=0.0, notice_seconds={})


def test_an_erasure_that_is_due_is_late_until_it_is_carried_out(here: Town) -> None:
    here.say(asserted("p1"))
    assert here.eraser.late_seconds() == 0.0
    confirmed(here, "p1")
    assert here.eraser.late_seconds() == (day(100) - day(7)).total_seconds()
    here.eraser.run_due()
    here.settle()
    assert here.eraser.late_seconds() == 0.0


def test_an_erasure_that_a_hold_stops_is_not_late(here: Town) -> None:
    here.say(asserted("p1"))
    confirmed(here, "p1")
    here.ask(PlaceHold(party_id="p1", at=day(8), hold_id="h1", record_classes=(), ground="litigation", review_on=date(2027, 1, 1)))
    assert here.eraser.late_seconds() == 0.0


def test_a_broken_glass_waits_until_somebody_has_looked_into_it(here: Town) -> None:
    store = here.engine.house.store
    record = AccessRecord(books=store, key=bytes(32), clock=lambda: day(3))
    seen = record.write(Look(kind=Kind.DATA_ACCESSED, actor="u1", role="adviser", organisation="tameside", break_glass="life at risk"))
    assert waits(store, lambda: 0.0, telling=False).glasses == 1
    record.settle(seen, "u2")
    assert waits(store, lambda: 0.0, telling=False) == NOTHING


def test_a_key_store_that_is_away_and_a_store_that_was_never_there_are_figures_and_no_errors(tmp_path: Path) -> None:
    def away() -> Waits:
        raise Unavailable("the store")

    registry = CollectorRegistry()
    agreements = {"waste": date(1970, 1, 1)}
    registry.register(UpkeepCollector(needs=lambda: {"kafka": True}, keys=away, folder=tmp_path, agreements=agreements, look=away))
    text = generate_latest(registry).decode()
    assert 'hub_need_up{need="kafka"} 1.0' in text
    assert 'hub_need_up{need="keys"} 0.0' in text
    assert 'hub_agreement_end_timestamp_seconds{agreement="waste"} 86399' in text
    assert "hub_disk_free_bytes " in text
    assert "hub_break_glass_open " not in text
