"""How fast ids, keys and seals are made: `python -m benchmarks.sealing [--events N] [--dsn DSN] [--json]`.

Everything is the hub's own: real contracts, a key store on a real disk (and with --dsn in a real PostgreSQL), synchronous commits. One case
has two sealed fields of about 25 and 130 characters. Each figure is the best of three rounds, on one core.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from hub.contracts import Contracts, load
from hub.contracts.cases import CaseOpened
from hub.contracts.vocabulary import CaseKind
from hub.model.personal import Plain
from hub.privacy.ids import IdMaker, derived_id
from hub.privacy.instance import Instance, make_instance
from hub.privacy.keys import KeyStore
from hub.privacy.keys_postgresql import postgresql_keys
from hub.privacy.keys_sqlite import sqlite_keys
from hub.privacy.scope import KeyScope
from hub.privacy.sealing import Late, seal_all, unseal_all

SCHEMAS = Path(__file__).parents[1] / "schemas"
ROUNDS, BATCH, KEYS, ERASED, FIELDS = 3, 500, 20_000, 1_000, 2
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Figures = dict[str, float]


def main() -> None:
    """Prints one figure per line, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--dsn", help="measure keys in this PostgreSQL too, in a schema that is dropped again")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = measured(given.events, given.dsn)
    print(json.dumps(figures) if given.json else "\n".join(f"{name:<40} {figure:>12,.2f}" for name, figure in figures.items()))


def measured(events: int, dsn: str | None) -> Figures:
    """Every figure by its name."""
    with tempfile.TemporaryDirectory() as folder:
        instance = make_instance(Path(folder) / "hub")
        figures = _ids(instance.ids, events)
        with closing(sqlite_keys(Path(folder) / "sealing.sqlite", instance.ring_folder, instance.instance_id)) as keys:
            figures |= _seals(load(SCHEMAS), keys, events)
        with closing(sqlite_keys(Path(folder) / "keys.sqlite", instance.ring_folder, instance.instance_id)) as keys:
            figures |= _keys("sqlite", keys)
        if dsn is not None:
            with _in_postgresql(dsn, instance) as keys:
                figures |= _keys("postgresql", keys)
    return figures


def _ids(ids: IdMaker, count: int) -> Figures:
    return {
        "ids of source records per second": count / _best(lambda: [ids.of("los-angeles", f"1-{n}/closed", "3") for n in range(count)]),
        "derived ids per second": count / _best(lambda: [derived_id("who_owns_it", "transferred", f"case-{n}", 1) for n in range(count)]),
    }


def _seals(contracts: Contracts, keys: KeyStore, count: int) -> Figures:
    events = [_case(n) for n in range(count)]
    batches = [events[at : at + BATCH] for at in range(0, count, BATCH)]
    sealed = [[event for event in seal_all(batch, contracts, keys) if not isinstance(event, Late)] for batch in batches]
    return {
        "fields sealed per second": FIELDS * count / _best(lambda: [seal_all(batch, contracts, keys) for batch in batches]),
        "fields opened per second": FIELDS * count / _best(lambda: [unseal_all(batch, contracts, keys) for batch in sealed]),
    }


def _keys(where: str, keys: KeyStore) -> Figures:
    """Every round makes keys for people nobody knows yet; the last figure wraps all of them anew."""
    makes = [_timed(lambda people=people: keys.keys_for(people)) for people in map(_people, range(ROUNDS))]  # type: ignore[misc]  # a bound default
    erases = [_timed(lambda people=people: keys.tombstone(people[:ERASED])) for people in map(_people, range(ROUNDS))]  # type: ignore[misc]  # as above
    return {
        f"{where}: seconds for {KEYS} new keys": min(makes),
        f"{where}: seconds to erase {ERASED} keys": min(erases),
        f"{where}: keys wrapped anew per second": ROUNDS * (KEYS - ERASED) / _timed(keys.rotate),
    }


def _people(batch: int) -> Sequence[KeyScope]:
    return [KeyScope("tameside", derived_id("party", batch, n), "cases", 2032) for n in range(KEYS)]


def _case(n: int) -> CaseOpened:
    return CaseOpened(
        event_id=derived_id("case", n),
        occurred_at=NOON,
        recorded_at=NOON,
        source="los-angeles",
        controller="tameside",
        case_id=derived_id(n),
        kind=CaseKind.SERVICE_REQUEST,
        service_name="Missed bin",
        organisation="tameside",
        owner="waste",
        subject=derived_id("party", n // 4),
        address=Plain(f"{n} High Street, Ashton"),
        description=Plain("The bin was missed again, the third week in a row. " * 3),
    )


@contextmanager
def _in_postgresql(dsn: str, instance: Instance) -> Iterator[KeyStore]:
    schema = "hub_keys_benchmark"
    with closing(postgresql_keys(dsn, instance.ring_folder, instance.instance_id, schema=schema)) as keys:
        yield keys
    with psycopg.connect(dsn) as connection:
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _best(work: Callable[[], object]) -> float:
    return min(_timed(work) for _ in range(ROUNDS))


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
