"""The made-up town is the same wherever it is made, and the scores say what they should of partitions anybody can check by hand."""

import hashlib
import json
import sys
from pathlib import Path

import pytest

from benchmarks.identity.__main__ import main
from benchmarks.identity.files import Truth, read_records, read_truth
from benchmarks.identity.hazards import write
from benchmarks.identity.measured import ASKED, measured
from benchmarks.identity.same import same_after
from benchmarks.identity.scores import by_community, false_merges, scores
from hub.identity import fit
from hub.identity.model import from_json, to_json
from hub.identity.normalise import facts
from hub.identity.said import Said
from hub.model.errors import Misconfigured
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


def test_a_birth_date_that_far_too_many_have_is_nobodys() -> None:
    filled = [facts(Said(party_id=f"p{n}", birth_date="1900-01-01"), accept_reserved=True) for n in range(40)]
    own = [facts(Said(party_id=f"q{n}", birth_date=f"19{n:02}-05-06"), accept_reserved=True) for n in range(40)]
    assert fit.fillers([*filled, *own]) == {"19000101"}


def test_a_birth_date_that_only_fills_is_not_compared() -> None:
    said = Said(party_id="a", birth_date="1900-01-01")
    assert facts(said, accept_reserved=True, fillers=frozenset({"19000101"})).births == ()


def test_each_community_is_scored_by_its_own_records() -> None:
    truth = Truth(persons=("a", "a", "b", "b"), tags=(frozenset(),) * 4, lookalikes=(), communities=("x", "x", "y", "y"))
    found = by_community(truth, [1, 1, 2, 3])
    assert (found["x"]["recall"], found["y"]["recall"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("records", "truth", "why"),
    [
        (b"", b"record_id,person_id\na,p\n", "has no column record_id, forename, surname"),
        (b"record_id,forename,surname\n", b"record_id,person_id\na,p\n", "has no lines but the first"),
        (b"record_id,forename,surname\na,Jos\xe9,Hill\n", b"record_id,person_id\na,p\n", "is not UTF-8 at byte 32"),
        (b"record_id,forename,surname\na,A,B\na,A,B\n", b"record_id,person_id\na,p\n", "on more than one line"),
        (b"record_id,forename,surname\n,A,B\n", b"record_id,person_id\na,p\n", "has lines without record_id"),
        (b"record_id,forename,surname\na,A,B\n", b"record_id,person_id\nb,p\n", "says nothing of 1 of the 1 records"),
        (b"record_id,forename,surname\na,A,B\n", b"record_id,person_id\na,\n", "has lines without person_id"),
    ],
)
def test_files_that_cannot_be_scored_are_refused_in_words(tmp_path: Path, records: bytes, truth: bytes, why: str) -> None:
    (tmp_path / "r.csv").write_bytes(records)
    (tmp_path / "t.csv").write_bytes(truth)
    with pytest.raises(Misconfigured, match=why):
        read_truth(tmp_path / "t.csv", None, read_records(tmp_path / "r.csv"))


def test_the_last_line_says_what_was_asked_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, people=60, seed=7)
    files = ["--records", str(tmp_path / "records.csv"), "--truth", str(tmp_path / "truth.csv"), "--pairs", str(tmp_path / "pairs.csv")]
    monkeypatch.setattr(sys, "argv", ["benchmarks.identity", *files, "--json"])
    assert main() == 0
    assert tuple(json.loads(capsys.readouterr().out.splitlines()[-1])) == ASKED


def test_the_end_is_the_same_after_a_replay_a_restart_and_everything_told_twice(tmp_path: Path) -> None:
    write(tmp_path, people=150, seed=13)
    assert set(same_after(model(), read_records(tmp_path / "records.csv")).values()) == {True}
