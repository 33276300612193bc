"""Who may see what, over HTTP: every cell as people wrote it down, no answer without its record under kill -9, every edit of it found.

Each route, role, organisation and purpose is asked for once and held against tests/access/expected.yaml; 500 looks go to a hub that is
killed again and again, and every answer that came must be in the record; a hub whose record cannot be written answers nobody.
"""

import os
import select
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from time import monotonic
from types import SimpleNamespace
from typing import Any, NamedTuple

from httpx2 import Client, HTTPError
from prometheus_client import CollectorRegistry

from hub.cli.composition import House, closing
from hub.configuration import load_document
from hub.metrics import Glasses
from hub.model.errors import Unavailable
from hub.privacy.access_record import AccessRecord
from hub.settings import Settings
from hub.web import open_door, serve
from tests.access.books import hall as books
from tests.access.expectation import EXPECTED
from tests.access.test_record import unfound_edits
from tests.engine_harness import contracts
from tests.pages.hall import COUNCIL, ROLES, SHOWN, Hall, hall, made_app, made_entrance
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven
from tests.web.conftest import served

ROUTES: Sequence[tuple[str, str, str]] = (
    ("GET", "cases", "/v1/cases"), ("GET", "cases", "/v1/cases/none"), ("POST", "cases", "/v1/cases"),
    ("POST", "cases", "/v1/cases/none/hand-offs"), ("POST", "cases", "/v1/cases/none/hand-offs/none/acceptance"),
    ("POST", "cases", "/v1/cases/none/resolution"), ("POST", "cases", "/v1/cases/none/promises"), ("GET", "contacts", "/v1/contacts"),
    ("GET", "contacts", "/v1/contacts/none"), ("POST", "contacts", "/v1/contacts"), ("POST", "contacts", "/v1/contacts/none/assessment"),
    ("POST", "contacts", "/v1/contacts/none/links"), ("GET", "people", "/v1/people/none"), ("POST", "people", "/v1/people/search"),
    ("GET", "evidence", "/v1/people/none/evidence"), ("POST", "evidence", "/v1/people/none/evidence"),
)  # fmt: skip
PURPOSES = (
    "answer-enquiry", "progress-case", "match-review", "correct-record", "subject-access", "handle-complaint", "run-the-hub", "own-record",
    "protect-somebody", "emergency", "curiosity", "",
)  # fmt: skip
ORGANISATIONS = (COUNCIL, "citizens-advice", "tameside")
READS, EDITS = 500, 300
_SENT: Mapping[str, Mapping[str, str]] = {
    "cases": {}, "contacts": {}, "people": {"name": "nobody"}, "evidence": {"subject": "p1", "kind": "INCOME", "organisation": "housing"},
}  # fmt: skip
REFUSED = {401, 403}


class Reader(NamedTuple):
    """One program, acting for one organisation in one role."""

    role: str
    organisation: str
    headers: Mapping[str, str]


def prove(case: Case) -> Proven:
    """See above; SQLite, the hub's own application."""
    found, kills = [], 0
    with tempfile.TemporaryDirectory() as folder:
        with hall(Path(folder) / "cells", people=True) as town:
            found += [*_cells(town), *_without_a_record(town)]
        killed, kills = _killed(Path(folder) / "killed", Random(case.seed), case.pick(10, 40))
        found += killed
        (Path(folder) / "edits").mkdir()
        with books(Path(folder) / "edits", "") as record:
            found += [
                Finding("unaccounted", f"an edit of the record was not found: {name}") for name in unfound_edits(record, case.seed, EDITS)
            ]
    counts = dict.fromkeys(COLUMNS, 0) | {"unaccounted": len(found)}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=kills)


def _cells(town: Hall) -> Iterator[Finding]:
    """Every route, role, organisation and purpose, once."""
    expected = load_document(EXPECTED)
    for reader in _readers(town):
        for (method, kind, path), purpose in product(ROUTES, PURPOSES):
            said = {**reader.headers, "Hub-Purpose": purpose, "Idempotency-Key": "a-key-for-nothing"}
            status = town.client.request(method, path, headers=said, json=_SENT[kind] if method == "POST" else None).status_code
            let_in, meant = status not in REFUSED, _meant(expected, reader, method, kind, purpose)
            if let_in != meant or status >= 500:
                yield Finding("unaccounted", f"{method} {path} {reader.role} of {reader.organisation} for {purpose or 'nothing'}: {status}")


def _readers(town: Hall) -> list[Reader]:
    return [
        Reader(role, organisation, town.program(town.account(role, organisation))) for role, organisation in product(ROLES, ORGANISATIONS)
    ]


