"""What the composition root gives a connector: the outside world, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from httpx2 import AsyncClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`http` for those that call, `folder` against which relative paths are taken, `now` as aware UTC."""

    http: AsyncClient
    folder: Path
    now: Callable[[], datetime]
