"""Every client the hub makes, every topic it provisions and every broker it starts is set as the laws say; a seeded fault is found."""

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.engine.faust_transport import batch_app
from hub.engine.relay import producer_config
from hub.engine.watch import consumer_config
from hub.kafka.plan import Node, Plan, Secrets, properties
from tests.engine_harness import contracts
from tests.laws.client_laws import ABSENT, COMPACTED_LATE, DEAD_GO, LAWS, SOURCES_KEPT, Law, broken, laws_of

ROOT = Path(__file__).resolve().parents[2]
SOURCES = tuple(path for tree in ("hub", "connectors", "projections") for path in (ROOT / tree).rglob("*.py"))
KAFKA = {"bootstrap.servers": "127.0.0.1:1", "log_level": 2, "log.connection.close": False}
MAKERS = {"Consumer": "consumer_config", "Producer": "producer_config"}
GOVERNED = {law.setting for law in LAWS if law.of in ("consumer", "producer")}
LIBRARIES = {"confluent_kafka", "aiokafka", "faust"}
SHELL = {
    "answering", "bulk", "connect_rest", "faust_feeder", "faust_transport", "feeding", "following", "log_reading", "node", "partners",
    "provision", "quotas", "reconcile", "relay", "sample_sender", "strimzi", "topic", "watch",
}  # fmt: skip
"""The modules that speak to Kafka; one more is a decision. A module that is only handed a Message does not."""


def test_a_consumer_is_set_as_the_laws_say() -> None:
    assert broken("consumer", consumer_config(KAFKA, "views")) == []


def test_a_producer_is_set_as_the_laws_say() -> None:
    assert broken("producer", producer_config(KAFKA)) == []


# Every client is made from these two.


def clients(source: str) -> Iterator[ast.Call]:
    """Where librdkafka's consumers and producers are made."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            yield node


def is_made_by_the_rules(call: ast.Call) -> bool:
    """The configuration comes from the one function, with nothing but additions."""
    assert isinstance(call.func, ast.Name)
    made = call.args[0] if len(call.args) == 1 and not call.keywords else None
    while isinstance(made, ast.BinOp) and isinstance(made.op, ast.BitOr):
        made = made.left
    return isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == MAKERS[call.func.id]


def overridden(source: str) -> set[str]:
    """Settings under a law that a module with clients writes besides the function that sets them."""
    tree = ast.parse(source)
    own = {
        id(node) for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name in MAKERS.values() for node in ast.walk(each)
    }
    dictionaries = [node for node in ast.walk(tree) if isinstance(node, ast.Dict) and id(node) not in own]
    return {str(key.value) for node in dictionaries for key in node.keys if isinstance(key, ast.Constant)} & GOVERNED


def test_every_client_is_made_by_the_one_function_of_its_kind() -> None:
    made = {path.stem: [is_made_by_the_rules(call) for call in clients(path.read_text())] for path in SOURCES}
    found = {name: each for name, each in made.items() if each}
    assert sorted(found) == ["bulk", "feeding", "following", "log_reading", "relay", "sample_sender", "topic", "watch"]
    assert all(all(each) for each in found.values())


def test_what_a_client_adds_changes_nothing_that_a_law_is_about() -> None:
    assert {path.stem: found for path in SOURCES if any(clients(path.read_text())) and (found := overridden(path.read_text()))} == {}


def test_only_these_modules_speak_to_kafka() -> None:
    speaks = {path.stem for path in SOURCES for node in ast.walk(ast.parse(path.read_text())) if LIBRARIES & set(_imported(node))}
    assert speaks <= SHELL


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module and {alias.name for alias in node.names} != {"Message"}:
        yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    "source",
    [
        'Consumer({"bootstrap.servers": "x"})',
        'Consumer({"group.id": "x"} | consumer_config(kafka, "x"))',
        "Producer(consumer_config(kafka, 'x'))",
        "Producer(settings)",
    ],
)
def test_a_client_made_otherwise_would_be_noticed(source: str) -> None:
    assert not any(is_made_by_the_rules(call) for call in clients(source))


def test_a_law_that_a_client_overrides_would_be_noticed() -> None:
    assert overridden('Consumer(consumer_config(kafka, "x") | {"auto.offset.reset": "latest"})') == {"auto.offset.reset"}


# Faust.


async def _made() -> dict[str, dict[str, Any]]:
    app: Any = batch_app("laws", "127.0.0.1:1")
    transport = app.transport
    thread = transport.create_consumer(print, on_partitions_revoked=print, on_partitions_assigned=print)._thread
    made = thread._create_worker_consumer(transport)
    settings = {name: getattr(app.conf, name) for name in _faust("faust") if hasattr(app.conf, name)}
    settings |= {"tables": tuple(app.tables.data), "store": str(app.conf.store), "agent_acks": _agent_acks()}
    settings["processing_guarantee"] = settings["processing_guarantee"].value
    client: dict[str, Any] = {name: getattr(made, f"_{name}", ABSENT) for name in _faust("aiokafka")}
    client["partition_assignment_strategy"] = tuple(each.name for each in client["partition_assignment_strategy"])
    await made.stop()
    thread.thread_loop.close()
    return {"faust": settings, "aiokafka": client}


@pytest.fixture(scope="module")
def faust() -> dict[str, dict[str, Any]]:
    """What Faust's app and the aiokafka consumer it makes are set to."""
    return asyncio.run(_made())


