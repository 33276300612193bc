"""What a PromQL expression names: its metrics, and the labels that it matches of each. Whether it parses is for promtool to say."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_SELECTOR = re.compile(r"(?P<metric>[a-zA-Z_:][\w:]*)\s*\{(?P<matchers>[^}]*)\}")
_LABEL = re.compile(r"([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_BRACKETS = re.compile(r"\{[^}]*\}|\[[^\]]*\]")
_NAME = re.compile(r"(?<![\w.:])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])")
_WORDS = frozenset({"and", "or", "unless", "offset", "bool", "inf", "nan", "by", "without", "on", "ignoring"})
EVERYWHERE = frozenset({"job", "instance", "role"})
"""Labels that Prometheus adds to each target's series (deploy/prometheus/prometheus.yml)."""
PROMETHEUS: Mapping[str, frozenset[str]] = {"up": EVERYWHERE, "ALERTS": frozenset({"alertname", "alertstate", "severity"})}
"""Series that Prometheus makes itself."""


class Named(NamedTuple):
    """A metric, and the labels by which an expression chooses among its series."""

    metric: str
    labels: frozenset[str]


def names(expression: str) -> Iterator[Named]:
    """Every metric that the expression names."""
    bare = _TEXT.sub('""', expression)
    for found in _SELECTOR.finditer(bare):
        yield Named(found["metric"], frozenset(_LABEL.findall(found["matchers"])))
    for name in _NAME.findall(_BRACKETS.sub("", _GROUPING.sub("", bare))):
        if name not in _WORDS:
            yield Named(name, frozenset())


def unknown(expression: str, known: Mapping[str, frozenset[str]]) -> list[str]:
    """What the expression names and what is not there: metrics, and labels of metrics."""
    found = []
    for metric, labels in names(expression):
        if metric not in known:
            found.append(metric)
        else:
            found += [f"{metric}{{{label}}}" for label in sorted(labels - known[metric] - EVERYWHERE)]
    return found
