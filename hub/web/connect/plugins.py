"""What a connector of each class can be told, and what is wrong with what it was told: definitions and validations in Connect's shape."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.connect.kinds import Fault, Setting, faults_of, settings_of
from hub.connect.words import FlatConfig

HIDDEN = "[hidden]"
"""What stands where a secret would."""
Said = dict[str, Any]
TASKS = "tasks.max"
_WHOLE = "connector.class"
"""Where stands what is wrong between settings."""
FRAMEWORK = (
    Setting(name="connector.class", type="STRING", required=True, default=None, documentation="The kind of connector.", order=1),
    Setting(
        name=TASKS, type="INT", required=False, default="1", order=2,
        documentation="How many tasks there may be at most; a source of the hub is one task, whatever is said here.",
    ),
)  # fmt: skip
"""What Kafka Connect's clients say of every connector, as Connect defines it."""


def settings(kind: str) -> tuple[Setting, ...]:
    """Everything that a connector of this kind can be told."""
    shared = {each.name for each in FRAMEWORK}
    return (*FRAMEWORK, *(each for each in settings_of(kind) if each.name not in shared))


def faults(config: FlatConfig) -> list[Fault]:
    """Everything that is wrong with a connector's configuration; nothing is looked up or asked for."""
    most = config.get(TASKS, "1")
    wrong = [] if most.isdecimal() and int(most[:9]) > 0 else [Fault(key=TASKS, what="Not a number of type INT above 0")]
    return [*faults_of(config), *wrong]


def definition(known: Setting) -> Said:
    """A property as Connect defines it."""
    return {
        "name": known.name, "type": known.type, "required": known.required, "default_value": known.default,
        "importance": known.importance, "documentation": known.documentation, "group": None, "order_in_group": known.order,
        "width": "NONE", "display_name": known.name, "dependents": [],
    }  # fmt: skip


def validated(name: str, known: Sequence[Setting], config: FlatConfig, found: Iterable[Fault]) -> Said:
    """The verdict on a configuration, property by property; one that nobody knows is listed too, because it is an error here."""
    errors = sentences(known, config, found)
    unknown = [_unknown(each) for each in errors if each not in {one.name for one in known}]
    return {
        "name": name,
        "error_count": sum(map(len, errors.values())),
        "groups": [],
        "configs": [
            {"definition": definition(each), "value": _value(each, config, errors.get(each.name, ()))} for each in (*known, *unknown)
        ],
    }


def sentences(known: Iterable[Setting], config: FlatConfig, found: Iterable[Fault]) -> Mapping[str, list[str]]:
    """By property, what is wrong with it: in Connect's words, but without the value that was given."""
    needed = {each.name for each in known if each.required and each.name not in config}
    said: dict[str, list[str]] = {}
    for fault in found:
        missing = f'Missing required configuration "{fault.key}" which has no default value.'
        wrong = f"Invalid value for configuration {fault.key}: {fault.what}" + (f" ({fault.meant})" if fault.meant else "")
        whole = f"Invalid configuration: {fault.what}"
        said.setdefault(fault.key or _WHOLE, []).append(missing if fault.key in needed else wrong if fault.key else whole)
    return said


def _unknown(name: str) -> Setting:
    return Setting(name=name, type="STRING", required=False, default=None, documentation="", order=-1)


def _value(known: Setting, config: FlatConfig, errors: Sequence[str]) -> Said:
    given = config.get(known.name, known.default)
    value = None if errors else HIDDEN if _hidden(known, given) else given
    return {"name": known.name, "value": value, "recommended_values": list(known.recommended), "errors": list(errors), "visible": True}


def invalid(errors: Mapping[str, Sequence[str]]) -> str:
    """The sentence by which Connect refuses a configuration."""
    every = [sentence for each in errors.values() for sentence in each]
    told = "\n".join(every)
    return (
        f"Connector configuration is invalid and contains the following {len(every)} error(s):\n{told}\n"
        "You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`"
    )


def shown(known: Iterable[Setting], config: FlatConfig) -> dict[str, str]:
    """A configuration without its secrets; a reference such as `${env:TOKEN}` is none."""
    secret = {each.name: each for each in known if each.type == "PASSWORD"}
    return {name: HIDDEN if name in secret and _hidden(secret[name], value) else value for name, value in config.items()}


def put_back(config: FlatConfig, before: FlatConfig) -> dict[str, str]:
    """A configuration that somebody read, changed and sent back: what was hidden from them is as it was."""
    return {name: before.get(name, value) if value == HIDDEN else value for name, value in config.items()}


def _hidden(known: Setting, value: str | None) -> bool:
    return known.type == "PASSWORD" and value is not None and not (value.startswith("${") and value.endswith("}"))
