"""What the composition root gives a connector: the outside world, as values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

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


class Handed(NamedTuple):
    """One thing that was handed in over HTTP, under its connector's number; `body` is None where nobody can read it any more."""

    seq: int
    body: bytes | None


class HandedIn(Protocol):
    """What was handed in over HTTP and is durable."""

    def after(self, connector: str, seq: int, most: int) -> Sequence[Handed]:
        """What was handed in for this connector after this number, in order; raises Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Rows of a query in the order of two of its columns; after these two values, or, without the second, from the first on."""

    address: str = field(repr=False)
    query: str
    watermark: str
    key: str
    watermark_from: str | int | float | None = None
    key_after: str | int | None = None
    most: int


class Tables(Protocol):
    """Tables of other systems' databases, for reading alone."""

    def rows(self, asked: Asked) -> Sequence[Mapping[str, Any]]:
        """The next rows, by the names of their columns; raises Unavailable, and Misconfigured where the question cannot be put."""


class PartyId(NamedTuple):
    """Under which id a source's record goes, and of which generation that is: one more after each erasure."""

    id: str
    generation: int


def _no_ids(system: str, _reference: str) -> PartyId:
    raise Misconfigured(system, "speaks of people, but nothing here makes their ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`http` for those that call, `folder` against which relative paths are taken, `now` as aware UTC.

    `party_id(system, reference)` makes ids that say nothing of the reference; `gazetteer` is None where the hub has none, `handed_in`
    where nothing can be handed in, `tables` where no other system's database can be read.
    """

    http: AsyncClient
    folder: Path
    now: Callable[[], datetime]
    party_id: Callable[[str, str], PartyId] = _no_ids
    place_id: Callable[[str], str] | None = None
    gazetteer: Gazetteer | None = None
    handed_in: HandedIn | None = None
    tables: Tables | None = None
