"""Splink on DuckDB on the same records, in the strongest configuration we know: `run.py FOLDER`, the last line is one JSON object.

It is given the hub's own normalised values, nicknames brought to one form and birth dates that only fill a field left out; comparisons by
edit distance and likeness, term frequencies on every value, nine blocking rules; trained without labels and, on the very records it is
scored on, with them. Beside what it predicts as it is stands what is left when rules written by hand forbid links between people of one
home: another birth date, another forename on one birth date, another National Insurance number. Of all thresholds the best is printed.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
from hub.identity.nicknames import SAME_NAME  # noqa: E402 - the hub is found by its path: this environment does not hold it
from hub.identity.normalise import facts  # noqa: E402
from hub.identity.rows import said  # noqa: E402

WEIGHTS = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32]

folder = Path(sys.argv[1])
table = pd.read_csv(folder / "records.csv", dtype=str, keep_default_na=False)
truth = pd.read_csv(folder / "truth.csv", dtype=str, keep_default_na=False).set_index("record_id")["person_id"].to_dict()
fillers = frozenset(json.loads((ROOT / "hub" / "identity" / "models" / "em.json").read_text())["fillers"])


def columns(row):
    known = facts(said(row), accept_reserved=True, fillers=fillers)
    place = known.places[0] if known.places else None
    forename = first(known.forenames)
    return {
        "unique_id": row["record_id"],
        "person_id": truth[row["record_id"]],
        "forename": forename,
        "usual": str(min(SAME_NAME[forename])) if forename in SAME_NAME else forename,
        "surname": first(known.surnames),
        "middle": first(known.middles),
        "dob": first(known.births),
        "sex": first(known.sexes),
        "phone": first(known.phones),
        "email": first(known.emails),
        "nino": first(known.ninos),
        "postcode": place.postcode or None if place else None,
        "home": place.uprn or f"{place.postcode}{place.numbers}" if place else None,
    }


def first(values):
    return values[0] if values else None


def compared(column, *levels):
    exact = cll.ExactMatchLevel(column).configure(tf_adjustment_column=column)
    return cl.CustomComparison([cll.NullLevel(column), exact, *levels, cll.ElseLevel()], output_column_name=column)


def place_compared():
    levels = [
        cll.NullLevel("postcode"),
        cll.ExactMatchLevel("home").configure(tf_adjustment_column="home"),
        cll.ExactMatchLevel("postcode"),
        cll.LevenshteinLevel("postcode", 1),
        cll.CustomLevel("left(postcode_l, length(postcode_l) - 3) = left(postcode_r, length(postcode_r) - 3)"),
        cll.ElseLevel(),
    ]
    return cl.CustomComparison(levels, output_column_name="place")


def middle_compared():
    initial = cll.CustomLevel("middle_l[1] = middle_r[1] and (length(middle_l) = 1 or length(middle_r) = 1)")
    return cl.CustomComparison(
        [cll.NullLevel("middle"), cll.ExactMatchLevel("middle"), initial, cll.ElseLevel()], output_column_name="middle"
    )


BORN = (
    cll.CustomLevel(
        "left(dob_l, 4) = left(dob_r, 4) and substr(dob_l, 5, 2) = substr(dob_r, 7, 2) and substr(dob_l, 7, 2) = substr(dob_r, 5, 2)"
    ),
    cll.DamerauLevenshteinLevel("dob", 1),
    cll.CustomLevel("left(dob_l, 4) = left(dob_r, 4) and (right(dob_l, 4) = '0101' or right(dob_r, 4) = '0101')"),
    cll.DamerauLevenshteinLevel("dob", 2),
    cll.CustomLevel("left(dob_l, 4) = left(dob_r, 4)"),
)
FORENAME = (
    cll.ExactMatchLevel("usual").configure(tf_adjustment_column="usual"),
    cll.JaroWinklerLevel("forename", 0.92),
    cll.JaroWinklerLevel("forename", 0.85),
    cll.CustomLevel("(length(forename_l) = 1 or length(forename_r) = 1) and forename_l[1] = forename_r[1]"),
    cll.CustomLevel("forename_l = surname_r or surname_l = forename_r or forename_l = middle_r or middle_l = forename_r"),
)
SURNAME = (
    cll.JaroWinklerLevel("surname", 0.92),
    cll.JaroWinklerLevel("surname", 0.88),
    cll.CustomLevel("list_has_any(string_split(surname_l, ' '), string_split(surname_r, ' '))"),
)


def linked(frame, labels):
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compared("forename", *FORENAME),
            compared("surname", *SURNAME),
            compared("dob", *BORN),
            place_compared(),
            compared("phone", cll.DamerauLevenshteinLevel("phone", 1)),
            compared("email", cll.DamerauLevenshteinLevel("email", 2)),
            compared("nino", cll.DamerauLevenshteinLevel("nino", 1)),
            middle_compared(),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nino"),
            block_on("email"),
            block_on("phone"),
            block_on("home"),
            block_on("postcode", "surname"),
            block_on("postcode", "forename"),
            block_on("dob", "substr(forename, 1, 1)"),
            block_on("dob", "substr(surname, 1, 2)"),
            block_on("forename", "surname"),
        ],
    )
    linker = Linker(DuckDBAPI().register(frame), settings, log_level=40)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("nino"), block_on("dob", "forename", "surname")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    if labels:
        training.estimate_m_from_label_column("person_id")
    else:
        for columns_kept in (("dob",), ("forename", "surname"), ("home", "usual"), ("nino",)):
            training.estimate_parameters_using_expectation_maximisation(block_on(*columns_kept))
    return linker.inference.predict(threshold_match_weight=WEIGHTS[0]).as_pandas_dataframe()


SLIP = 4
"""Birth dates that are a slip apart are of this level; those that are exchanged or the same are above."""
CAREFUL = 0.98


def forbidden(pairs):
    """Links that rules against people of one home take away."""
    twins = (pairs["gamma_dob"] >= SLIP) & (pairs["gamma_forename"] == 0)
    return (pairs["gamma_dob"] == 0) | (pairs["gamma_nino"] == 0) | twins


def chosen(count):
    return count * (count - 1) // 2


def grouped(pairs):
    parent = {record: record for record in truth}

    def find(record):
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for one, other in zip(pairs["unique_id_l"], pairs["unique_id_r"], strict=True):
        parent[find(one)] = find(other)
    return {record: find(record) for record in truth}


def figures(pairs, threshold):
    groups = grouped(pairs[pairs["match_weight"] >= threshold])
    people, found, both = Counter(truth.values()), Counter(groups.values()), Counter((truth[each], groups[each]) for each in truth)
    agreed = sum(map(chosen, both.values()))
    precision, recall = agreed / max(1, sum(map(chosen, found.values()))), agreed / max(1, sum(map(chosen, people.values())))
    by_group = sum(count * count / found[group] for (_, group), count in both.items()) / len(truth)
    by_person = sum(count * count / people[person] for (person, _), count in both.items()) / len(truth)
    return {
        "threshold": threshold,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
        "b_cubed_f1": round(2 * by_group * by_person / (by_group + by_person), 4),
    }


def best(pairs):
    each = [figures(pairs, threshold) for threshold in WEIGHTS]
    careful = [found["recall"] for found in each if found["precision"] >= CAREFUL]
    return max(each, key=lambda found: found["f1"]) | {"recall_at_98": max(careful, default=0.0)}


frame = pd.DataFrame([columns(row) for row in table.to_dict("records")])
measured = {}
for name, labels in (("em", False), ("labels", True)):
    began = time.process_time()
    pairs = linked(frame, labels)
    taken = time.process_time() - began
    measured[name] = best(pairs) | {"records_per_cpu_second": round(len(table) / taken)}
    measured[f"{name}, with rules against households"] = best(pairs[~forbidden(pairs)])
strongest = max(measured, key=lambda name: measured[name]["f1"])
print(json.dumps({"strongest": strongest, "f1": measured[strongest]["f1"], "each": measured}))
