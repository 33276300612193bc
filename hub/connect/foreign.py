"""Any Kafka Connect configuration, from its JSON to YAML that reads well and back to the same JSON; comments are not kept.

{"connector.class": "…JdbcSource",     name: orders
"transforms": "key",                  connector.class: …JdbcSource
"transforms.key.type": "…",           transforms:
"tasks.max": "1"}                       - {name: key, type: …}
tasks.max: 1
"""

import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from hub.connect.flat import CHAINS, chain_of, named_in
from hub.model.errors import Misconfigured

_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FLAGS = {"true": True, "false": False}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./$-]*")
_WORDS = {"null", "yes", "no", "on", "off", "true", "false", "y", "n"}


def yaml_of(flat: Mapping[str, str]) -> str:
    """The configuration as YAML."""
    written = StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(_document(flat), written)
    return written.getvalue()


def own_yaml_of(document: Mapping[str, Any]) -> str:
    """A document of the hub's own as YAML."""
    written = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.sort_base_mapping_type_on_output = False, True, False  # type: ignore[assignment]
    yaml.dump(dict(document), written)
    return written.getvalue()


def flat_from(text: str) -> dict[str, str]:
    """The flat configuration that such YAML says; raises Misconfigured where it is none."""
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        raise Misconfigured("document", "is not YAML") from None
    if not isinstance(document, Mapping):
        raise Misconfigured("document", "is not a mapping of settings")
    flat: dict[str, str] = {}
    for name, value in document.items():
        if name in CHAINS and isinstance(value, list):
            flat.update(chain_of(name, value))
        else:
            flat[str(name)] = _said(value)
    return flat


def _document(flat: Mapping[str, str]) -> dict[str, Any]:
    """Chains as lists where that loses nothing, everything else as it is."""
    listed = {chain: links for chain in CHAINS if flat.get(chain) and _whole(chain, flat, links := named_in(chain, flat))}
    taken = {name for name in flat if name.partition(".")[0] in listed}
    document = {name: _scalar(value) for name, value in flat.items() if name not in taken}
    return document | {chain: [{name: _scalar(each) for name, each in link.items()} for link in links] for chain, links in listed.items()}


def _whole(chain: str, flat: Mapping[str, str], links: list[dict[str, str]]) -> bool:
    names = [link["name"] for link in links]
    kept = len(set(names)) == len(names) and all(_PLAIN.fullmatch(name) for name in names)
    return kept and chain_of(chain, list(links)) == {key: value for key, value in flat.items() if key.partition(".")[0] == chain}


def _scalar(text: str) -> Any:
    if text in _FLAGS:
        return _FLAGS[text]
    if _NUMBER.fullmatch(text):
        return int(text)
    if text.isprintable() and _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    printable = all(line.isprintable() and line == line.strip() and line for line in text.split("\n"))
    return LiteralScalarString(text) if "\n" in text and printable else DoubleQuotedScalarString(text)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list) or value is None:
        raise Misconfigured("document", "has a setting that is neither a text nor a number")
    return str(value)
