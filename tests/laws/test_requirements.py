"""The page of requirements says what the tests show, no more and no less."""

import ast
from collections import Counter

from tests.requirements import PAGE, REGISTER, marks, page, proofs, register

PARTS = {"spine": 2, "promises": 69, "counter": 41, "connectors": 7, "people": 7, "tell-us-once": 7}


def test_the_register_is_whole() -> None:
    rows = register(REGISTER.read_text())
    assert len({row.id for row in rows}) == len(rows) == 133
    assert Counter(row.part for row in rows) == PARTS


def test_no_test_claims_a_row_that_is_not_in_the_register() -> None:
    assert set(proofs()) <= {row.id for row in register(REGISTER.read_text())}


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(REGISTER.read_text(), proofs()), "run: make requirements"


def test_a_mark_counts_on_a_test_its_class_and_its_module() -> None:
    source = """
pytestmark = [pytest.mark.requirement("A01"), pytest.mark.waiting]
@pytest.mark.requirement("B06", "A01")
def test_one(): ...
class TestAll:
    @pytest.mark.requirement("B07")
    async def test_two(self): ...
def helper(): ...
"""
    assert list(marks(ast.parse(source))) == [
        ("A01", "test_one"),
        ("B06", "test_one"),
        ("A01", "TestAll::test_two"),
        ("B07", "TestAll::test_two"),
    ]


def test_an_unmarked_test_shows_nothing() -> None:
    assert not list(marks(ast.parse('@pytest.mark.needs("A01")\ndef test_one(): ...')))
