"""A policy that changes, and an organisation that takes over, are told once."""

import asyncio
import shutil
from datetime import date
from pathlib import Path

import pytest

from hub.cli.policies import policy_source
from hub.contracts.security import OrganisationSucceeded, PolicyChanged
from hub.model.event import Event
from hub.privacy.partnership import load_partnership
from hub.shipped import shipped


def told(folder: Path, cursor: str | None) -> tuple[list[Event], str | None]:
    source = policy_source(folder, load_partnership(folder), "exampleshire").source

    async def page() -> tuple[list[Event], str | None]:
        found = await source.poll(cursor)
        return [said.event for record in found.records for said in source.translate(record)], found.cursor

    return asyncio.run(page())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("policies"), tmp_path / "policies"))


def test_a_succession_in_effect_is_told_with_its_day(folder: Path) -> None:
    events, _ = told(folder, None)
    (taken,) = [event for event in events if isinstance(event, OrganisationSucceeded)]
    assert (taken.about, taken.successor, taken.effective_from) == ("old-exampleton", "borough-of-exampleton", date(2019, 4, 1))


def test_what_has_not_changed_is_not_told_again(folder: Path) -> None:
    _, cursor = told(folder, None)
    assert told(folder, cursor) == ([], cursor)


@pytest.mark.requirement("D11")
def test_a_policy_in_another_version_is_told_with_the_one_before(folder: Path) -> None:
    _, cursor = told(folder, None)
    with (folder / "organisations.yaml").open("a") as file:
        file.write("# another version\n")
    (changed,), _ = told(folder, cursor)
    assert isinstance(changed, PolicyChanged)
    assert changed.about == "policies/organisations.yaml"
    assert changed.previous_digest
    assert changed.previous_digest != changed.digest
