"""Times that are promised, measured on machines that may be busy with something else."""

from collections.abc import Callable
from time import perf_counter


def at_most(seconds: float, attempt: Callable[[], float]) -> None:
    """One of two attempts takes no longer: a machine that was busy elsewhere may spoil one, a broken promise spoils both."""
    took = [attempt()]
    if took[0] > seconds:
        took.append(attempt())
    assert min(took) <= seconds, f"promised are {seconds} s, it took {took}"


def taken(work: Callable[[], object]) -> float:
    """How many seconds this takes."""
    began = perf_counter()
    work()
    return perf_counter() - began
