"""What one partition must have come to, told without the engine: a list of records, a loop, and what people decided.

It shares no code with the hub. Days are whole numbers; a case is named by a letter, a record by the name it was told under.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["noted", "promised", "resolved", "rubbish", "refused", "bug"]
State = Literal["dead", "redrive", "skip", "skipped", "waiting"]
NOT_YET = -1
"""The clock of a partition that has heard no time."""


class Record(NamedTuple):
    """One record of a log."""

    case: str
    kind: Kind
    name: str
    day: int = 0


class BugMet(Exception):
    """A record that the code, unmended, cannot stand."""


@dataclass
class Case:
    """What is known of one case, and what of it was set aside."""

    folded: list[Record] = field(default_factory=list)
    aside: dict[int, State] = field(default_factory=dict)
    judged: int = NOT_YET
    """The day up to which it has been asked what should be told; less than the partition's while records of it wait."""

    @property
    def waits(self) -> bool:
        """Whether a record of it is dead and nobody's decision has been carried out."""
        return any(state in ("dead", "redrive", "skip") for state in self.aside.values())

    def wanted(self) -> set[int]:
        """The promised day that was missed, as far as was judged."""
        promised = [record.day for record in self.folded if record.kind == "promised"]
        resolved = [record.day for record in self.folded if record.kind == "resolved"]
        missed = promised and promised[-1] <= self.judged and not (resolved and min(resolved) < promised[-1])
        return {promised[-1]} if missed else set()


@dataclass
class Partition:
    """One log, and how far it has been taken in."""

    log: list[Record] = field(default_factory=list)
    next: int = 0
    clock: int = NOT_YET
    stopped: bool = False
    cases: dict[str, Case] = field(default_factory=dict)

    def take(self, until: int, *, mended: bool) -> None:
        """Take in the log up to this offset, or to the record whose bug stops the partition."""
        for offset in range(self.next, until):
            record = self.log[offset]
            case = self.cases.setdefault(record.case, Case(judged=self.clock))
            if case.waits:
                case.aside[offset] = "waiting"
            elif record.kind == "bug" and not mended:
                self.stopped = True
                return
            elif _dead(record, mended=mended):
                case.aside[offset] = "dead"
            else:
                case.folded.append(record)
            self.next = offset + 1

    def carry_out(self, name: str, *, mended: bool) -> None:
        """Do what people decided about one case, record by record, until one is dead; raises BugMet, after which nothing is done."""
        case = self.cases[name]
        folded, aside = list(case.folded), dict(case.aside)
        for offset, state in sorted(aside.items()):
            if state == "dead":
                break
            if state == "skip":
                aside[offset] = "skipped"
            elif state in ("redrive", "waiting"):
                record = self.log[offset]
                if record.kind == "bug" and not mended:
                    self.stopped = True
                    raise BugMet
                if _dead(record, mended=mended):
                    aside[offset] = "dead"
                    break
                folded.append(record)
                del aside[offset]
        if len(folded) > len(case.folded):
            case.judged = self.clock
        case.folded, case.aside = folded, aside

    def hear(self, day: int) -> None:
        """The day has come, and everything before it was taken in."""
        self.clock = day
        for case in self.cases.values():
            if not case.waits:
                case.judged = day

    def accounts(self) -> Counter[str]:
        """What became of every record that was taken in."""
        states = [state for case in self.cases.values() for state in case.aside.values()]
        dead = sum(state in ("dead", "redrive", "skip") for state in states)
        applied = sum(len(case.folded) for case in self.cases.values())
        return Counter(applied=applied, dead=dead, parked=states.count("waiting"), skipped=states.count("skipped"))


def _dead(record: Record, *, mended: bool) -> bool:
    return record.kind == "rubbish" or (record.kind == "refused" and not mended)
