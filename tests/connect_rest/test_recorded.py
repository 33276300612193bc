"""Each call of Kafka Connect's REST guide, made of the hub, is answered as a genuine worker answered it; what differs is on a list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.connect_rest.asking import asked
from tests.connect_rest.calls import CALLS, Answer
from tests.connect_rest.differences import DIFFERENCES, row
from tests.connect_rest.hub import Hub, hub_with_connectors
from tests.connect_rest.likeness import likeness
from tests.connect_rest.record import RECORDED, connect_world
from tests.services.kafka import Kafka

DOCUMENT = Path(__file__).parents[2] / "docs" / "connect-rest.md"
CONNECT = connect_world(Path("/drops/lines.txt"))


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, kafka: Kafka) -> Iterator[Hub]:
    with hub_with_connectors(tmp_path_factory.mktemp("hub"), kafka.bootstrap) as found:
        yield found


@pytest.fixture(scope="module")
def answers(hub: Hub) -> dict[str, Answer]:
    """What the hub answers to every call, in order."""
    return {call.name: asked(hub.client, hub.world, call) for call in CALLS}


@pytest.mark.parametrize("name", [call.name for call in CALLS])
def test_the_hub_answers_as_kafka_connect(answers: dict[str, Answer], hub: Hub, name: str) -> None:
    ours, theirs = likeness(answers[name], hub.world), likeness(recorded(name), CONNECT)
    if name in DIFFERENCES:
        assert differing(ours, theirs) == DIFFERENCES[name].said
    else:
        assert ours == theirs


def recorded(name: str) -> Answer:
    """What the genuine worker answered."""
    answer: Answer = orjson.loads((RECORDED / f"{name}.json").read_bytes())["answer"]
    return answer


def differing(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """By path, what the hub says where Connect says something else; a path is absent from neither unnoticed."""
    flat, other = dict(leaves(ours)), dict(leaves(theirs))
    return {path: flat.get(path) for path in flat.keys() | other.keys() if flat.get(path) != other.get(path)}


def leaves(said: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value, by where it stands."""
    if isinstance(said, dict) and said:
        for name, each in said.items():
            yield from leaves(each, f"{path}/{name}")
    else:
        yield path, said


def test_every_recorded_answer_is_replayed_and_no_other() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} == {call.name for call in CALLS}
    assert DIFFERENCES.keys() <= {call.name for call in CALLS}


def test_every_difference_is_told_with_its_reason() -> None:
    told = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [row(name) for name in DIFFERENCES if row(name) not in told] == []


def test_a_server_that_answered_otherwise_would_be_noticed() -> None:
    theirs = likeness(recorded("status-paused"), CONNECT)
    ours = likeness(recorded("status-running"), CONNECT)
    assert differing(ours, theirs) == {"/body/connector/state": "RUNNING", "/body/tasks": ours["body"]["tasks"]}
