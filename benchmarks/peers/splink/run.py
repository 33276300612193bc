"""Splink on DuckDB, trained without labels on the same records, with the comparisons its documentation gives for people."""

import json
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

WEIGHTS = [4, 8, 10, 12, 14, 16, 18, 20, 24]

folder = Path(sys.argv[1])
table = pd.read_csv(folder / "records.csv", dtype=str, keep_default_na=False)
truth = pd.read_csv(folder / "truth.csv", dtype=str, keep_default_na=False).set_index("record_id")["person_id"]


def tidied(column):
    return column.str.strip().str.lower().replace("", None)


frame = pd.DataFrame({"unique_id": table["record_id"]})
for name in ("forename", "surname", "middle", "email", "nino", "sex"):
    frame[name] = tidied(table[name])
frame["postcode"] = tidied(table["postcode"].str.replace(" ", ""))
frame["phone"] = tidied(table["phone"].str.replace(r"[ +()-]", "", regex=True).str[-10:])
dob = table["dob"]
day_first = dob.str[2:3] == "/"
frame["dob"] = dob.where(~day_first, dob.str[6:10] + "-" + dob.str[3:5] + "-" + dob.str[0:2]).replace("", None)

settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.NameComparison("forename").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.LevenshteinAtThresholds("postcode", 1),
        cl.LevenshteinAtThresholds("phone", 1),
        cl.LevenshteinAtThresholds("email", 2),
        cl.LevenshteinAtThresholds("nino", 1),
        cl.ExactMatch("middle"),
        cl.ExactMatch("sex"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("nino"),
        block_on("email"),
        block_on("phone"),
        block_on("postcode", "surname"),
        block_on("postcode", "forename"),
        block_on("dob", "substr(forename, 1, 1)"),
        block_on("dob", "substr(surname, 1, 2)"),
        block_on("forename", "surname"),
    ],
)

began = time.process_time()
linker = Linker(DuckDBAPI().register(frame), settings, log_level=40)
linker.training.estimate_probability_two_random_records_match([block_on("nino"), block_on("dob", "forename", "surname")], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "forename"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
pairs = linker.inference.predict(threshold_match_probability=0.1)
trained = time.process_time() - began


def chosen(count):
    return count * (count - 1) // 2


def figures(threshold):
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_weight=threshold).as_pandas_dataframe()
    groups = dict(zip(found["unique_id"], found["cluster_id"], strict=True))
    both = Counter((truth[record], groups[record]) for record in table["record_id"])
    agreed = sum(map(chosen, both.values()))
    precision = agreed / max(1, sum(map(chosen, Counter(groups.values()).values())))
    recall = agreed / max(1, sum(map(chosen, Counter(truth).values())))
    f1 = 2 * precision * recall / (precision + recall)
    return {"threshold": threshold, "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


each = [figures(threshold) for threshold in WEIGHTS]
best = max(each, key=lambda found: found["f1"])
print(json.dumps({"best": best, "thresholds": each, "records_per_cpu_second": round(len(table) / trained)}))
