"""The cyclic collector looks rarely where batches of thousands of values live and die together and make no cycles.

Measured (docs/benchmarks/engine.md): by default it runs some fifty times a batch and, now and then, over every row in memory: pauses of
100 ms and about a tenth of a worker's time. It still runs, for the libraries' sake.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG, MIDDLE, OLD = 50_000, 20, 20


def rare_collections() -> None:
    """Take what is loaded at start out of the collector's sight, and let it look at the rest rarely; for the whole process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


@contextmanager
def no_collections() -> Iterator[None]:
    """What is loaded in here lives on and makes no cycles: looking it through while it grows would take as long as loading it."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looking:
            gc.enable()
