"""A release brings views that are new and later versions of old ones: where each of them begins and is fed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.cli.composition import House, closing
from hub.engine import catalogue
from hub.engine.bundle import Bundle
from tests.engine.questions import BUNDLE, COUNT, PROMISE
from tests.engine_harness import running


@pytest.fixture
def release(tmp_path: Path, store_dsn: str) -> Iterator[House]:
    """The release after one that counted and kept promises: it keeps promises in a second version, and asks one thing more."""
    with running(tmp_path, store_dsn, BUNDLE) as engine:
        views = Bundle(name=BUNDLE.name, projections=(COUNT, replace(PROMISE, version=2), replace(COUNT, name="count-again")))
        with closing(replace(engine.house, views=views)) as house:
            yield house


def members(bundles: list[Bundle]) -> dict[str, list[tuple[str, int]]]:
    return {bundle.name: [(reader.name, reader.version) for reader in bundle.readers] for bundle in bundles}


def test_a_later_version_begins_by_itself_and_a_new_view_with_the_others(release: House) -> None:
    assert members(release.beginnings()) == {"questions": [("count", 1), ("count-again", 1)], "promise-v2": [("promise", 2)]}


def test_every_member_is_fed_where_it_began(release: House) -> None:
    beginnings = release.beginnings()
    for bundle in beginnings:
        catalogue.create(release.store, bundle, release.partitions(bundle), {}, release.fingerprints(bundle))
    assert members(release.bundles()) == members(beginnings)
    assert members(release.beginnings()) == {"questions": [("count", 1), ("promise", 2), ("count-again", 1)]}
