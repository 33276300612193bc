"""A hub with no connector yet, its REST API and a worker that runs what it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from httpx2 import Client

from connectors import KINDS
from hub.cli.access import accounts
from hub.cli.composition import House, closing, first_bundle
from hub.cli.roles import begin_roles
from hub.connect import supervising
from hub.engine.migrations import upgrade
from hub.privacy.accounts import NewAccount
from hub.privacy.instance import make_instance
from hub.settings import ConnectSettings, KafkaSettings, ProbeSettings, Settings
from tests.connect_rest.calls import World
from tests.engine_harness import contracts
from tests.services.made_stores import fill

RECORDINGS = Path(__file__).parents[2] / "recordings"


@dataclass(frozen=True, kw_only=True)
class Hub:
    """The hub, somebody who may run it, and its connectors' words."""

    house: House
    client: Client
    token: str
    url: str
    world: World


@contextmanager
def hub_with_connectors(folder: Path, bootstrap: str) -> Iterator[Hub]:
    """A new hub on SQLite that runs connectors and answers Kafka Connect's tools."""
    make_instance(folder / "hub")
    settings = Settings(
        folder=folder / "hub", controller="tameside", kafka=KafkaSettings(bootstrap=bootstrap), connect=ConnectSettings(port=0),
        probes=ProbeSettings(port=0),
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as often, closing(House(settings=settings, contracts=contracts(), views=first_bundle())) as house:
        fill(house.store_url, upgrade)
        token = token_of(house, "tools", "integration-engineer")
        often.setattr(supervising, "LOOK_SECONDS", 0.1)  # what is wished comes about sooner, so that the tests do not wait for it
        running = begin_roles(house, ["connect"])
        url = f"http://127.0.0.1:{running.connect.port}"
        try:
            with Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
                yield Hub(house=house, client=client, token=token, url=url, world=hub_world(folder))
        finally:
            running.end()


def token_of(house: House, name: str, role: str) -> str:
    """The token of a program that acts for a new account."""
    accounts(house).add(NewAccount(name=name, role=role, organisation="tameside"))
    return accounts(house).token(name)


def hub_world(folder: Path) -> World:
    """The hub's own source of the places of a gazetteer."""
    broken = folder / "broken"
    broken.mkdir()
    (broken / "extract.csv").write_text("not,an,extract\n", encoding="utf-8")
    own = {"system": "gazetteer", "controller": "tameside", "organisation": "tameside"}
    return World(
        kind="gazetteer",
        sink="open311_reports",
        settings={**own, "folder": str(RECORDINGS / "people" / "gazetteer")},
        broken={"folder": str(broken)},
        needed="folder",
        counted="every_seconds",
        moved={"partition": {"connector": "files"}, "offset": {"cursor": "extract.csv 0"}},
        logger="uvicorn",
        words={", ".join(kind.name for kind in KINDS): "<classes>"},
    )
