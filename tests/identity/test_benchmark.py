"""The made-up town is the same wherever it is made, and the scores say what they should of partitions anybody can check by hand."""

import hashlib
from pathlib import Path

import pytest

from benchmarks.identity.files import Truth, read_records, read_truth
from benchmarks.identity.hazards import write
from benchmarks.identity.measured import measured
from benchmarks.identity.scores import false_merges, scores
from hub.identity import fit
from hub.identity.model import from_json, to_json
from hub.identity.normalise import facts
from tests.identity.townsfolk import model


def test_one_seed_makes_one_town(tmp_path: Path) -> None:
    write(tmp_path / "one", people=60, seed=7)
    write(tmp_path / "other", people=60, seed=7)
    digests = {hashlib.sha256((tmp_path / town / "records.csv").read_bytes()).hexdigest() for town in ("one", "other")}
    assert len(digests) == 1


def test_scores_of_a_partition_that_anybody_can_check() -> None:
    found = scores("aaab", [1, 1, 2, 2])
    assert (found.precision, round(found.recall, 4), round(found.f1, 4)) == (0.5, 0.3333, 0.4)


def test_people_who_look_alike_and_are_in_one_group_are_a_false_merge() -> None:
    truth = Truth(persons=("a", "b", "c"), tags=(frozenset(),) * 3, lookalikes=(("a", "b", "twins"), ("b", "c", "twins")))
    assert false_merges(truth, [1, 1, 2]) == {"twins": 0.5}


def test_files_of_that_layout_are_scored_and_the_weights_tell_most_people_apart(tmp_path: Path) -> None:
    write(tmp_path, people=400, seed=11)
    found = measured(model(), tmp_path / "records.csv", tmp_path / "truth.csv", tmp_path / "pairs.csv")
    assert float(str(found["f1"])) > 0.85


@pytest.mark.parametrize("labelled", [True, False])
def test_weights_are_learned_with_labels_and_without_and_kept_as_text(tmp_path: Path, *, labelled: bool) -> None:
    write(tmp_path, people=250, seed=12)
    said = read_records(tmp_path / "records.csv")
    known = [facts(record, accept_reserved=True) for record in said]
    persons = read_truth(tmp_path / "truth.csv", None, said).persons
    made = fit.with_labels(known, persons, "t") if labelled else fit.without_labels(known, "t")
    assert made.stranger["nino"][1] > 5 > made.stranger["nino"][3]
    assert to_json(from_json(to_json(made))) == to_json(made)
