"""How many arenas glibc allocates from: by default one for nearly every thread, each of which keeps what was freed in it.

A hub has thirty threads, of which few run at a time (measured: docs/benchmarks/engine.md).
"""

import ctypes
from contextlib import suppress

MOST = 2
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def few_arenas() -> bool:
    """Let all threads share two; true where the C library knows of such a thing. Said before there are threads."""
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, MOST))
    return False
