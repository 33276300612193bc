"""Threads that live as long as the application: the store gives each thread a connection, so they are few and stay."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """A fixed number of threads for work that waits for the store."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, "web")

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """What the work gives."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)

    def end(self) -> None:
        """Take no more work; what runs is finished."""
        self._pool.shutdown(wait=False)
