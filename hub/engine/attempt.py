"""One poll on its way into the store: what of it is still to be applied, and what has already been found wrong with it."""

from dataclasses import dataclass, field

from hub.engine.bundle import Fetched
from hub.engine.folding import Culprit, Hole, Refused, Tripped


@dataclass(slots=True)
class Attempt:
    """One attempt after another at the same poll, until it commits."""

    fetched: list[Fetched]
    refused: dict[tuple[str, int, int], str] = field(default_factory=dict)
    seek: dict[tuple[str, int], int] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    stopped: dict[int, str] = field(default_factory=dict)

    def without(self, partition: int) -> None:
        """Leave the partition out."""
        self.fetched = [f for f in self.fetched if f.partition != partition]

    def cut(self, topic: str, partition: int, offset: int) -> None:
        """Keep what came before `offset`, and nothing later of that partition's other topics that would outrun it."""
        self.fetched = [_before(f, offset) if (f.topic, f.partition) == (topic, partition) else f for f in self.fetched]

    def met(self, obstacle: Hole | Culprit | Tripped | Refused) -> None:
        """What the next try does about it."""
        place = (obstacle.topic, obstacle.partition)
        match obstacle:
            case Hole():
                self.seek[place] = obstacle.expected
                self.fetched = [f for f in self.fetched if (f.topic, f.partition) != place]
            case Culprit():
                self.stopped[obstacle.partition] = str(obstacle)
                self.cut(*place, obstacle.offset)
            case Tripped():
                self.stopped[obstacle.partition] = f"{obstacle.topic}/{obstacle.partition}@{obstacle.offset}: {obstacle.why}"
                self.cut(*place, obstacle.offset + 1)
            case Refused():
                self.refused[*place, obstacle.offset] = obstacle.code


def _before(fetched: Fetched, offset: int) -> Fetched:
    records = [record for record in fetched.records if record[0] < offset]
    return fetched._replace(records=records, next=min(max(offset, fetched.start), fetched.next))
