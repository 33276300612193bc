"""A noted need drives the channel that is offered, and is counted where people are met face to face."""

import json
from pathlib import Path

import pytest

from hub.cli import seeing
from hub.contracts.contacts import ContactRecorded
from hub.contracts.parties import AccessNeedNoted
from hub.contracts.vocabulary import Channel, Office
from hub.model.personal import Plain
from hub.people.figures import people_figures
from hub.privacy.accounts import NewAccount
from tests.engine_harness import NOON, Engine, begin, stamped
from tests.view.test_commands import run
from tests.view.town import asserted, linked, town

WORDS = "cannot read small print"


@pytest.mark.requirement("I08")
def test_a_need_noted_by_an_officer_is_what_the_next_adviser_offers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with town(tmp_path) as here:
        here.say(asserted("p1"), linked("p1", "c1"))
        for name, role in (("ada", "adviser"), ("stella", "data-steward")):
            new = NewAccount(name=name, role=role, organisation="tameside", password="a long enough phrase")
            seeing.entrance(here.engine.house).accounts.add(new)
        monkeypatch.setenv("HUB_FOLDER", str(here.engine.house.settings.folder))
        monkeypatch.setenv("HUB_CONTROLLER", "tameside")
        assert json.loads(run("show", "c1", "--by", "ada", "--json").stdout)["offers"] == []
        assert run("need", "p1", "--channel", "FACE_TO_FACE", "--channel", "HOME_VISIT", "--what", WORDS, "--by", "stella").exit_code == 0
        here.settle()
        (offer,) = json.loads(run("show", "c1", "--by", "ada", "--json").stdout)["offers"]
        assert (offer["channels"], offer["words"]) == (["FACE_TO_FACE", "HOME_VISIT"], WORDS)


@pytest.mark.requirement("I08")
def test_people_met_face_to_face_are_counted_and_those_with_a_noted_need(engine: Engine) -> None:
    house = engine.house
    engines = [engine, *(begin(house, bundle) for bundle in house.beginnings()[1:])]
    noted = AccessNeedNoted(occurred_at=NOON, party_id="p1", channels=(Channel.FACE_TO_FACE,), needs=Plain(WORDS))
    said = [stamped(asserted("p1")), stamped(asserted("p2")), stamped(noted)]
    said += [stamped(met(n, f"p{n}", Channel.FACE_TO_FACE)) for n in (1, 2)] + [stamped(met(3, "p1", Channel.PHONE))]
    for each in engines:
        each.logs = engine.logs
        each.claim()
    engine.log(*said)
    for each in engines:
        each.feed()
    found = people_figures(house.store)
    assert (found["hub_face_to_face"], found["hub_face_to_face_with_need"]) == (2, 1)


def met(n: int, party: str, channel: Channel) -> ContactRecorded:
    return ContactRecorded(
        occurred_at=NOON, contact_id=f"contact-{n}", channel=channel, organisation="tameside", office=Office.FRONT, subject=party
    )
