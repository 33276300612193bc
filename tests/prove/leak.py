"""Nothing personal is ever heard from the hub but by who may see it: not in a log, a metric, a header, an error or an address.

Invented people go through every intake, and forty things go wrong with their values in hand: requests that cannot be, records that cannot
be read, commands that are refused. What the hub printed, measured and answered to all of that is looked through for every writing of every
value. The control: an answer that shows a person to who may see them is found to hold their values by the same search.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from confluent_kafka import Producer
from httpx2 import Client, Response

from hub.cli import seeing
from hub.engine.answering import store_answers
from hub.engine.waiting import Waiting
from hub.privacy.accounts import NewAccount
from hub.web import Desk, Readiness, app, open_door, serve
from hub.web.entrance import Entrance
from tests.canaries import forms
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.erasure import NOW, Ground, ground
from tests.prove.planted import Person, people
from tests.prove.proving import Case, Proven
from tests.prove.world import NotQuiet

WORD = "a long enough pass phrase"


@dataclass(slots=True, kw_only=True)
class Heard:
    """What came out of the hub: answers that are errors, and their headers and addresses."""

    errors: list[bytes]
    shown: bytes = b""
    provoked: int = 0

    def note(self, answer: Response, *, may_show: bool = False) -> None:
        """Keep an answer; where it may show a person, its headers and address alone."""
        self.provoked += not may_show
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.errors.append(head.encode())
        if may_show:
            self.shown = answer.content
        else:
            self.errors.append(answer.content)


@dataclass(slots=True, kw_only=True)
class Visit:
    """Somebody at the API, who may ask."""

    client: Client
    entrance: Entrance
    heard: Heard

    def headers(self, purpose: str = "answer-enquiry") -> dict[str, str]:
        """An adviser's."""
        return {"Authorization": f"Bearer {self.entrance.accounts.token('ada')}", "Hub-Purpose": purpose}

    def ask(self, method: str, path: str, **more: Any) -> Response:
        """One request that will not do."""
        answer = self.client.request(method, path, **({"headers": self.headers()} | more))
        self.heard.note(answer)
        return answer


@contextmanager
def visit(hub: Ground) -> Iterator[Visit]:
    """The API of this hub on a port of its own, and an adviser."""
    through = seeing.entrance(hub.house)
    through.accounts.add(NewAccount(name="ada", role="adviser", organisation="tameside", password=WORD))
    desk = Desk(
        commander=seeing.commander(hub.house), reading=seeing.reading(hub.house), now=lambda: datetime.now(UTC),
        waiting=Waiting(store=hub.house.store, routes=hub.house.views.routes),
    )  # fmt: skip
    made = app(
        desk=desk, readiness=Readiness({"store": store_answers(hub.house.store)}), registry=hub.house.registry, entrance=through,
        people=seeing.people(hub.house, through),
    )  # fmt: skip
    door, stop = open_door("127.0.0.1", 0), threading.Event()
    thread = threading.Thread(target=serve, args=(made, door, stop))
    thread.start()
    try:
        with Client(base_url=f"http://127.0.0.1:{door.port}", timeout=20) as client:
            yield Visit(client=client, entrance=through, heard=Heard(errors=[]))
    finally:
        stop.set()
        thread.join(20)


def prove(case: Case) -> Proven:
    """See above; SQLite."""
    everybody = people(case.seed, case.pick(20, 60))
    with ground() as hub:
        try:
            hub.say(everybody, "1", NOW)
            hub.until(hub.settled, "what was said to be gathered", 480)
            with visit(hub) as visitor:
                _provoke(visitor, everybody)
                _break(hub, everybody)
                _see(hub, visitor, everybody[0])
                metrics = visitor.client.get("/metrics").content
            _listen(hub, visitor.heard, metrics, everybody)
        except NotQuiet as still:
            hub.found.append(Finding("unaccounted", str(still)))
        counts = dict.fromkeys(COLUMNS, 0) | {"sourced": len(everybody), "lost": len(hub.found)}
        return Proven(verdict=Verdict(counts=counts, findings=list(hub.found)), kills=0)


def _provoke(visitor: Visit, everybody: Sequence[Person]) -> None:
    """Forty requests that cannot be, each with somebody's value where it does not belong."""
    values = [value for person in everybody for value in person.values.values()]
    for n, value in enumerate(values[:40]):
        match n % 8:
            case 0:
                visitor.ask("POST", "/v1/people/search", json={"name": value, "unknown": value})
            case 1:
                visitor.ask("POST", "/v1/people/search", content=f'{{"name": "{value}'.encode())
            case 2:
                visitor.ask("POST", "/v1/people/search", json={"nino": value})
            case 3:
                visitor.ask(
                    "POST", "/v1/cases", json={"kind": value, "subject": [value]}, headers=visitor.headers() | {"Idempotency-Key": "x"}
                )
            case 4:
                visitor.ask("POST", "/v1/contacts", json={"channel": value, "notes": {"text": value}})
            case 5:
                visitor.ask("POST", "/v1/people/search", json={"born": value}, headers=visitor.headers("match-review"))
            case 6:
                visitor.ask("POST", "/v1/people/search", json={"name": value * 200})
            case _:
                visitor.ask("POST", "/v1/people/search", json=[value], headers={"Authorization": "Bearer none"})


def _break(hub: Ground, everybody: Sequence[Person]) -> None:
    """Records that cannot be read: from a source, and in the log itself."""
    for feed in hub.feeds.values():
        feed.said += [(person.n, person.values, None) for person in everybody[:5]]  # type: ignore[misc]  # a source that talks nonsense
    producer = Producer({**hub.house.kafka, "enable.idempotence": True})
    for person in everybody[:5]:
        producer.produce("parties", json.dumps(dict(person.values)).encode(), key=b"party")
    producer.flush(30)


def _see(hub: Ground, visitor: Visit, person: Person) -> None:
    """The control: who may see a person does."""
    with hub.house.store.read() as tx:
        rows = tx.rows("SELECT customer FROM party_link WHERE party = ? AND until IS NULL", (person.party("council-tax"),))
    if not rows:
        hub.found.append(Finding("lost", "nobody was linked to a customer"))
        return
    visitor.heard.note(visitor.client.get(f"/v1/people/{rows[0][0]}", headers=visitor.headers()), may_show=True)
    if not any(form in visitor.heard.shown.lower() for form in forms(person.values["surname"])):
        hub.found.append(Finding("lost", "who may see a person does not"))


def _listen(hub: Ground, heard: Heard, metrics: bytes, everybody: Sequence[Person]) -> None:
    """Nothing of anybody anywhere."""
    if heard.provoked < 40:
        hub.found.append(Finding("unaccounted", f"only {heard.provoked} errors were provoked"))
    said = {"an error, a header or an address": b"\n".join(heard.errors), "the metrics": metrics, "what was printed": _printed(hub.folder)}
    with hub.house.store.read() as tx:
        said["the record of access"] = repr(tx.rows("SELECT body FROM access_record")).encode()
    for where, text in said.items():
        low = text.lower()
        for person in everybody:
            hub.found += [
                Finding("phantom", f"{what} of person {person.n} in {where}")
                for what, value in person.values.items()
                if any(form in low for form in forms(value))
            ]


def _printed(folder: Path) -> bytes:
    """What the hub and its broker printed; the broker's segments, whose names are numbers, are no logs."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*.log")) if not path.stem.isdigit())
