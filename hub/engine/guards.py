"""The guards a proof can switch off, one at a time, to show that it would notice.

All are on; only `HUB_WITHOUT_GUARD`, which the proofs set on processes of their own, takes one away.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """Which of the engine's guards are on."""

    inbox: bool = True
    """What was applied is skipped, by the store's own position."""
    fencing: bool = True
    """A batch commits only while its owner row still carries this claim's epoch."""
    claim: bool = True
    """A partition is claimed, and its memory emptied, at every assignment."""
    parking: bool = True
    """Later records of a dead record's key wait."""
    holes: bool = True
    """A batch that starts beyond the expected position is refused."""
    effects_before_commit: bool = True
    """Effects leave in the same transaction as the facts that want them."""
    ack_before_commit: bool = True
    """Kafka hears of a position only after the store committed it."""
    told: bool = True
    """What has been told is looked up before anything is told."""
    strict_decoding: bool = True
    """Bytes that are not exactly one event are rejected."""
    broker_time: bool = True
    """A due instant fires by the broker's time and a complete partition, not by this machine's clock."""
    same_log: bool = True
    """A partition stops when its log is not the one that was applied."""
    leases: bool = True
    """A connector is run by whoever holds its lease, and its pages are carried only while they do."""
    reconcile: bool = True
    """What the log lost is found again in the outbox and sent once more."""


ALL_GUARDS = Guards()
NAMES = tuple(field.name.replace("_", "-") for field in fields(Guards))


def without(name: str) -> Guards:
    """Every guard but one; raises ValueError for a name that is none."""
    if name not in NAMES:
        raise ValueError(f"unknown guard {name}; one of {', '.join(NAMES)}")
    return replace(ALL_GUARDS, **{name.replace("-", "_"): False})
