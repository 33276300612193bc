"""Which connectors a worker takes and which it gives back: every worker decides for itself, from what all of them can see.

Nobody hands out work. A worker takes no more than its share, the connectors divided by the workers and rounded up, and gives back what it
has beyond that; so what a dead worker held is free when its lease has run out, and a new worker finds something to do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a worker does next: names to take, names to give back."""

    take: tuple[str, ...] = ()
    give: tuple[str, ...] = ()


def share(wanted: Collection[str], held: Mapping[str, str], workers: Collection[str], me: str) -> Share:
    """My next step: `wanted` are the connectors that are to run and that I could, `held` says who holds which."""
    mine = sorted(name for name, holder in held.items() if holder == me)
    unwanted = [name for name in mine if name not in wanted]
    keep = [name for name in mine if name in wanted]
    most = -(-len(wanted) // max(1, len({*workers, me})))
    free = sorted(name for name in wanted if name not in held)
    return Share(take=tuple(free[: max(0, most - len(keep))]), give=(*unwanted, *keep[most:]))
