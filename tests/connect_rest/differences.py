"""Where the hub answers otherwise than Kafka Connect, on purpose: what it says there and why; docs/connect-rest.md has the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.connect_rest.calls import CALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the hub says, by where it stands in the answer, and why."""

    said: Mapping[str, Any]
    why: str


SENDERS = "what was sent is at fault, so the status says so: a 500 would call somebody to a server that is well"
REPEATED = "what was sent is not repeated: it may be somebody's secret"
MEDIA = "an answer in JSON says that it is JSON"
UNREAD = "a source that could not be read even once has failed as a whole: there is no task yet"
_WHERE = "You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`"


def _at_fault(message: str, status: int = 400) -> Difference:
    return Difference(said={"/status": status, "/body/error_code": status, "/body/message": message}, why=SENDERS)


def _with_media(why: str = MEDIA) -> Difference:
    return Difference(said={"/media": "application/json"}, why=why)


DIFFERENCES: Mapping[str, Difference] = {
    "refused-path": _with_media(),
    "refused-method": _with_media(),
    "refused-media": _with_media(),
    "refused-no-json": _at_fault("The body is not JSON"),
    "refused-list": _at_fault("The body is not a JSON object"),
    "refused-state": _at_fault("initial_state is none of RUNNING, PAUSED, STOPPED"),
    "refused-unknown-field": _at_fault("The body has a field other than name, config and initial_state"),
    "refused-plugin-validate": _at_fault("Unknown plugin Nowhere.", 404),
    "refused-offsets-partition": _at_fault(
        'A connector of the hub has one partition, {"connector": its name}, with the offset {"cursor": text} or null'
    ),
    "refused-class": Difference(
        said={"/body/message": "Failed to find any class that implements Connector; available connectors are: <classes>"}, why=REPEATED
    ),
    "refused-level": Difference(
        said={"/body/message": "invalid log level; one of OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE."}, why=REPEATED
    ),
    "refused-several": Difference(
        said={
            "/body/message": "Connector configuration is invalid and contains the following 2 error(s):\n"
            'Missing required configuration "<needed>" which has no default value.\n'
            f"Invalid value for configuration tasks.max: Not a number of type INT above 0\n{_WHERE}"
        },
        why=f"one sentence for one fault; {REPEATED}",
    ),
    "status-failed": Difference(
        said={"/body/connector/state": "FAILED", "/body/connector/trace": "<trace>", "/body/tasks": []}, why=UNREAD
    ),
    "restart-failed": Difference(
        said={"/body/connector/state": "RESTARTING", "/body/connector/trace": "<trace>", "/body/tasks": []}, why=UNREAD
    ),
    "validate-no-number": Difference(said={"/body/error_count": 2}, why="one sentence for one fault"),
}


def row(name: str) -> str:
    """A difference as the documentation has it."""
    call = next(call for call in CALLS if call.name == name)
    said = DIFFERENCES[name].said
    words = str(said.get("/body/message", "")).replace("\n", " ")
    states = [f"connector {said['/body/connector/state']} with a trace, no tasks"] if "/body/connector/state" in said else []
    codes = [str(said[path]) for path in ("/status", "/media", "/body/error_count") if path in said]
    shown = " ".join([*codes, *states, f"`{words.replace(_WHERE, '…')}`"] if words else [*codes, *states])
    return f"| `{call.method} {call.path}` (`{name}`) | {shown} | {DIFFERENCES[name].why} |"
