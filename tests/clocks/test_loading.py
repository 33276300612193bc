"""A policy that cannot be so is refused with file and line before anything is counted by it."""

import shutil
from pathlib import Path

import pytest

from hub.clock_policies import load
from hub.clocks.packs import Confidence, Policies, StageName
from hub.model.errors import Misconfigured
from hub.shipped import shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("policies"), tmp_path / "policies"))


FSM, CALENDARS = "clocks/free-school-meals.yaml", "calendars/calendars.yaml"


@pytest.mark.parametrize(
    ("file", "says", "instead", "line", "why"),
    [
        (FSM, "    amount: 3", "    amuont: 3", 10, "did you mean amount"),
        (FSM, "    amount: 3", "    amount: 0", 10, "greater than 0"),
        (FSM, "    unit: working-days", "    unit: fortnights", 11, "Input should be"),
        (FSM, "    unit: working-days", "    unit: weeks", 7, "there is no calendar"),
        (FSM, "    calendar: nation\n", "", 7, "need a calendar"),
        (FSM, "    calendar: nation", "    calendar: cornwall", 12, "there is no calendar cornwall; known: any-uk"),
        (FSM, "    warn: [1]", "    warn: [3]", 7, "warns before it starts"),
        (FSM, "  - stage: response", "  - stage: answer", 7, "Input should be"),
        (FSM, "name: free-school-meals", "name: free-meals", 1, "is in a file called free-school-meals.yaml"),
        (
            "clocks/adult-2009.yaml",
            "    calendar: nation",
            "    calendar: office",
            12,
            "a statutory clock does not count by a council's own hours",
        ),
        ("clocks/adult-2009.yaml", "  - stage: response", "  - stage: acknowledgement", 18, "acknowledgement is said twice"),
        (CALENDARS, "      Friday: 08:30-16:30", "      Friday: 08:30-1630", 16, "write opening hours as 08:30-17:00"),
        (CALENDARS, "      Friday: 08:30-16:30", "      Friday: 01:30-16:30", 16, "which some nights lack"),
        (CALENDARS, "      Friday: 08:30-16:30", "      Friday: 18:30-16:30", 16, "opens before it closes"),
        (CALENDARS, "wales: {nation: england-and-wales", "wales: {nation: cymru", 0, "there is no calendar cymru"),
    ],
)
def test_a_fault_is_said_with_its_line(folder: Path, file: str, says: str, instead: str, line: int, why: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(says, instead, 1), "utf-8")
    with pytest.raises(Misconfigured) as refused:
        load(folder)
    place = line or text[: text.index(says)].count("\n") + 1
    assert refused.value.key.startswith(f"{path}:{place}:")
    assert why in str(refused.value)


def test_the_policies_that_ship_are_the_thirteen_that_councils_need(policies: Policies) -> None:
    assert list(policies.packs) == [
        "adult-2009", "children-2006", "free-school-meals", "freedom-of-information", "front-office", "handoff",
        "housing-ombudsman-2024", "lgsco-2024", "marac-repeat", "mash", "subject-access",
        "tameside-2008-corporate", "tameside-2008-statutory",
    ]  # fmt: skip


def test_every_figure_has_a_source_and_says_how_sure_it_is(policies: Policies) -> None:
    stages = [stage for pack in policies.packs.values() for stage in pack.stages.values()]
    assert all(stage.source and stage.stops for stage in stages)
    assert all((stage.confidence is Confidence.OURS) == ("default" in stage.source) for stage in stages)


def test_no_statutory_clock_counts_by_office_hours(policies: Policies) -> None:
    named = {
        name for pack in policies.packs.values() if pack.statutory for stage in pack.stages.values() for name in stage.calendars.values()
    }
    assert not any(policies.calendars[name].own for name in named)


def test_the_statutory_figures_of_tameside_are_not_those_of_the_regulations(policies: Policies) -> None:
    amounts = [policies.packs[name].stages[StageName.STAGE_2].amount for name in ("tameside-2008-statutory", "children-2006")]
    assert amounts == [56, 25]
