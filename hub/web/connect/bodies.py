"""What Kafka Connect's clients send, read strictly: nothing that was sent is repeated in a refusal."""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from fastapi import Request

from hub.connect.words import Wish
from hub.web.connect.refusals import Refused

MEDIA_TYPE = "application/json"


async def mapping(request: Request) -> dict[str, Any]:
    """The body, which is to be a JSON object."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Refused(415, "HTTP 415 Unsupported Media Type")
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body is not a JSON object")
    return body


def config_of(body: Any) -> dict[str, str]:
    """A flat configuration: texts, as Connect keeps numbers and booleans too."""
    if not isinstance(body, Mapping):
        raise Refused(400, "The configuration is not a JSON object")
    return {str(name): _text(value) for name, value in body.items()}


def changes_of(body: Mapping[str, Any]) -> dict[str, str | None]:
    """What is to be otherwise in a configuration; None is to go."""
    return {name: None if value is None else _text(value) for name, value in body.items()}


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            raise Refused(400, "A property of the configuration is neither text nor number nor boolean")


def creation(body: Mapping[str, Any]) -> tuple[str, dict[str, str], Wish]:
    """The name, configuration and first wish of a new connector."""
    if body.keys() - {"name", "config", "initial_state"}:
        raise Refused(400, "The body has a field other than name, config and initial_state")
    state = body.get("initial_state") or Wish.RUNNING
    if not isinstance(state, str) or state.upper() not in Wish.__members__:
        raise Refused(400, f"initial_state is none of {', '.join(Wish)}")
    name = body.get("name") or ""
    config = config_of(body.get("config") or {})
    return named(str(name).strip(), config), config | {"name": str(name).strip()}, Wish(state.upper())


def named(name: str, config: Mapping[str, str]) -> str:
    """The name, if the configuration names no other."""
    if config.get("name", name) != name:
        raise Refused(400, f"Connector name configuration ({config['name']}) doesn't match connector name in the URL ({name})")
    return name


def cursor_of(connector: str, body: Mapping[str, Any]) -> str | None:
    """Where the one partition of a source is to stand; None is the beginning."""
    match body.get("offsets"):
        case [{"partition": {"connector": str(name)}, "offset": None}] if name == connector:
            return None
        case [{"partition": {"connector": str(name)}, "offset": {"cursor": str(cursor)}}] if name == connector:
            return cursor
        case None | []:
            raise Refused(400, "Partitions / offsets need to be provided for an alter offsets request")
        case _:
            raise Refused(
                400, 'A connector of the hub has one partition, {"connector": its name}, with the offset {"cursor": text} or null'
            )
