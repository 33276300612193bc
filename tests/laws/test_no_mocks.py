"""Nothing stands in for the real thing anywhere in the tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TREES = ("hub", "projections", "connectors", "benchmarks", "tests")
STAND_INS = ("unittest.mock", "mock", "pytest_mock", "fakeredis", "responses", "mockafka")


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)
            case _:
                pass


def stand_ins(source: str) -> list[str]:
    return [name for name in imported(source) if name.startswith(STAND_INS)]


def test_nothing_is_mocked() -> None:
    sources = [path for tree in TREES for path in (ROOT / tree).rglob("*.py") if ".venv" not in path.parts]
    assert {path: found for path in sources if (found := stand_ins(path.read_text()))} == {}


@pytest.mark.parametrize("source", ["import unittest.mock", "from unittest import mock", "from unittest.mock import patch"])
def test_a_mock_would_be_noticed(source: str) -> None:
    assert stand_ins(source)
