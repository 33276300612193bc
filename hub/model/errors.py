"""The error tree: what was raised says what the shell does next.

HubError
├── Rejected       this input can never succeed: dead-letter it with a reason code, park its key, go on
├── Unavailable    the outside is down: wait, offer the same batch again, skip nothing
└── Misconfigured  the hub cannot start as it is set up: exit 2 and say which key, where, why, what to do

Anything else is a bug: commit what came before the culprit, stop the partition, honour the stop after a restart.
No message ever carries a value from an event: names, codes and positions only.
"""


class HubError(Exception):
    """Anything the hub raises on purpose."""


class Rejected(HubError):
    """This input can never succeed; `code` comes from a closed list (`hub/contracts/rejections.py`), `fields` are names, never values."""

    def __init__(self, code: str, *, fields: tuple[str, ...] = ()) -> None:
        super().__init__(code + (f" ({', '.join(fields)})" if fields else ""))
        self.code = code
        self.fields = fields


class Unavailable(HubError):
    """Something outside is down or slow; the same work is offered again after `retry_after` seconds (None: the caller's back-off)."""

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after = retry_after


class Misconfigured(HubError):
    """The hub cannot start: `key` is the setting or file position at fault, `why` the reason, `mend` what to do about it."""

    def __init__(self, key: str, why: str, mend: str = "") -> None:
        super().__init__(f"{key}: {why}" + (f" ({mend})" if mend else ""))
        self.key = key
        self.why = why
        self.mend = mend
