"""The hub as the benchmark runs it: its own composition, with the benchmark's contracts and projection and a note at every commit."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

from benchmarks.engine.case_load import PROJECTION, contracts
from benchmarks.engine.load import PARTITIONS
from benchmarks.engine.timeline import Reading
from hub.cli.composition import House
from hub.engine import catalogue
from hub.engine.batch import Committer
from hub.engine.bundle import Bundle
from hub.engine.holding import Holding
from hub.engine.migrations import upgrade
from hub.privacy.instance import make_instance
from hub.settings import KafkaSettings, Settings

BUNDLE = Bundle(name="benchmark", projections=(PROJECTION,))


@dataclass(slots=True)
class Notes:
    """What one worker has applied, noted at every commit."""

    readings: list[Reading] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    began_at: dict[int, int] = field(default_factory=dict)

    def add(self, holdings: Sequence[Holding] = ()) -> None:
        """The positions these partitions have just been committed at (none before the first), and the clocks."""
        for holding in holdings:
            partition = holding.claim.partition
            self.positions[partition] = max(inbox.next for inbox in holding.claim.inboxes.values())
        spent = os.times()
        done = sum(at - self.began_at.get(partition, 0) for partition, at in self.positions.items())
        self.readings.append(Reading(time.perf_counter(), done, spent.user + spent.system))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotingCommitter(Committer):
    """The hub's committer, noting when each transaction is through."""

    notes: Notes

    def commit(self, holdings: Sequence[Holding], now: datetime) -> None:
        """As Committer.commit."""
        for holding in holdings:
            self.notes.began_at.setdefault(holding.claim.partition, min(inbox.next for inbox in holding.claim.inboxes.values()))
        Committer.commit(self, holdings, now)
        self.notes.add(holdings)


@dataclass(frozen=True, kw_only=True)
class NotingHouse(House):
    """The hub's own house with that committer."""

    notes: Notes = field(default_factory=Notes)

    def committer(self, bundle: Bundle) -> Committer:
        """As House.committer."""
        plain = super().committer(bundle)
        return NotingCommitter(**{each.name: getattr(plain, each.name) for each in fields(Committer)}, notes=self.notes)


def open_house(folder: Path, dsn: str, bootstrap: str, partitions: int = PARTITIONS) -> NotingHouse:
    """The house over this folder and store; nothing is opened yet."""
    settings = Settings(folder=folder, store=dsn, controller="benchmarks", kafka=KafkaSettings(bootstrap=bootstrap))
    return NotingHouse(settings=settings, contracts=contracts(partitions), views=BUNDLE)


def begin(folder: Path, dsn: str, bootstrap: str, partitions: int = PARTITIONS) -> None:
    """A new instance with empty rows, as `hub init` and `hub projection create` make them; its effects are live from the first event."""
    make_instance(folder)
    house = open_house(folder, dsn, bootstrap, partitions)
    upgrade(house.store_url)
    catalogue.create(house.store, BUNDLE, house.partitions(BUNDLE), {}, house.fingerprints(BUNDLE))
    house.store.close()
