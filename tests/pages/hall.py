"""A hub with pages, and people who may sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from httpx2 import Client, Response
from prometheus_client import CollectorRegistry

from hub.cli import seeing
from hub.cli.access import seal_words
from hub.commands import CASE, COMPLAINT, CONTACT, PRIVACY
from hub.connect.repository import LEASED, Connectors
from hub.connect.words import Cause, State, Wish
from hub.contracts import Rejection
from hub.engine.answering import store_answers
from hub.engine.bundle import Bundle
from hub.engine.commanding import Commander
from hub.engine.lease import take
from hub.engine.reading import Reading
from hub.engine.rows import time_in
from hub.engine.waiting import Waiting
from hub.level_policies import known
from hub.metrics import Glasses
from hub.privacy.access_policy import load_policy
from hub.privacy.access_record import AccessRecord
from hub.privacy.accounts import Accounts, NewAccount
from hub.privacy.sessions import Sessions
from hub.reporting.policy import load as load_rules
from hub.reporting.reading import Insight
from hub.shipped import shipped
from hub.web import Desk, Readiness, app
from hub.web.entrance import Entrance
from hub.web.oidc import Provider
from hub.web.threads import Threads
from projections import (
    PROJECTIONS,
    assessed_contacts,
    case_effort,
    case_timeline,
    complaint_levels,
    contact_log,
    contacts_by_case,
    feedback_given,
    standards_set,
    who_owns_it,
)
from tests.engine_harness import Engine, running
from tests.web.conftest import served

COUNCIL, WORD = "borough-of-exampleton", "correct horse battery"
LEVELS = known(shipped("policies"))
SHOWN = Bundle(
    name="views",
    projections=(
        case_timeline.PROJECTION,
        contact_log.PROJECTION,
        who_owns_it.PROJECTION,
        assessed_contacts.PROJECTION,
        case_effort.PROJECTION,
        feedback_given.PROJECTION,
        standards_set.PROJECTION,
        CASE.state,
        CONTACT.state,
        COMPLAINT.state,
        PRIVACY.state,
        complaint_levels.projection(LEVELS),
    ),
    routes=(contacts_by_case.ROUTE,),
)
"""What these pages show, and what their commands are decided on."""
ROLES = ("adviser", "data-steward", "service-manager", "operations", "integration-engineer", "partner", "resident")


@dataclass(kw_only=True)
class Hall:
    """A hub whose pages answer at `client`."""

    engine: Engine
    entrance: Entrance
    client: Client

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return str(self.client.base_url).rstrip("/")

    def account(self, role: str, organisation: str = COUNCIL, **more: Any) -> str:
        """Somebody with this role; gives the name."""
        name = f"{role}-{uuid4().hex[:8]}"
        self.entrance.accounts.add(NewAccount(name=name, role=role, organisation=organisation, team="front-office", password=WORD, **more))
        return name

    def program(self, name: str, purpose: str | None = None, reason: str | None = None) -> dict[str, str]:
        """The headers of a program that acts as this account."""
        said = {"Authorization": f"Bearer {self.entrance.accounts.token(name)}"}
        return said | ({"Hub-Purpose": purpose} if purpose else {}) | ({"Hub-Break-Glass": reason} if reason else {})

    def case(self, **more: Any) -> str:
        """A case that is visible."""
        name = self.account("adviser")
        headers = self.program(name, "progress-case") | {"Idempotency-Key": uuid4().hex}
        body = {"kind": "SERVICE_REQUEST", "service_name": "Missed bin", "organisation": COUNCIL, "owner": "front-office"} | more
        answer = self.client.post("/v1/cases", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        self.engine.settle()
        return str(answer.json()["id"])

    def complaint(self, **more: Any) -> str:
        """A complaint that is visible and that nobody deals with yet."""
        name = self.account("service-manager", duties=("complaints",))
        headers = self.program(name, "handle-complaint") | {"Idempotency-Key": uuid4().hex}
        body = {"scheme": "CORPORATE", "policy": "tameside-2008-corporate", "subject_type": "SERVICES", "organisation": COUNCIL} | more
        answer = self.client.post("/v1/complaints", json={"team": "complaints"} | body, headers=headers)
        assert answer.status_code == 201, answer.text
        self.catch_up()
        return str(answer.json()["id"])

    def trouble(self) -> None:
        """A source that failed, one that is paused, one that is read; records that nobody has decided about, and a view that stopped."""
        store, at = self.engine.house.store, now()
        connectors, written = Connectors(store=store), time_in(store.dialect)
        for name in ("crm", "refuse rounds", "telephony"):
            connectors.create(name, {"name": name, "connector.class": "csv_drop", "every_seconds": "60"}, base="")
        connectors.wish("refuse rounds", Wish.PAUSED)
        with store.write() as tx:
            for name in ("crm", "telephony"):
                take(tx, f"{LEASED}{name}", "worker", timedelta(hours=1), timedelta(), store.dialect)
            tx.run(
                "UPDATE connector_task SET state = ?, begun = ?, idle = ?, succeeded_at = ?, level_at = ?, cause = '' WHERE connector = ?",
                (State.RUNNING, True, True, written(at), written(at), "telephony"),
            )
            tx.run(
                "UPDATE connector_task SET state = ?, begun = ?, level_at = ?, cause = ?, what = ? WHERE connector = ?",
                (State.FAILED, True, written(at - timedelta(minutes=40)), Cause.MISCONFIGURED, "statuses: lacks Closed", "crm"),
            )
            tx.run_many(
                "INSERT INTO quarantine (connector, origin, code, fields, original, recorded_at) VALUES ('crm', ?, ?, 'status', ?, ?)",
                [(f"march.csv:{row}", Rejection.CSV_MALFORMED, b"", written(at)) for row in (3, 4)],
            )
            tx.run(
                "INSERT INTO dead_letter (bundle, topic, partition, position, key, code, detail, original, parks, state, recorded_at)"
                " VALUES ('views', 'cases', 0, 7, ?, ?, '', ?, ?, 'dead', ?)",
                (b"case", Rejection.TRUNCATED, b"", True, written(at)),
            )
            tx.run(
                "INSERT INTO owner (bundle, partition, epoch, status, reason, beat) VALUES ('views-1', 0, 0, 'stopped', 'breaker: 50', 0)"
            )

    def catch_up(self) -> None:
        """Everything that was said is visible, and what time alone changes is told as of now."""
        self.engine.settle()
        self.engine.beat(now())
        self.engine.settle()


@dataclass(kw_only=True)
class Browser:
    """Somebody who fills in forms, without a browser: cookies are kept, each form's token is sent with it."""

    client: Client

    def get(self, path: str) -> Response:
        """A page."""
        return self.client.get(path, follow_redirects=True)

    def post(self, path: str, page: str | None = None, **fields: str) -> Response:
        """Send the form on `page` (the same address, if not said); what it hides is sent with it."""
        shown = self.client.get(page or path, follow_redirects=True).text
        return self.client.post(path, data=hidden(shown) | fields)

    def sign_in(self, name: str, purpose: str | None = None) -> Response:
        """Sign in, and choose a purpose."""
        answer = self.post("/sign-in", name=name, password=WORD)
        return self.post("/purpose", purpose=purpose) if purpose else answer


