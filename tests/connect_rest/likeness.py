"""What is the same in the answers of two servers once ids, times and each server's own words are taken out."""

from collections.abc import Mapping
from typing import Any

from tests.connect_rest.calls import Answer, World

COMMON = {"name", "tasks.max", "connector.class", "task.class"}
OPAQUE = {"worker_id", "version", "commit", "kafka_cluster_id", "trace", "documentation"}
"""Texts that are each server's own."""
SHARED = ("name", "connector.class", "tasks.max")
"""Properties of connectors that both define."""
GIVEN = ("name", "type", "required", "default_value")


def likeness(answer: Answer, world: World) -> Any:
    """The answer as any server that speaks the API would give it."""
    return {**answer, "body": _masked(answer.get("body"), world)}


def _masked(said: Any, world: World, key: str = "") -> Any:  # noqa: C901, PLR0911, PLR0912 - one table: what is taken out of what
    match key, said:
        case _, {"connector.class": _}:
            return _config(said, world)
        case _, {"definition": {"name": _}}:
            return _shape(said)
        case "configs" | "", [{"definition": _}, *_]:
            return _verdict(said, world)
        case _, [{"display_name": _}, *_]:
            return _defined(said)
        case _, [{"class": _, "type": _, "version": _}, *_]:
            return ["<plugins>", sorted({tuple(sorted(each)) for each in said})]
        case _, {"root": {"level": _}}:
            return {"root": _masked(said["root"], world), "<loggers>": _shapes(list(said.values()))}
        case _, list() if world.logger in said:
            return ["<loggers>"]
        case _, {"level": level, "last_modified": changed}:
            return {"level": level, "last_modified": "<time>" if changed else None}
        case "partition" | "offset", dict():
            return f"<{key}>" if said else said
        case "topics", list():
            return ["<topic>"] if said else said
        case "groups", list():
            return ["<group>"]
        case _ if key in OPAQUE and isinstance(said, str):
            return f"<{key}>"
        case _, dict():
            return {name: _masked(each, world, name) for name, each in said.items()}
        case _, list():
            return [_masked(each, world) for each in said]
        case _, str():
            return _own_words_out(said, world)
        case _:
            return said


def _config(said: Mapping[str, str], world: World) -> Mapping[str, Any]:
    """A configuration: what both have as it stands, what one sent as sent, the rest as it is."""
    sent = {**world.settings, **{name: value for name, value in world.broken.items() if said.get(name) == value}}
    common = {name: "<class>" if name.endswith("class") else said[name] for name in COMMON & said.keys()}
    own = {"<counted>" if name == world.counted else name: value for name, value in said.items() if name not in COMMON | sent.keys()}
    return common | own | {"<settings>": "as sent" if all(said.get(name) == value for name, value in sent.items()) else "otherwise"}


def _defined(said: list[Mapping[str, Any]]) -> Any:
    """Definitions: the shape of all, and what both servers define."""
    return {"<shapes>": _shapes(said), **{each["name"]: {name: each[name] for name in GIVEN} for each in said if each["name"] in SHARED}}


def _verdict(said: list[Mapping[str, Any]], world: World) -> Any:
    """A validation: shapes, what both servers define, and whether each named property is found wrong."""
    wrong = {each["value"]["name"]: bool(each["value"]["errors"]) for each in said}
    roles = {"<needed>": world.needed, "<counted>": world.counted, "tasks.max": "tasks.max", "name": "name"}
    return {
        "<definitions>": _defined([each["definition"] for each in said]),
        "<values>": _shapes([each["value"] for each in said]),
        "<wrong>": {role: wrong.get(name) for role, name in roles.items()},
    }


def _shapes(said: list[Mapping[str, Any]]) -> list[Any]:
    """The names of fields of every element, each once."""
    return sorted({tuple(sorted(each)) for each in said})


def _shape(said: Mapping[str, Any]) -> Any:
    return {name: _shapes([each]) for name, each in said.items()}


def _own_words_out(text: str, world: World) -> str:
    words = {**world.words, world.kind: "<class>", world.sink: "<sink>", f'"{world.needed}"': '"<needed>"'}
    for word, stands_for in words.items():
        text = text.replace(word, stands_for)
    return text
