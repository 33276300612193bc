"""What the composition root gives a connector: the outside world, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from httpx2 import AsyncClient

from hub.model.errors import Misconfigured


class Found(NamedTuple):
    """The place an address was found to mean; `uprn` is empty where none was found."""

    uprn: str
    score: float
    method: str


class Gazetteer(Protocol):
    """Where addresses are looked for."""

    @property
    def edition(self) -> str:
        """Which edition of the local gazetteer it is."""

    def find(self, address: str, postcode: str, uprn: str) -> Found:
        """The place that an address means, by the UPRN its source gives or by its words."""


class PartyId(NamedTuple):
    """Under which id a source's record goes, and of which generation that is: one more after each erasure."""

    id: str
    generation: int


def _no_ids(system: str, _reference: str) -> PartyId:
    raise Misconfigured(system, "speaks of people, but nothing here makes their ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`http` for those that call, `folder` against which relative paths are taken, `now` as aware UTC.

    `party_id(system, reference)` makes ids that say nothing of the reference; `gazetteer` is None where the hub has none.
    """

    http: AsyncClient
    folder: Path
    now: Callable[[], datetime]
    party_id: Callable[[str, str], PartyId] = _no_ids
    place_id: Callable[[str], str] | None = None
    gazetteer: Gazetteer | None = None
