"""What a connector is doing, from what is wished of it, what its worker wrote and whether that worker still holds it.

While a worker holds it, it does what the worker wrote. While nobody does, what is to run is unassigned, what is to pause is paused, what
is to stop is stopped and has no task.
"""

from collections.abc import Sequence
from dataclasses import replace

from hub.connect.words import ConnectorStatus, Known, State, TaskStatus, Trouble, Wish

_UNHELD = {Wish.RUNNING: State.UNASSIGNED, Wish.PAUSED: State.PAUSED, Wish.STOPPED: State.STOPPED}


def connector_status(known: Known, tasks: Sequence[TaskStatus], holder: str, *, unbegun: Trouble | None = None) -> ConnectorStatus:
    """The status of a connector that `holder` holds, or nobody where that is empty; `unbegun` is why it could not even begin."""
    state = _UNHELD[known.wish]
    if holder and unbegun is not None:
        return _status(known, State.FAILED, holder, (), unbegun)
    if holder:
        return _status(known, State.PAUSED if _all_paused(tasks) else State.RUNNING, holder, tasks)
    if known.wish is Wish.STOPPED:
        return _status(known, state, "", ())
    return _status(known, state, "", [replace(task, state=state, worker="", trouble=None, next_at=None) for task in tasks])


def _all_paused(tasks: Sequence[TaskStatus]) -> bool:
    return bool(tasks) and all(task.state is State.PAUSED for task in tasks)


def _status(known: Known, state: State, worker: str, tasks: Sequence[TaskStatus], trouble: Trouble | None = None) -> ConnectorStatus:
    return ConnectorStatus(
        name=known.name, type="source", state=state, worker=worker, wish=known.wish, trouble=trouble, tasks=tuple(tasks)
    )  # fmt: skip
