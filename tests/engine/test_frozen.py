"""A process that freezes in the middle of its transaction does not hold a partition for ever: the server ends what stands still."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

import pytest

from hub.engine.migrations import upgrade
from hub.engine.ownership import claim
from hub.engine.postgresql import PostgresqlStore
from hub.model.errors import Unavailable

FREEZE = """
import signal, sys
from hub.engine.postgresql import PostgresqlStore
from hub.engine.store import Column, Table
class Frozen(list):
    def __getitem__(self, part):
        if part.start:
            signal.raise_signal(signal.SIGSTOP)
        return super().__getitem__(part)
keys = Table(name="t", columns=tuple(Column(name=name, kind="int") for name in "ab"), key=("a",))
with PostgresqlStore(sys.argv[1], "another").write() as tx:
    tx.run("UPDATE owner SET beat = beat + 1")
    if sys.argv[2] == "copying":
        tx.upsert(keys, Frozen((n, 2) for n in range(50_000)))
    tx.run_many("UPDATE owner SET beat = ? WHERE partition = ?", [(2, 1), (2, 2)])
    signal.raise_signal(signal.SIGSTOP)
"""


@contextmanager
def frozen(dsn: str, while_: str) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", FREEZE, dsn, while_]) as child:
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        try:
            yield
        finally:
            child.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("while_", ["writing many rows", "copying"])
def test_a_partition_whose_owner_froze_in_its_transaction_can_be_claimed_within_seconds(postgresql: str, while_: str) -> None:
    store = PostgresqlStore(postgresql, "new")
    with store.write() as tx:
        tx.run("CREATE TABLE t (a bigint PRIMARY KEY, b bigint)")
    upgrade(f"postgresql+psycopg{postgresql.removeprefix('postgresql')}")
    with store.write() as tx:
        tx.run("INSERT INTO owner (bundle, partition, epoch, status, beat, holder) VALUES ('views', 1, 1, 'running', 0, 'another')")
    with frozen(postgresql, while_):
        began = monotonic()
        while not claimed(store):
            assert monotonic() - began < 15, "the server ends what stands still after five seconds"
    store.close()


def claimed(store: PostgresqlStore) -> bool:
    try:
        with store.write() as tx:
            return claim(tx, "views", 1, "new", datetime.now(UTC), "postgresql") is not None
    except Unavailable:
        return False
