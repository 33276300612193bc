"""How long is nobody decided about when the identity process changes hands? `python -m benchmarks.identity_restart [--records N]`.

A made-up town's records go through the real process: sealed and encoded as on the log of parties, decided in polls, the decisions in the
store. Its state is kept as in service; then a new owner claims it, from what was kept alone, and with as many inputs since as there can be.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.identity.files import read_records
from benchmarks.identity.hazards import write
from hub.cli import people
from hub.cli.composition import House, closing, open_house
from hub.cli.instance import make
from hub.contracts.parties import PartyAsserted
from hub.contracts.people_words import MatchDomain, PartyKind
from hub.engine.bundle import Fetched
from hub.identity.said import Said
from hub.model.personal import Plain
from hub.people.deciding import READS, IdentityWorker
from hub.people.feeding import AT_ONCE, SAVED_EVERY
from hub.privacy.ids import derived_id
from hub.settings import IdentitySettings, Settings

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(slots=True)
class Log:
    """The log of parties, in a list."""

    house: House
    values: list[bytes] = field(default_factory=list)

    def say(self, some: Sequence[Said]) -> None:
        """Sources say this: sealed and encoded, at the end of the log."""
        self.values += [record.value for record in self.house.encode([_event(one) for one in some])]

    def past(self, since: int, until: int) -> list[tuple[int, bytes]]:
        """A part of it."""
        return list(enumerate(self.values[since:until], since))

    def feed(self, worker: IdentityWorker) -> None:
        """Everything that the worker has not had, in polls."""
        at = worker.holdings[0].tallies[worker.reader, READS].next
        for start in range(at, len(self.values), AT_ONCE):
            records: list[Any] = [(offset, b"", value) for offset, value in self.past(start, start + AT_ONCE)]
            worker.process([Fetched(READS, 0, start, records, start + len(records), 0)], AT)


class _NoBroker:
    def topic_ids(self, _topics: object) -> dict[str, str]:
        """There is none."""
        return {}


def measured(folder: Path, records: int) -> dict[str, float]:
    """Seconds until a new owner has the state, from what was kept last and at the worst moment before it would be kept again."""
    write(folder / "town", people=max(records // 2, 500), seed=1)
    said = read_records(folder / "town" / "records.csv")[:records]
    late = min(SAVED_EVERY - 1, len(said) // 10)
    settings = Settings(folder=folder / "hub", controller="tameside", demonstration=True, identity=IdentitySettings(accept_reserved=True))
    with closing(open_house(settings)) as house:
        make(house)
        people.begin_identity(house, _NoBroker())  # type: ignore[arg-type]  # asked for the ids of topics alone
        log = Log(house)
        owners = [people.identity_worker(house, log.past) for _ in range(3)]
        owners[0].claim([0], AT)
        log.say(said[: len(said) - late])
        log.feed(owners[0])
        owners[0].save()
        kept = _claimed(owners[1])
        log.say(said[len(said) - late :])
        log.feed(owners[1])
        worst = _claimed(owners[2])
        assert owners[2].state.standing() == owners[1].state.standing()
    return {
        "records": len(said), "from_what_was_kept_s": kept.clock, "of_it_computing_s": kept.computing, "inputs_since": late,
        "at_the_worst_moment_s": worst.clock, "of_that_computing_s": worst.computing,
    }  # fmt: skip


class Took(NamedTuple):
    """Seconds by the clock, and of this process's own computing: on a machine that does other things too they differ."""

    clock: float
    computing: float


def _claimed(owner: IdentityWorker) -> Took:
    began, computed = time.perf_counter(), time.process_time()
    owner.claim([0], AT)
    return Took(round(time.perf_counter() - began, 2), round(time.process_time() - computed, 2))


def _event(one: Said) -> PartyAsserted:
    event_id = derived_id("bench", one.party_id)
    names = [{"type": "CURRENT", "title": n.title, "forename": n.forename, "middle": n.middle, "surname": n.surname} for n in one.names]
    homes = [{"type": "HOME", "text": each.lines, "postcode": each.postcode, "uprn": each.uprn} for each in one.addresses]
    listed = {"phones": [{"number": each} for each in one.phones], "emails": list(one.emails), "addresses": homes, "names": names}
    plain = {"born": one.birth_date, "sex": one.sex, "nino": one.nino, "nhs_number": one.nhs_number}
    values: dict[str, Any] = {name: Plain(json.dumps(value)) for name, value in listed.items() if value}
    values |= {name: Plain(value) for name, value in plain.items() if value}
    return PartyAsserted(
        event_id=event_id, correlation_id=event_id, occurred_at=AT, recorded_at=AT, source=one.source, controller="tameside",
        party_id=one.party_id, generation=1, kind=PartyKind.PERSON, match_domain=MatchDomain.GENERAL, complete=True,
        least_age=one.least_age, greatest_age=one.greatest_age, **values,
    )  # fmt: skip


def main() -> None:
    """Measure, and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=60_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        print(json.dumps(measured(Path(folder), asked.records)))


if __name__ == "__main__":
    main()
