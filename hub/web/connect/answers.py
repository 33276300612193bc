"""What Kafka Connect says of connectors, made of what the store knows: pure, field by field as a worker of 4.3 says it."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.connect.words import ConnectorStatus, Known, Offset, State, TaskStatus, Trouble

Said = dict[str, Any]


def info(known: Known, status: ConnectorStatus, config: Mapping[str, str]) -> Said:
    """A connector as it is described, with the tasks it has; `config` is what may be shown of its configuration."""
    tasks = [{"connector": known.name, "task": task.id} for task in _tasks(status)]
    return {"name": known.name, "config": dict(config), "tasks": tasks, "type": status.type}


def created(known: Known, type_: str, config: Mapping[str, str]) -> Said:
    """A connector that was described just now: nobody has begun it."""
    return {"name": known.name, "config": dict(config), "tasks": [], "type": type_}


def state(status: ConnectorStatus, release: str, *, restarting: bool = False, asked: Iterable[int] = ()) -> Said:
    """How a connector fares; `restarting` and `asked` say that it and these tasks have just been asked to begin anew."""
    again = set(asked)
    return {
        "name": status.name,
        "connector": _state(State.RESTARTING if restarting else status.state, status.worker, release, status.trouble),
        "tasks": [task_state(task, release, restarting=task.id in again) for task in _tasks(status)],
        "type": status.type,
    }


def task_state(task: TaskStatus, release: str, *, restarting: bool = False) -> Said:
    """How one task fares; its trouble is told while it runs too, if it waits for an outage to end."""
    return {"id": task.id} | _state(State.RESTARTING if restarting else task.state, task.worker, release, task.trouble)


def tasks(known: Known, status: ConnectorStatus, config: Mapping[str, str]) -> list[Said]:
    """The tasks with the configuration that each works by: the connector's own."""
    worked_by = {**config, "task.class": known.kind}
    return [{"id": {"connector": known.name, "task": task.id}, "config": worked_by} for task in _tasks(status)]


def offsets(found: Iterable[Offset]) -> Said:
    """Where the source stands."""
    return {"offsets": [{"partition": dict(each.partition), "offset": dict(each.offset or {})} for each in found]}


def _tasks(status: ConnectorStatus) -> tuple[TaskStatus, ...]:
    return () if status.state is State.STOPPED else status.tasks


def _state(state: State, worker: str, release: str, trouble: Trouble | None) -> Said:
    said: Said = {"state": state.value, "worker_id": worker, "version": release}
    return said | ({"trace": trouble.trace} if trouble is not None else {})
