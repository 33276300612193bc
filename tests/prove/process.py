"""One process of the hub under proof: `python -m tests.prove.process --roles worker,relay --ledger FOLDER`, set by `HUB_…` as always.

It runs its roles by the code of `hub up`; only the bundle and the sources are the proofs' own. With `--zygote` it loads everything once and
then forks a process for every line of JSON on its standard input, so that a death costs no second of imports; each is a process of its own,
and dies as one.
"""

import argparse
import ctypes
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import stamina.instrumentation
import structlog

import hub.cli.roles
import hub.engine.faust_feeder  # noqa: F401 - loaded before the fork
from hub import logs
from hub.cli.composition import House, closing
from hub.cli.instance import serve
from hub.engine.bundle import Bundle, Fetched
from hub.engine.serving import Serving
from hub.engine.worker import Outcome, Worker
from hub.model.errors import Misconfigured, Unavailable
from hub.settings import load
from tests.prove import job, job_v2
from tests.prove.source import sources

PR_SET_PDEATHSIG = 1


class ProofHouse(House):
    """The house, some of whose deliveries get lost between the feeder and the worker."""

    leak: float = 0.0
    seed: int = 0

    def serving(self, bundle: Bundle) -> Serving:
        """As the house's own."""
        made = super().serving(bundle)
        if self.leak:
            _leak(made.worker, self.leak, Random(self.seed))
        return made


def _leak(worker: Worker, share: float, random: Random) -> None:
    """A share of the fetches never reaches the worker, as when Faust's flow is stopped or its agent is handed the next one."""
    process = worker.process

    def leaky(fetched: Sequence[Fetched], now: datetime, *, hold: bool = False) -> Outcome:
        return process([each for each in fetched if random.random() >= share], now, hold=hold)

    worker.process = leaky  # type: ignore[method-assign]


def parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    asked = argparse.ArgumentParser(prog="python -m tests.prove.process")
    asked.add_argument("--zygote", action="store_true")
    asked.add_argument("--roles", default="connect,relay,worker")
    asked.add_argument("--ledger", type=Path)
    asked.add_argument("--schemas", type=Path, default=job.SCHEMAS)
    asked.add_argument("--next", action="store_true", help="with the next version of the fold")
    asked.add_argument("--leak", type=float, default=0.0)
    asked.add_argument("--skew", type=float, default=0.0, help="seconds by which this process's clock is wrong")
    asked.add_argument("--seed", type=int, default=0)
    return asked


def house_of(options: argparse.Namespace) -> ProofHouse:
    """The house for these options and the settings in force."""
    views = job.bundle(*([job_v2.PROGRESS] if options.next else []))
    made = ProofHouse(
        settings=load(), contracts=job.contracts(options.schemas), views=views, sources=sources(options.ledger) if options.ledger else ()
    )
    made.__dict__.update(leak=options.leak, seed=options.seed)
    return made


def quieten() -> None:
    """As the hub's own command: retries are not logged with their arguments; what is logged all the same goes to stderr."""
    stamina.instrumentation.set_on_retry_hooks([])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def main(arguments: Sequence[str]) -> int:
    """Run the roles until told to stop: 0; 1 when a bug ended it, 2 when it may not start, and why."""
    options = parser().parse_args(arguments)
    quieten()
    logs.configure(level=logging.WARNING)
    if options.skew:
        import time_machine  # noqa: PLC0415 - only where a clock is to be wrong

        time_machine.travel(datetime.now(UTC) + timedelta(seconds=options.skew), tick=True).start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with closing(house_of(options)) as opened:
            serve(opened, options.roles.split(","), stop)
    except (Misconfigured, Unavailable) as reason:
        print(f"hub: {reason}", file=sys.stderr, flush=True)
        return 2
    except BaseException as ended:  # noqa: BLE001 - typer's way to say that a role ended by a bug
        print(f"hub: {type(ended).__name__}", file=sys.stderr, flush=True)
        return 1
    return 0


def zygote() -> None:
    """Fork a process for every line; nobody waits for them, they die with this one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked)
        print(pid, flush=True)


def _become(asked: dict[str, Any]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, instead in ((0, nothing), (1, output), (2, output)):
        os.dup2(instead, number)
    os.environ.update(asked["environment"])
    code = 1
    try:
        code = main(asked["arguments"])
        Path(asked["ended"]).write_text(str(code))
    finally:
        os._exit(code)


if __name__ == "__main__":
    if "--zygote" in sys.argv:
        zygote()
    else:
        sys.exit(main(sys.argv[1:]))
