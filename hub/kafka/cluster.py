"""A local Kafka of one node or of three: started, looked at, stopped, one node killed and revived."""

import fcntl
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from hub.kafka import archive, disk, jars, process, tls
from hub.kafka.node import PortLost, await_answers, launch
from hub.kafka.plan import Client, Node, Plan, Secrets
from hub.kafka.ports import choose, open_at
from hub.kafka.runtime import Runtime, runtime
from hub.model import Misconfigured

HEAP = "256m"
ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One running or dead node: its number, port, pid, and whether it listens."""

    number: int
    port: int
    pid: int
    answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A local Kafka as it was just found; `notes` says in words what the reader should know (another port, mended data)."""

    plan: Plan
    members: tuple[Member, ...]
    version: str = jars.VERSION
    notes: tuple[str, ...] = ()

    @property
    def bootstrap(self) -> str:
        """Every broker's address, as a client wants it."""
        return self.plan.bootstrap

    def client(self) -> Client:
        """What a librdkafka client needs to be the administrator here."""
        return self.plan.client()


def start(
    folder: Path,
    *,
    size: int = 1,
    port: int | None = None,
    heap: str = HEAP,
    secured: bool = False,
    attached: bool = True,
    with_: Runtime | None = None,
) -> Cluster:
    """Start what the folder holds, or a new Kafka of `size` nodes, and return when all of it answers; what already runs is left running.

    Attached, it dies with this process however that dies; otherwise it stays until `stop`. A wanted `port` that is taken is replaced and
    the notes say so. Raises Misconfigured where the folder holds something else, Unavailable where Kafka does not come up.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        found = status(folder)
        if found and all(member.answers for member in found.members):
            return replace(found, notes=("it was already running",))
        ready = archive.ready(with_ or runtime())
        return _started(_agreed(folder, size, secured=secured), port, ready, heap=heap, attached=attached)


def stop(folder: Path) -> bool:
    """End every node, cleanly if it can; False if none was running."""
    folder = folder.resolve()
    if not (plan := disk.saved(folder)):
        return False
    with _alone(folder):
        running = [child for node in plan.nodes if (child := disk.remembered(plan, node))]
        stopped = any(process.alive(child) for child in running)
        process.end(*running, patience=10 if len(running) == 1 else 2)  # the last of three finds no quorum to take leave of
    return stopped


def status(folder: Path) -> Cluster | None:
    """What runs in the folder, or None if no node does."""
    if not (plan := disk.saved(folder.resolve())):
        return None
    members = tuple(_member(plan, node) for node in plan.nodes)
    return Cluster(plan=plan, members=members) if any(member.pid for member in members) else None


def kill(folder: Path, number: int = 1) -> None:
    """End one node by SIGKILL, as a power cut would, and return when it is gone."""
    plan, node = _node(folder.resolve(), number)
    if child := disk.remembered(plan, node):
        process.end(child, how=signal.SIGKILL)


def revive(folder: Path, number: int = 1, *, heap: str = HEAP, attached: bool = True, with_: Runtime | None = None) -> Member:
    """Start one dead node again on the ports it had, and return when it answers."""
    plan, node = _node(folder.resolve(), number)
    if child := disk.remembered(plan, node):
        process.reap(child)
    running = launch(plan, node, with_ or runtime(), heap=heap, attached=attached)
    await_answers(replace(plan, nodes=(node,)), ((node, running),))
    return _member(plan, node)


def _node(folder: Path, number: int) -> tuple[Plan, Node]:
    plan = disk.saved(folder)
    for node in plan.nodes if plan else ():
        if plan and node.number == number:
            return plan, node
    raise Misconfigured(str(folder), f"it holds no Kafka node {number}", "start one there first")


def _agreed(folder: Path, size: int, *, secured: bool) -> Plan:
    """The plan the folder holds, if it is the kind that is asked for, else a new one without ports."""
    kept = disk.saved(folder)
    if kept is None:
        nodes = tuple(Node(number=number, port=0, controller_port=0) for number in range(1, size + 1))
        return Plan(folder=folder, cluster_id=disk.new_cluster_id(), nodes=nodes, secrets=Secrets.made() if secured else None)
    if len(kept.nodes) != size or bool(kept.secrets) != secured:
        kind = f"{len(kept.nodes)} node(s), {'secured' if kept.secrets else 'open to this machine'}"
        raise Misconfigured(str(folder), f"it holds a Kafka of another kind: {kind}", "ask for that, or name another folder")
    return kept


def _started(plan: Plan, port: int | None, ready: Runtime, *, heap: str, attached: bool) -> Cluster:
    for _ in range(ATTEMPTS - 1):
        with suppress(PortLost):
            return _attempt(plan, port, ready, heap=heap, attached=attached)
    return _attempt(plan, port, ready, heap=heap, attached=attached)


def _attempt(plan: Plan, port: int | None, ready: Runtime, *, heap: str, attached: bool) -> Cluster:
    placed, notes = _placed(plan, port)
    disk.save(placed)
    if placed.secrets:
        tls.ensure(placed.folder)
    notes += disk.prepare(placed, ready)
    running = [(node, launch(placed, node, ready, heap=heap, attached=attached)) for node in placed.nodes]
    try:
        await_answers(placed, running)
    except BaseException:
        process.end(*(child for _, child in running))
        raise
    return Cluster(plan=placed, members=tuple(_member(placed, node) for node in placed.nodes), notes=notes)


def _placed(plan: Plan, port: int | None) -> tuple[Plan, tuple[str, ...]]:
    """The plan with ports that are free now: those it had, if they still are."""
    ports, notes = choose(port or plan.nodes[0].port or None, 2 * len(plan.nodes))
    had = [each for node in plan.nodes for each in (node.port, node.controller_port)]
    if had[0] == ports[0] and not any(open_at(each) for each in had):
        return plan, notes
    pairs = zip(ports[: len(plan.nodes)], ports[len(plan.nodes) :], strict=True)
    nodes = tuple(replace(node, port=own, controller_port=other) for node, (own, other) in zip(plan.nodes, pairs, strict=True))
    return replace(plan, nodes=nodes), notes


def _member(plan: Plan, node: Node) -> Member:
    child = disk.remembered(plan, node)
    alive = child is not None and process.alive(child)
    return Member(number=node.number, port=node.port, pid=child.pid if child and alive else 0, answers=alive and open_at(node.port))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else starts or stops the same Kafka meanwhile."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