def _meant(expected: Mapping[str, Any], reader: Reader, method: str, kind: str, purpose: str) -> bool:
    """What people wrote down."""
    home = reader.organisation == COUNCIL
    table = expected["endpoints"] if home else expected["abroad"].get(reader.organisation, {})
    return purpose in table.get(kind, {}).get("read" if method == "GET" else "write", {}).get(reader.role, ())


class Down:
    """Books that cannot be written."""

    def __init__(self, store: Any) -> None:
        self.dialect, self.read = store.dialect, store.read

    def write(self) -> Any:
        """Never."""
        raise Unavailable("the record of access")


def _without_a_record(town: Hall) -> Iterator[Finding]:
    """A hub whose record cannot be written shows nothing to anybody."""
    there, case = town.program(town.account("adviser"), "progress-case"), town.case()
    kept = AccessRecord(books=Down(town.engine.house.store), key=bytes(32), clock=town.entrance.record.clock)
    entrance = replace(made_entrance(town.engine), record=kept, glasses=Glasses(CollectorRegistry()))
    with served(made_app(town.engine, entrance)) as client:
        for path in (f"/v1/cases/{case}", "/v1/cases", "/v1/contacts") * 7:
            answer = client.get(path, headers=there)
            if answer.status_code != 503 or case in answer.text:
                yield Finding("unaccounted", f"{path} was answered without a record: {answer.status_code}")


def _killed(folder: Path, random: Random, kills: int) -> tuple[list[Finding], int]:
    """Look 500 times at a hub that is killed again and again; every answer must be in the record."""
    with hall(folder) as town:
        headers = town.program(town.account("adviser"), "progress-case")
    due = sorted(random.sample(range(READS), kills))
    answered = _look(folder / "hub", headers, due, random)
    with closing(_house(folder / "hub")) as house:
        record = made_entrance(_engine(house)).record
        missing = [about for about in answered if not record.who_saw(about)]
        faults = record.verify()[1]
    found = [Finding("unaccounted", f"{about} was answered and is not in the record") for about in missing]
    found += [Finding("unaccounted", f"entry {fault.n} of the record {fault.what}") for fault in faults]
    if len(answered) < READS - 2 * kills:
        found.append(Finding("unaccounted", f"only {len(answered)} of {READS} looks were answered"))
    return found, kills


def _look(folder: Path, headers: Mapping[str, str], due: Sequence[int], random: Random) -> list[str]:
    """Each look is at a record of its own; gives those that were answered."""
    answered, process = [], _Process(folder)
    with Client(timeout=10) as client:
        for n in range(READS):
            about = f"look-{n}"
            if n in due:
                process.kill_after(random.uniform(0.0, 0.006))
            try:
                answer = client.get(f"{process.address}/v1/cases/{about}", headers=dict(headers))
            except HTTPError:
                pass
            else:
                answered += [about] if answer.status_code == 404 else []
            if n in due:
                process.again()
    process.end()
    return answered


class _Process:
    """A hub in a process of its own, on a port that stays."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._pid = folder, 0
        self._door = open_door("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._door.port}"
        self._begin()

    def _begin(self) -> None:
        self._pid = os.fork()
        if self._pid == 0:
            _serve(self._folder, self._door)
        began = monotonic()
        while not self._alive():
            assert monotonic() - began < 240, "the hub does not begin"

    def _alive(self) -> bool:
        try:
            with Client(timeout=5) as client:
                return client.get(f"{self.address}/livez").status_code == 200
        except HTTPError:
            return False

    def kill_after(self, seconds: float) -> None:
        """Have it killed so soon from now, whatever it does then."""
        if os.fork() == 0:
            try:
                select.select([], [], [], seconds)
                os.kill(self._pid, signal.SIGKILL)
            finally:
                os._exit(0)

    def again(self) -> None:
        """Wait for its death, and for the killer, and begin anew."""
        os.waitpid(self._pid, 0)
        os.waitpid(-1, 0)
        self._begin()

    def end(self) -> None:
        """No more."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _serve(folder: Path, door: Any) -> None:
    from threading import Event  # noqa: PLC0415 - in the child only

    code = 1
    try:
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the child's whole life
        with ExitStack() as held:
            house = held.enter_context(closing(_house(folder)))
            serve(made_app(_engine(house), made_entrance(_engine(house))), door, Event())
        code = 0
    finally:
        os._exit(code)


def _house(folder: Path) -> House:
    return House(settings=Settings(folder=folder, controller=COUNCIL), contracts=contracts(), views=SHOWN)


def _engine(house: House) -> Any:
    return SimpleNamespace(house=house, bundle=SHOWN)
