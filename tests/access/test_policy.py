"""The shipped policy means what people wrote down that it should, and every line of it matters."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contracts import Contracts
from hub.model.errors import Misconfigured
from hub.privacy.access import Allowed, Asked, Denied, Reader, decide_access
from hub.privacy.access_policy import ACCESS, ROLES, load_policy
from hub.privacy.masking import MASKED, masked
from hub.privacy.personal_fields import personal_fields
from hub.shipped import shipped
from tests.access.expectation import Cell, answer, cells
from tests.engine_harness import contracts

POLICY = load_policy(shipped("policies"))


def test_the_fixture_has_a_hundred_cells_and_more() -> None:
    assert len(cells()) >= 200


@pytest.mark.parametrize(
    "cell", cells(), ids=lambda cell: f"{cell.reader.role}-{cell.reader.purpose}-{cell.asked.record_class}-{cell.field}"
)
def test_the_policy_means_what_was_written_down(cell: Cell) -> None:
    assert answer(POLICY, cell) == cell.answer


def rules() -> Iterator[tuple[str, int]]:
    for name in (ROLES, ACCESS):
        for number, line in enumerate((shipped("policies") / name).read_text("utf-8").splitlines()):
            if line.strip() and not line.strip().startswith("#"):
                yield name, number


@pytest.mark.parametrize(("name", "number"), list(rules()), ids=str)
def test_no_line_of_the_policy_can_go_without_being_missed(name: str, number: int, tmp_path: Path) -> None:
    for each in (ROLES, ACCESS):
        copy(shipped("policies") / each, tmp_path)
    lines = (tmp_path / name).read_text("utf-8").splitlines()
    (tmp_path / name).write_text("\n".join([*lines[:number], *lines[number + 1 :]]), "utf-8")
    assert any(missed(tmp_path)), lines[number]


def missed(folder: Path) -> Iterator[bool]:
    """Whether each cell answers differently under the policy in this folder; one that cannot be loaded differs in all."""
    try:
        policy = load_policy(folder)
    except Misconfigured:
        yield True
        return
    yield from (answer(policy, cell) != cell.answer for cell in cells())


def test_every_field_of_the_policy_is_one_that_a_schema_tags() -> None:
    tagged = {field for kind in all_of(contracts()) for field in personal_fields(kind)}
    assert {field for kind in POLICY.classes.values() for field in kind.fields} <= tagged


def all_of(loaded: Contracts) -> list[type]:
    return list(loaded.event_types.values())


@given(
    role=st.sampled_from(sorted(POLICY.roles)),
    purpose=st.sampled_from([*sorted(POLICY.purposes), "nothing", None]),
    of=st.sampled_from(sorted(POLICY.classes)),
)
def test_nobody_sees_a_field_without_a_purpose_that_is_theirs(role: str, purpose: str | None, of: str) -> None:
    reader = Reader(account_id="a", role=role, organisation="o", purpose=purpose)
    decided = decide_access(POLICY, reader, Asked(record_class=of, controller="o", party="p"))
    if purpose is None or purpose not in POLICY.purposes or role not in POLICY.purposes[purpose].roles:
        assert isinstance(decided, Denied)


def test_a_tagged_field_that_no_rule_shows_leaves_no_trace() -> None:
    allowed = Allowed(shown=frozenset({"names"}), masked=frozenset({"nino"}), searchable=frozenset())
    values = {"names": "Ada", "nino": "QQ 12 34 56 C", "born": "1815", "status": "OPEN", "phones": None}
    seen = masked(values, ("names", "nino", "born", "phones"), allowed)
    assert seen == {"names": "Ada", "nino": MASKED, "status": "OPEN"}
    assert str(MASKED) == "Held, not shown"


def test_what_is_masked_and_not_there_is_not_said_to_be_held() -> None:
    allowed = Allowed(shown=frozenset(), masked=frozenset({"nino"}), searchable=frozenset())
    assert masked({"nino": None}, ("nino",), allowed) == {"nino": None}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("  - {role: adviser, purpose: answer-enquiry, of: person}", "twice"),
        ("  - {role: adviser, purpose: own-record, of: person}", "no such purpose"),
        ("  - {role: partner, purpose: progress-case, of: looks, show: [names]}", "no such field"),
        ("  - {role: partner, purpose: progress-case, of: reach, search: [phones]}", "not shown"),
        ("  - {role: partner, purpose: progress-case, of: reach, show: [phones], mask: [phones]}", "both"),
        ("  - {role: partner, purpose: progress-case, of: reach, duty: none}", "no such duty"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(rule: str, fault: str, tmp_path: Path) -> None:
    for each in (ROLES, ACCESS):
        copy(shipped("policies") / each, tmp_path)
    text = (tmp_path / ACCESS).read_text("utf-8").replace("grants:\n", f"grants:\n{rule}\n")
    (tmp_path / ACCESS).write_text(text, "utf-8")
    with pytest.raises(Misconfigured, match=fault):
        load_policy(tmp_path)
