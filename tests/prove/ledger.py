"""What the proofs' sources say: made from a seed, written line by line to files that only grow."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

SOURCES = ("north", "east", "south", "west")
TEAMS = 200
YEARS_AGO = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing a source says; `number` is its own in the whole run."""

    number: int
    source: str
    job: str
    team: str
    kind: str
    at: datetime
    step: int = 0
    revision: int = 0
    points: int = 0
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a run's ledger is made of: `dues` bounds the reminders' instants, in seconds after `start`; one in ten lies a day beyond."""

    seed: int
    events: int
    start: datetime
    dues: tuple[float, float] = (2.0, 20.0)
    shuffled: bool = False
    per_job: int = 10


def tell(story: Story) -> list[Line]:
    """All lines as they are written; each job's own in the order in which they happened, unless the story is shuffled."""
    random = Random(story.seed)
    jobs: list[list[Line]] = []
    left = story.events
    while left > 0:
        jobs.append(list(_job(random, story, len(jobs)))[:left])
        left -= len(jobs[-1])
    turns = [nth for nth, lines in enumerate(jobs) for _ in lines]
    random.shuffle(turns)
    if story.shuffled:
        for lines in jobs:
            random.shuffle(lines)
    waiting = [iter(lines) for lines in jobs]
    return [_numbered(next(waiting[nth]), number) for number, nth in enumerate(turns, 1)]


def _numbered(line: Line, number: int) -> Line:
    return Line(**(asdict(line) | {"number": number}))


def _job(random: Random, story: Story, nth: int) -> Iterator[Line]:
    """One job's reports: steps in turn, some corrected or taken back later, at last perhaps the closing."""
    source, job = SOURCES[nth % len(SOURCES)], f"job-{nth:06d}"
    answer_by = _answer_by(random, story)
    reports = [(step, 0) for step in range(1, random.randint(story.per_job - 3, story.per_job + 3))]
    for step, revision in [*reports, *((step, 1) for step, _ in reports if random.random() < 0.15)]:
        points = 0 if revision and random.random() < 0.5 else random.randint(1, 9)
        yield Line(
            number=0, source=source, job=job, team=_team(random), kind="step", at=_at(random, story), step=step, revision=revision,
            points=points, answer_by=answer_by if step == 1 else None,
        )  # fmt: skip
    if random.random() < 0.6:
        yield Line(number=0, source=source, job=job, team=_team(random), kind="closed", at=_at(random, story))


def _team(random: Random) -> str:
    return f"team-{random.randrange(TEAMS):03d}"


def _at(random: Random, story: Story) -> datetime:
    """Years ago, and one in a hundred a month ahead: nothing of it may matter to what the log keeps."""
    ahead = timedelta(days=30) if random.random() < 0.01 else -YEARS_AGO
    return story.start + ahead + timedelta(seconds=random.randrange(86400))


def _answer_by(random: Random, story: Story) -> datetime | None:
    if random.random() > 0.3:
        return None
    far = timedelta(days=1) if random.random() < 0.1 else timedelta()
    return story.start + far + timedelta(milliseconds=round(1000 * random.uniform(*story.dues)))


def repeated(lines: Sequence[Line], seed: int, least: int, most: int) -> list[Line]:
    """Every line `least` to `most` times: again at once or any time later, never before it was first said."""
    random = Random(seed)
    places = [
        (nth if again == 0 else random.uniform(nth, len(lines)), again, line)
        for nth, line in enumerate(lines)
        for again in range(random.randint(least, most))
    ]
    return [line for _, _, line in sorted(places, key=lambda place: place[:2])]


def append(folder: Path, lines: Sequence[Line]) -> None:
    """Write these lines at the end of their sources' files."""
    for source in SOURCES:
        said = [as_json(line) for line in lines if line.source == source]
        with file_of(folder, source).open("a", encoding="utf-8") as file:
            file.write("".join(f"{each}\n" for each in said))


def file_of(folder: Path, source: str) -> Path:
    """Where a source's lines stand."""
    return folder / f"{source}.jsonl"


def as_json(line: Line) -> str:
    """A line as it is written."""
    return json.dumps(asdict(line), default=datetime.isoformat)


def read(folder: Path) -> list[Line]:
    """Everything the sources have said, source by source."""
    return [
        from_json(text)
        for source in SOURCES
        if file_of(folder, source).exists()
        for text in file_of(folder, source).read_text("utf-8").splitlines()
    ]


def from_json(text: str) -> Line:
    """A line as it was before it was written."""
    said = json.loads(text)
    answer_by = said["answer_by"] and datetime.fromisoformat(said["answer_by"])
    return Line(**(said | {"at": datetime.fromisoformat(said["at"]), "answer_by": answer_by}))
