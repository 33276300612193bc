"""The examples for systems that councils have make of what those systems list what they say."""

from pathlib import Path

import pytest

from connectors import CONFIG
from hub.connect.linting import TEST, examples, lint, read
from hub.connect.offline import tried

EXAMPLES = sorted((CONFIG.parent / "examples").glob(f"*{TEST}.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem.removesuffix(TEST))
def test_an_example_is_right_and_makes_of_a_systems_own_words_what_it_says(path: Path) -> None:
    beside = path.with_name(path.name.replace(TEST, ""))
    assert (lint(beside), lint(path)) == ([], [])
    assert [difference for each in examples(path) for difference in tried(read(beside), beside, each)] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6
