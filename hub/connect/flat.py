r"""A connector's YAML and the flat configuration of Kafka Connect, each from the other, losing nothing.

    kind: csv_drop                        connector.class: csv_drop
    layouts:                              layouts[0].columns.reference: id
      - columns: {reference: id}
    transforms:                           transforms: area
      - {name: area, type: ReplaceField,  transforms.area.type: ReplaceField
         exclude: ward}                   transforms.area.exclude: ward

A dot, bracket or backslash within a name is escaped by a backslash. Values become texts; a source's own model reads them back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from hub.model.errors import Misconfigured

CHAINS = ("transforms", "predicates")
"""What Kafka Connect writes as a list of names, each with settings under it."""
_CLASS, _KIND = "connector.class", "kind"
_SPECIAL = re.compile(r"([.\[\]\\])")
_STEP = re.compile(r"\[(\d+)\]|\.?((?:\\.|[^.\[\]\\])+)")
_EMPTY: Mapping[str, Any] = {"[]": [], "{}": {}}
Tree = dict[str | int, Any]


def flat_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The document as Kafka Connect would have it."""
    flat = {_CLASS: str(document[_KIND])} if _KIND in document else {}
    for name, value in document.items():
        if name in CHAINS and isinstance(value, list) and value:
            flat.update(chain_of(name, value))
        elif name != _KIND:
            flat.update(_leaves(_SPECIAL.sub(r"\\\1", str(name)), value))
    return flat


def document_of(flat: Mapping[str, str]) -> dict[str, Any]:
    """The document that a flat configuration says; raises Misconfigured for a name that cannot be one."""
    document: dict[str, Any] = {_KIND: flat[_CLASS]} if _CLASS in flat else {}
    tree: Tree = {}
    for name, text in flat.items():
        if name.partition(".")[0] not in CHAINS and name != _CLASS:
            _put(tree, name, text)
    document |= {str(name): _plain(value) for name, value in tree.items()}
    return document | {chain: named_in(chain, flat) for chain in CHAINS if flat.get(chain)}


def chain_of(chain: str, links: list[Mapping[str, Any]]) -> dict[str, str]:
    """Named links as Kafka Connect has them: the names in one setting, each with its own settings under it."""
    flat = {chain: ",".join(str(link["name"]) for link in links)}
    for link in links:
        for setting, value in link.items():
            if setting != "name":
                flat[f"{chain}.{link['name']}.{setting}"] = ",".join(map(_text, value)) if isinstance(value, list) else _text(value)
    return flat


def named_in(chain: str, flat: Mapping[str, str]) -> list[dict[str, str]]:
    """The links that a flat configuration names, in order, each with its settings."""
    links = []
    for name in (each.strip() for each in flat[chain].split(",")):
        before = f"{chain}.{name}."
        links.append({"name": name} | {key.removeprefix(before): value for key, value in flat.items() if key.startswith(before)})
    return links


def path_of(location: Sequence[str | int]) -> str:
    """The flat name of a place in a document."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else ("." if path else "") + _SPECIAL.sub(_escaped, step)
    return path


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _leaves(f"{path}.{_SPECIAL.sub(_escaped, str(name))}", each)
    elif isinstance(value, list) and value:
        for number, each in enumerate(value):
            yield from _leaves(f"{path}[{number}]", each)
    elif value is not None:
        yield path, _text(value)


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[1]}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list):
        return "{}" if isinstance(value, Mapping) else "[]"
    return value.isoformat() if isinstance(value, date) else str(value)


def _put(tree: Tree, path: str, text: str) -> None:
    steps = _steps(path)
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise Misconfigured(path, "is both a setting and a group of settings")
    if isinstance(tree.get(steps[-1]), dict):
        raise Misconfigured(path, "is both a setting and a group of settings")
    tree[steps[-1]] = _EMPTY.get(text, text)


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise Misconfigured(path, "is no name of a setting", r"names are joined by dots; \. is a dot within one")
        steps.append(int(found[1]) if found[1] is not None else re.sub(r"\\(.)", r"\1", found[2]))
        at = found.end()
    if not steps or isinstance(steps[0], int):
        raise Misconfigured(path or "a setting", "has no name")
    return steps


def _plain(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return value
    if all(isinstance(name, int) for name in value):
        return [_plain(value[number]) for number in sorted(value)]
    return {str(name): _plain(each) for name, each in value.items()}
