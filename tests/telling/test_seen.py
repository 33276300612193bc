"""What is seen of telling: the ledger over HTTP, answers by HTTP and Kafka, figures, and who must not be written to."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from httpx2 import Client
from prometheus_client import CollectorRegistry, generate_latest

from hub.cli.telling import answers, intake
from hub.contracts.life_event_words import DeathUpdateReason
from hub.contracts.notification_words import Outcome
from hub.contracts.notifications import AcknowledgementGiven
from hub.engine.reading import Reading
from hub.engine.waiting import Waiting
from hub.model.event import EPOCH
from hub.privacy.agreements import agreed
from hub.shipped import shipped
from hub.telling.figures import TellingCollector, telling_figures
from hub.telling.ledger import Ledger
from hub.upkeep import waits
from hub.web import Desk, Readiness, app
from projections.ledger_lines import LineState
from tests.engine_harness import stamped
from tests.telling.desk import ACCOUNT, DEAD, LEDGER, LIFE_EVENT, TOLD, died, updated
from tests.telling.desk import Desk as Council
from tests.view.town import linked
from tests.web.conftest import served


def ledger(council: Council) -> Ledger:
    house = council.engine.house
    reading = Reading(store=house.store, contracts=house.contracts)
    return Ledger(store=house.store, reading=reading, lines=LEDGER, told=TOLD)


@pytest.fixture
def client(council: Council) -> Iterator[Client]:
    """The API of this council, with a death that was told."""
    house = council.engine.house
    reading = Reading(store=house.store, contracts=house.contracts)
    desk = Desk(
        commander=council.town.commander, reading=reading, waiting=Waiting(store=house.store, routes=council.engine.bundle.routes),
        now=lambda: datetime.now(UTC), ledger=ledger(council), answers=answers(house),
    )  # fmt: skip
    council.say(died())
    council.carry()
    with served(app(desk=desk, readiness=Readiness({}), registry=CollectorRegistry())) as found:
        yield found


def test_a_life_event_is_shown_with_everybody_who_was_told_and_everybody_who_was_not(client: Client) -> None:
    shown = client.get(f"/v1/life-events/{LIFE_EVENT}").json()
    lines = {line["agreement"]: line for line in shown["lines"]}
    assert shown["kind"] == "bereavement"
    assert (lines["council-tax"]["state"], lines["council-tax"]["number"]) == ("SENT", 1)
    assert (lines["dwp"]["state"], lines["dwp"]["reason"]) == ("WITHHELD", "TOLD_ELSEWHERE")
    assert client.get("/v1/life-events/another").status_code == 404


def test_a_recipient_says_over_http_what_it_did_and_saying_it_twice_changes_nothing(client: Client, council: Council) -> None:
    sent = council.boxes["council-tax"].got[0]
    said = {"life_event_id": LIFE_EVENT, "agreement": "council-tax", "number": 1, "message_id": sent.message_id, "outcome": "ACTIONED"}
    assert [client.post("/v1/acknowledgements", json=said).status_code for _ in range(2)] == [202, 202]
    council.town.settle()
    assert council.line("council-tax").state is LineState.ACTIONED


@pytest.mark.parametrize("wrong", [{"message_id": "guessed"}, {"agreement": "housing"}, {"number": 2}])
def test_who_does_not_know_the_message_says_nothing(client: Client, council: Council, wrong: dict[str, object]) -> None:
    sent = council.boxes["council-tax"].got[0]
    said = {"life_event_id": LIFE_EVENT, "agreement": "council-tax", "number": 1, "message_id": sent.message_id, "outcome": "ACTIONED"}
    assert client.post("/v1/acknowledgements", json=said | wrong).status_code == 404
    assert council.line("council-tax").state is LineState.SENT


def test_an_answer_on_kafka_is_believed_and_whatever_else_stands_there_is_left_out(council: Council) -> None:
    council.say(died())
    council.carry()
    sent, house = council.boxes["council-tax"].got[0], council.engine.house
    given = AcknowledgementGiven(
        occurred_at=EPOCH,
        life_event_id=LIFE_EVENT,
        agreement="council-tax",
        number=1,
        message_id=sent.message_id,
        outcome=Outcome.ACKNOWLEDGED,
    )
    good = house.contracts.encode(stamped(given))
    follower = intake(house)
    (place,) = {place for place in follower.positions() if place[1] == 0}
    hostile = [b"", b"\x00", good + b"\x00", b"\x00\xff\xff\xff\xff" + good[5:], b"not avro at all"]
    follower.take(place, 0, list(enumerate([*hostile, good, good])), 7)
    council.town.settle()
    assert follower.left_out == len(hostile)
    assert council.line("council-tax").state is LineState.ACKNOWLEDGED


def test_the_figures_say_what_is_open_withheld_and_done(council: Council) -> None:
    council.say(died())
    council.carry()
    seen = telling_figures(council.engine.house.store)
    told = [name for name, box in council.boxes.items() if box.got]
    assert (seen.life_events, seen.states["SENT"], seen.open, seen.seconds_to_all_actioned) == (1, len(told), len(told), None)
    assert {"TOLD_ELSEWHERE", "NO_REFERENCE", "NOT_CHOSEN"} <= seen.withheld.keys()
    for name in told:
        council.answer(name, Outcome.ACTIONED)
    done = telling_figures(council.engine.house.store)
    assert (done.open, done.seconds_to_all_actioned is not None) == (0, True)
    registry = CollectorRegistry()
    registry.register(TellingCollector(lambda: done))
    assert f'hub_notices{{state="actioned"}} {len(told)}.0'.encode() in generate_latest(registry)


def test_a_notice_that_does_not_leave_is_seen_to_wait(council: Council) -> None:
    store = council.engine.house.store
    council.boxes["council-tax"].shut = True
    council.say(died())
    council.carry()
    assert waits(store, lambda: 0.0, telling=True).notice_seconds.keys() == {"council-tax"}
    council.boxes["council-tax"].shut = False
    council.carry()
    assert waits(store, lambda: 0.0, telling=True).notice_seconds == {}


def test_nobody_writes_to_the_dead_but_a_cancelled_registration_silences_nobody(council: Council) -> None:
    council.town.say(linked(ACCOUNT, f"c-{ACCOUNT}"), linked(DEAD, f"c-{ACCOUNT}"))
    assert ledger(council).silence(f"c-{ACCOUNT}") is None
    council.say(died())
    found = ledger(council).silence(f"c-{ACCOUNT}")
    assert found is not None
    assert found.life_event_id == LIFE_EVENT
    council.say(updated(DeathUpdateReason.CANCELLED, 1))
    assert ledger(council).silence(f"c-{ACCOUNT}") is None


def test_a_likely_match_silences_nobody(council: Council) -> None:
    council.town.say(linked(ACCOUNT, f"c-{ACCOUNT}"), linked(DEAD, f"c-{ACCOUNT}"))
    council.set(ACCOUNT, DEAD, proved=())
    council.say(died())
    assert ledger(council).silence(f"c-{ACCOUNT}") is None


@pytest.mark.requirement("F12")
def test_every_share_says_under_which_agreement_for_what_and_on_which_ground(council: Council) -> None:
    council.say(died())
    council.carry()
    for name, box in council.boxes.items():
        terms = agreed(shipped("policies"))()[name]
        assert all(
            (each.values["agreement"], each.values["purpose"], each.values["basis"]) == (name, terms.purpose, terms.basis)
            for each in box.got
        )
    assert sum(len(box.got) for box in council.boxes.values()) >= 1


def test_the_short_list_counts_what_was_told_withheld_and_done(council: Council) -> None:
    council.say(died())
    council.carry()
    council.answer("council-tax", Outcome.ACTIONED)
    (short,) = ledger(council).many(10)
    assert (short.life_event_id, short.kind, short.told >= 1, short.actioned, short.late) == (LIFE_EVENT, "bereavement", True, 1, 0)


def test_a_recipient_that_is_not_done_can_be_sent_the_same_message_again(council: Council) -> None:
    council.say(died())
    council.carry()
    courier, box = council.couriers["council-tax"], council.boxes["council-tax"]
    assert courier.again(LIFE_EVENT) == 1
    assert box.got[0].message_id == box.got[1].message_id
    council.answer("council-tax", Outcome.ACTIONED)
    assert courier.again(LIFE_EVENT) == 0