def hidden(page: str) -> dict[str, str]:
    """What the first form of the page's content hides, the token above all."""
    found: dict[str, str] = {}
    for part in page.split('<input type="hidden" name="')[1:]:
        name, _, rest = part.partition('" value="')
        found[name] = rest.partition('"')[0]
    return found


@contextmanager
def hall(folder: Path, dsn: str = "", elsewhere: Provider | None = None, *, people: bool = False) -> Iterator[Hall]:
    """A new hub with pages; with `people` those about people too."""
    with running(folder, dsn, SHOWN, controller=COUNCIL) as engine:
        entrance = made_entrance(engine, elsewhere)
        with served(made_app(engine, entrance, people=people)) as client:
            yield Hall(engine=engine, entrance=entrance, client=client)


def made_entrance(engine: Engine, elsewhere: Provider | None = None) -> Entrance:
    """Who may come in to this hub."""
    store, secret = engine.house.store, engine.house.instance.id_secret
    return Entrance(
        accounts=Accounts(books=store, secret=secret, clock=now, new_id=lambda: str(uuid4())), sessions=Sessions(books=store, clock=now),
        record=AccessRecord(books=store, key=secret, clock=now), policy=load_policy(shipped("policies")), secret=secret, controller=COUNCIL,
        threads=Threads(4), glasses=Glasses(CollectorRegistry()), elsewhere=elsewhere, seal=partial(seal_words, engine.house),
    )  # fmt: skip


def now() -> datetime:
    """The instant."""
    return datetime.now(UTC)


def made_app(engine: Engine, entrance: Entrance, *, people: bool = False) -> Any:
    """The whole application."""
    house = engine.house
    commander = Commander(
        store=house.store, contracts=house.contracts, keys=house.keys, digest_key=house.instance.id_secret, controller=COUNCIL
    )  # fmt: skip
    reading, waiting = Reading(store=house.store, contracts=house.contracts), Waiting(store=house.store, routes=engine.bundle.routes)
    figures = Insight(store=house.store, rules=load_rules(shipped("policies")), views={each.name: each for each in PROJECTIONS})
    desk = Desk(commander=commander, reading=reading, waiting=waiting, now=now, threads=Threads(4), insight=figures, levels=LEVELS)
    readiness = Readiness({"store": store_answers(house.store)}, every=0.05, stale=0.5)
    shown = seeing.people(house, entrance) if people else None
    return app(desk=desk, readiness=readiness, registry=CollectorRegistry(), entrance=entrance, people=shown)