def _faust(of: str) -> set[str]:
    return {law.setting for law in LAWS if law.of == of}


def _agent_acks() -> object:
    """What the feeder's one topic says about acknowledging."""
    tree = ast.parse((ROOT / "hub/engine/faust_feeder.py").read_text())
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "topic"
    ]
    found = [
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "acks" and isinstance(keyword.value, ast.Constant)
    ]
    return found[0] if len(found) == len(calls) == 1 else ABSENT


def test_faust_is_set_as_the_laws_say(faust: dict[str, dict[str, Any]]) -> None:
    assert broken("faust", faust["faust"]) == []
    assert broken("aiokafka", faust["aiokafka"]) == []


# Topics and brokers.


@pytest.mark.parametrize("topic", contracts().topics.values(), ids=str)
def test_every_topic_is_set_as_the_laws_say(topic: Any) -> None:
    assert broken("topic", {**topic.config, "name": topic.name, "partitions": topic.partitions}, laws_of(topic)) == []


def a_broker(nodes: int, *, secured: bool) -> dict[str, str]:
    """What the first of so many nodes is started with."""
    members = tuple(Node(number=n, port=n, controller_port=100 + n) for n in range(1, nodes + 1))
    secrets = Secrets.made() if secured else None
    text = properties(Plan(folder=Path("/nowhere"), cluster_id="x", nodes=members, secrets=secrets), members[0], Path("/nowhere"))
    return dict(line.split("=", 1) for line in text.splitlines())


@pytest.mark.parametrize("nodes", [1, 3])
@pytest.mark.parametrize("secured", [False, True])
def test_every_broker_is_started_as_the_laws_say(nodes: int, *, secured: bool) -> None:
    started = a_broker(nodes, secured=secured)
    assert broken("broker", started) == []
    assert int(started["min.insync.replicas"]) == max(1, nodes - 1)
    assert ("allow.everyone.if.no.acl.found" in started) == secured


# Each law has its fault, and is the one that finds it.


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{law.of}-{law.setting}")
def test_a_seeded_fault_is_found_by_its_law(law: Law, faust: dict[str, dict[str, Any]]) -> None:
    topic = contracts().topic("cases")
    sound: dict[str, dict[str, Any]] = {
        "consumer": consumer_config(KAFKA, "views"),
        "producer": producer_config(KAFKA),
        "topic": {**topic.config, "name": topic.name, "partitions": topic.partitions},
        "broker": dict(a_broker(1, secured=True)),
        **faust,
    }
    faulty = sound[law.of] | {law.setting: law.broken}
    assert broken(law.of, faulty) == [str(law)]


@pytest.mark.parametrize("law", [SOURCES_KEPT, DEAD_GO, COMPACTED_LATE], ids=["sources", "dead letters", "compacted"])
def test_a_topic_kept_for_the_wrong_time_is_found(law: Law) -> None:
    assert broken("topic", {law.setting: law.broken}, (law,)) == [str(law)]
