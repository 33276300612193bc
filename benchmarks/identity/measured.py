"""Every figure of one set of files."""

from dataclasses import asdict
from pathlib import Path

from benchmarks.identity.files import read_records, read_truth
from benchmarks.identity.runs import reached, run
from benchmarks.identity.scores import attached, by_community, false_merges, scores
from hub.identity.model import Model

CAREFUL = 0.98
ASKED = (
    "precision", "recall", "f1", "b_cubed_f1", "recall_at_98", "recall_at_99", "records_per_cpu_second", "p50_us", "p99_us",
    "review_per_1000", "hazards",
)  # fmt: skip
"""What the last line says of any files."""


def measured(model: Model, records: Path, truth: Path, pairs: Path | None) -> dict[str, object]:
    """Scores, speed, reviews and hazards at the model's own threshold; hazards where .98 is first reached, if precision is below that."""
    said = read_records(records)
    known = read_truth(truth, pairs, said)
    found = run(model, said)
    own = scores(known.persons, found.customers)
    at_98, at_99 = reached(model, said, known.persons, (CAREFUL, 0.99))
    careful = at_98.customers if at_98 and own.precision < CAREFUL else found.customers
    return {
        **{name: round(figure, 4) for name, figure in asdict(own).items()},
        "recall_at_98": round(at_98.scores.recall, 4) if at_98 else 0.0,
        "recall_at_99": round(at_99.scores.recall, 4) if at_99 else 0.0,
        "records_per_cpu_second": round(found.records_per_cpu_second),
        "p50_us": round(found.p50_us, 1),
        "p99_us": round(found.p99_us, 1),
        "review_per_1000": round(found.review_per_1000, 2),
        "join_at_98": at_98.join if at_98 else None,
        "join_at_99": at_99.join if at_99 else None,
        "hazards": false_merges(known, careful),
        "attached": attached(known, careful),
        "communities": by_community(known, found.customers),
    }
