"""Connectors on three workers that are killed one after another: nothing is lost, nothing is said twice, nobody reads what another reads.

The sources refuse, hang, raise, lie about how much there is, repeat and reorder. A record counts as sourced when its source has it. Without
the guard every worker takes what it likes.
"""

import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from hub.connect.repository import Connectors
from hub.engine.migrations import upgrade
from hub.engine.outbox import unpack
from hub.engine.postgresql import PostgresqlStore
from tests.prove.checker import COLUMNS, COUNTED, Finding, Verdict
from tests.prove.connector_worker import Sources, describe, work
from tests.prove.proving import Case, Proven
from tests.services.postgresql import postgresql

WORKERS = 3
AGAIN_SECONDS = 30.0
"""After a worker's death every connector is read again within this time."""
LONGEST = 240.0
APART = 0.04


def prove(case: Case) -> Proven:
    """See above; PostgreSQL, no broker: what would be sent is looked for in the outbox."""
    names = [f"source-{number:02}" for number in range(case.pick(4, 12))]
    kills = case.pick(8, 30) if not case.without else 2
    with tempfile.TemporaryDirectory() as folder, postgresql() as server, server.database() as dsn:
        upgrade("postgresql+psycopg://" + dsn.split("://", 1)[1])
        store = PostgresqlStore(dsn)
        describe(store, names)
        sources = Sources(folder=Path(folder), records=int(1.2 * kills / APART), apart=APART, began=time.monotonic() + 1.0)
        killed = _run(dsn, store, sources, kills, Random(case.seed), fenced=case.without != "leases")
        findings = [*_effects(store, names, sources), *_readers(sources, names, killed)]
        store.close()
    counts = dict.fromkeys(COLUMNS, 0) | Counter(COUNTED[finding.kind] for finding in findings)
    return Proven(verdict=Verdict(counts=counts | {"sourced": sources.records * len(names)}, findings=findings), kills=len(killed))


def _run(dsn: str, store: PostgresqlStore, sources: Sources, kills: int, random: Random, *, fenced: bool) -> list[float]:
    """Kill a worker now and then, put another in its place, and wait until all is read or nobody need wait; gives the moments of death."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.prove.connector_worker"])

    def start() -> ForkServerProcess:
        worker = context.Process(target=work, args=(dsn, sources, fenced), daemon=True)
        worker.start()
        return worker

    workers, killed = [start() for _ in range(WORKERS)], list[float]()
    names = Connectors(store=store).names()
    _wait(lambda: set(names) <= {name for _, _, name in _log(sources)} or not fenced)
    for _ in range(kills):
        time.sleep(random.uniform(0.4, 2.0))
        worker = workers.pop(random.randrange(WORKERS))
        worker.kill()
        worker.join()
        killed.append(time.monotonic())
        workers.append(start())
    if fenced:
        _wait(lambda: len(set(_said(store))) >= sources.records * len(names) and not list(_late(sources, names, killed)))
    for worker in workers:
        worker.kill()
        worker.join()
    return killed


def _wait(holds: Callable[[], bool]) -> None:
    """Until it holds; if it never does, what is found will say so."""
    end = time.monotonic() + LONGEST
    while not holds() and time.monotonic() < end:
        time.sleep(0.3)


def _said(store: PostgresqlStore) -> list[tuple[bytes, bytes]]:
    """What would be sent: case and event."""
    with store.read() as tx:
        blobs = tx.rows("SELECT records FROM outbox ORDER BY stream, seq")
    return [(record.key or b"", record.value) for (blob,) in blobs for record in unpack(bytes(blob))]


def _effects(store: PostgresqlStore, names: Sequence[str], sources: Sources) -> Iterator[Finding]:
    """Every record of every source is said once."""
    said = Counter(key.decode() for key, _ in _said(store))
    wanted = {f"{name}:{number}" for name in names for number in range(sources.records)}
    yield from (Finding("lost", key) for key in sorted(wanted - said.keys()))
    yield from (Finding("duplicate_effect", f"{key} {count} times") for key, count in said.items() if count > 1)


def _log(sources: Sources) -> list[tuple[float, str, str]]:
    file = sources.folder / "log"
    lines = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    return [(float(at), what, name) for at, what, name in lines]


def _readers(sources: Sources, names: Sequence[str], killed: Sequence[float]) -> Iterator[Finding]:
    """Nobody read what another was reading, and everything was read again in time."""
    for at, what, name in _log(sources):
        if what == "twice":
            yield Finding("unaccounted", f"{name} was read by two at once, {at - sources.began:.1f} s after the beginning")
    for name, moment in _late(sources, names, killed):
        yield Finding("unaccounted", f"{name} was not read within {AGAIN_SECONDS:.0f} s of the death at {moment - sources.began:.1f} s")


def _late(sources: Sources, names: Sequence[str], killed: Sequence[float]) -> Iterator[tuple[str, float]]:
    """Each connector that was not read again in time after a death."""
    read: dict[str, list[float]] = {name: [] for name in names}
    for at, what, name in _log(sources):
        if what == "read":
            read[name].append(at)
    for moment in killed:
        for name, times in read.items():
            if not any(moment < at <= moment + AGAIN_SECONDS for at in times):
                yield name, moment
