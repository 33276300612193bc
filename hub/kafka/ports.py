"""Ports on the loopback: the wanted one if it is free, else another."""

import random
import socket
from contextlib import ExitStack

USUAL = 19092
LOOPBACK = "127.0.0.1"
QUIET = range(20000, 32000)
"""Below the ports that outgoing connections are given, so that a broker finds its port free when it comes back."""


def choose(wanted: int | None, count: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """`count` different free ports, the wanted one first if it is free, and what to tell the reader if it was not."""
    with ExitStack() as held:
        first = (wanted and _bound(held, wanted)) or _any(held)
        ports = (first, *(_any(held) for _ in range(count - 1)))
    taken = wanted is not None and first != wanted
    return ports, (f"port {wanted} was taken: {LOOPBACK}:{first} is used instead",) if taken else ()


def open_at(port: int) -> bool:
    """Something on this machine accepts connections at the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _any(held: ExitStack) -> int:
    tries = random.sample(QUIET, 100)
    return next(filter(None, (_bound(held, port) for port in tries)), 0) or _bound(held, 0)


def _bound(held: ExitStack, port: int) -> int:
    """The port, held until the stack ends; 0 if somebody else listens there. Connections of a broker that died do not count."""
    holder = held.enter_context(socket.socket())
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((LOOPBACK, port))
        holder.listen(1)
    except OSError:
        return 0
    return int(holder.getsockname()[1])
