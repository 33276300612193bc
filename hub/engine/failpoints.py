"""Named places where a process can be made to die, so that every narrow window between two steps is tried on purpose.

`HUB_FAILPOINT=name:hit` kills this process with SIGKILL the `hit`-th time it comes by `name`; `name:hit:freeze` stops it there until
SIGCONT. Unset, nothing is here to come by.
"""

import signal
from typing import Final

NAMES: Final = (
    "source_uncommitted",
    "source_committed",
    "outbox_read",
    "produced_unacked",
    "acked_unmarked",
    "claimed_unread",
    "fetched_undecoded",
    "decoded_unapplied",
    "applied_uncommitted",
    "db_committed_offset_uncommitted",
    "derived_event_enqueued",
    "due_claimed",
    "notice_delivered",
)


class Failpoints:
    """Counts how often one named place is reached, and dies or freezes there."""

    def __init__(self, spec: str = "") -> None:
        name, _, rest = spec.partition(":")
        hit, _, how = rest.partition(":")
        if name and name not in NAMES:
            raise ValueError(f"unknown failpoint {name}; one of {', '.join(NAMES)}")
        self._name = name
        self._left = int(hit or 1)
        self._signal = signal.SIGSTOP if how == "freeze" else signal.SIGKILL

    def reach(self, name: str) -> None:
        """Come by a named place; die or freeze there if this is the one and the time."""
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                signal.raise_signal(self._signal)  # to this very thread: it takes no further step


NO_FAILPOINTS: Final = Failpoints()
