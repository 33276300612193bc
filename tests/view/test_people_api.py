"""People over HTTP: who may ask what for, what leaves, and that every look is recorded before it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client
from prometheus_client import CollectorRegistry

from hub.cli import seeing
from hub.contracts.people_words import Protection
from hub.engine.answering import store_answers
from hub.engine.waiting import Waiting
from hub.privacy.accounts import NewAccount, Tie
from hub.web import Desk, Readiness, app
from hub.web.entrance import Entrance
from hub.web.people_seen import People
from hub.web.threads import Threads
from tests.engine_harness import stamped
from tests.pages.hall import COUNCIL, Browser, made_entrance, now
from tests.view.test_erasing import opened
from tests.view.town import BORN, NINO, PHONE, POSTCODE, SURNAME, Town, asserted, day, linked, merged, protected, town
from tests.web.conftest import served

WORD = "a long enough pass phrase"


@dataclass(kw_only=True)
class Counter:
    """A hub with people, and somebody at its API."""

    town: Town
    entrance: Entrance
    client: Client

    def program(self, role: str = "adviser", purpose: str | None = "answer-enquiry", organisation: str = COUNCIL) -> dict[str, str]:
        """The headers of somebody in this role."""
        name = f"{role}-{purpose}-{organisation}"
        if name not in {account.name for account in self.entrance.accounts.listing()}:
            self.entrance.accounts.add(NewAccount(name=name, role=role, organisation=organisation, password=WORD))
        said = {"Authorization": f"Bearer {self.entrance.accounts.token(name)}"}
        return said | ({"Hub-Purpose": purpose} if purpose else {})

    def get(self, customer: str, headers: dict[str, str] | None = None, **query: str) -> Any:
        return self.client.get(f"/v1/people/{customer}", params=query, headers=headers or self.program())

    def search(self, headers: dict[str, str] | None = None, **facts: str) -> Any:
        return self.client.post("/v1/people/search", json=facts, headers=headers or self.program())


@contextmanager
def counter(folder: Path, dsn: str) -> Iterator[Counter]:
    """A hub with nobody in it, and its API and pages."""
    with town(folder, dsn) as here:
        house, entrance, threads = here.engine.house, made_entrance(here.engine), Threads(4)
        desk = Desk(
            commander=here.commander, reading=seeing.reading(house), waiting=Waiting(store=house.store, routes=here.engine.bundle.routes),
            now=now, threads=threads,
        )  # fmt: skip
        people = People(view=seeing.view(house), search=seeing.search(house), entrance=entrance, threads=threads)
        readiness = Readiness({"store": store_answers(house.store)}, every=0.05, stale=0.5)
        with served(app(desk=desk, readiness=readiness, registry=CollectorRegistry(), entrance=entrance, people=people)) as client:
            yield Counter(town=here, entrance=entrance, client=client)


@pytest.fixture
def desk(tmp_path: Path, store_dsn: str) -> Iterator[Counter]:
    with counter(tmp_path, store_dsn) as made:
        yield made


def say(here: Counter, *events: Any) -> None:
    """Sources of the council say this."""
    named = [replace(stamped(event, repr(event), source="council-tax"), controller=COUNCIL) for event in events]
    here.town.write(here.town.engine.house.encode(named))


def fields(answer: Any) -> dict[str, Any]:
    return {fact["field"]: fact["values"][0] for fact in answer.json()["facts"]}


@pytest.mark.requirement("D02")
def test_an_adviser_sees_a_person_with_the_source_of_each_fact(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"), opened("p1", "crm:1"))
    answer = desk.get("c1")
    assert answer.status_code == 200
    seen = fields(answer)
    assert seen["names"]["value"]["surname"] == SURNAME
    assert seen["names"]["said_by"][0]["source"] == "council-tax"
    assert (seen["nino"]["value"], seen["nino"]["masked"]) == (None, True)
    assert [record["id"] for record in answer.json()["timeline"]] == ["crm:1"]
    assert NINO not in answer.text


def test_every_look_is_in_the_record_before_the_answer_leaves(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"))
    desk.get("c1")
    (entry,) = desk.entrance.record.who_saw("p1")
    assert entry.body["purpose"] == "answer-enquiry"
    assert SURNAME not in str(entry.body)


def test_nobody_sees_a_person_without_a_purpose_or_in_a_role_that_has_none(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"))
    assert desk.client.get("/v1/people/c1").status_code == 401
    assert desk.get("c1", desk.program(purpose=None)).status_code == 403
    assert desk.get("c1", desk.program("operations", "run-the-hub")).status_code == 403
    assert desk.search(desk.program("operations", "run-the-hub"), nino=NINO).status_code == 403


def test_another_organisation_sees_nothing(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"))
    assert desk.get("c1", desk.program(organisation="elsewhere")).status_code == 403
    assert desk.search(desk.program(organisation="elsewhere"), name=SURNAME, born=BORN).json()["hits"] == []


def test_a_merged_customer_answers_where_it_is_now(desk: Counter) -> None:
    say(desk, asserted("p1"), asserted("p2"), linked("p1", "c1"), linked("p2", "c2"), merged("c1", "c2", day(2)))
    answer = desk.get("c2")
    assert (answer.status_code, answer.headers["location"]) == (308, "/v1/people/c1")


def test_a_name_alone_gives_a_number_and_asks_for_one_more_fact(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"))
    answer = desk.search(name=SURNAME)
    assert answer.json() == {"people": 1, "needs_one_more_fact": True, "more": False, "hits": []}
    assert desk.entrance.record.who_saw("p1") == []


def test_everybody_who_is_listed_is_recorded_as_seen(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"), asserted("p2", forename="Osbert"), linked("p2", "c2"))
    hits = desk.search(name=SURNAME, postcode=POSTCODE).json()["hits"]
    assert {hit["customer_id"] for hit in hits} == {"c1", "c2"}
    assert all(desk.entrance.record.who_saw(party) for party in ("p1", "p2"))


def test_what_is_hidden_for_the_purpose_is_not_searched_by(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"))
    refused = desk.search(nino=NINO)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:hub:problem:not-searchable")
    assert desk.search(phone=PHONE).json()["people"] == 1


def test_a_search_for_nothing_is_refused_and_not_echoed(desk: Counter) -> None:
    refused = desk.client.post("/v1/people/search", json={"name": SURNAME, "shoe": NINO}, headers=desk.program())
    assert refused.status_code == 422
    assert SURNAME not in refused.text
    assert NINO not in refused.text
    assert desk.search().status_code == 422


def test_nobody_has_heard_of_a_customer_that_is_not_there(desk: Counter) -> None:
    assert desk.get("nobody").status_code == 404


def test_what_we_knew_on_a_day_is_asked_for_by_known_at(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"), asserted("p1", day(10), surname="Quillfeather"))
    assert fields(desk.get("c1"))["names"]["value"]["surname"] == "Quillfeather"
    assert fields(desk.get("c1", known_at="2026-03-05T00:00:00Z"))["names"]["value"]["surname"] == SURNAME


def signed_in(desk: Counter) -> Browser:
    desk.entrance.accounts.add(NewAccount(name="ada", role="adviser", organisation=COUNCIL, password=WORD))
    browser = Browser(client=desk.client)
    browser.post("/sign-in", name="ada", password=WORD)
    browser.post("/purpose", purpose="answer-enquiry")
    return browser


def test_a_person_is_found_seen_and_explained_on_pages(desk: Counter) -> None:
    say(desk, asserted("p1"), linked("p1", "c1"), opened("p1", "crm:1"), protected("p1", Protection.ADDRESS))
    browser = signed_in(desk)
    counted = browser.post("/find", words=SURNAME)
    assert "one more fact" in counted.text
    listed = browser.post("/find", words=SURNAME, born="21 3 1954")
    assert 'href="/people/c1"' in listed.text
    page = browser.get("/people/c1")
    assert SURNAME in page.text
    assert "Held, not shown" in page.text
    assert POSTCODE not in page.text
    assert "council-tax" in browser.get("/people/c1/why/names").text
    assert browser.get("/people/c1?known_on=2026-03-01").status_code in {200, 404}


@pytest.mark.requirement("D07")
def test_a_resident_sees_exactly_what_is_held_of_records_proved_to_be_theirs(desk: Counter) -> None:
    say(desk, asserted("p1"), asserted("p2", surname="Quillfeather"), linked("p1", "c1"), linked("p2", "c1"))
    desk.entrance.accounts.add(NewAccount(name="resident-1", role="resident", organisation=COUNCIL, password=WORD))
    desk.entrance.accounts.tie("resident-1", "p1", Tie.PROVED, how="one-login", decided_by="steward")
    browser = Browser(client=desk.client)
    browser.post("/sign-in", name="resident-1", password=WORD)
    page = browser.get("/what-we-hold/record").text
    assert SURNAME in page
    assert "kept until the end of 2046" in page
    assert "Quillfeather" not in page, "what a score alone links to them is not theirs to see"
    assert desk.client.get("/what-we-hold/record", follow_redirects=True).status_code == 200
