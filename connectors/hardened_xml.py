"""XML from outside, read without trusting it: no entities, no network, no document type, bounded depth and size.

libxml2 stops entity expansion by itself; the standard library accepts nesting 200,000 deep, so lxml's own limit (256) is kept, and ours is
lower.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from hub.model.errors import Rejected

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32


def parse(body: bytes) -> etree._Element:
    """The root element; raises Rejected for what is not well-formed, too deep, too large, or declares a document type."""
    if len(body) > MAX_BYTES:
        raise Rejected("xml-too-large")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Rejected("xml-malformed") from None
    if root.getroottree().docinfo.doctype:
        raise Rejected("xml-doctype")
    if _depth(root) > MAX_DEPTH:
        raise Rejected("xml-too-deep")
    return root


def _depth(root: etree._Element) -> int:
    deepest = depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def to_value(element: etree._Element) -> Any:
    """An element as JSON would say it: text, None where empty, a list where marked `is_array` or plural, else a mapping."""
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    if _is_list(element, children):
        return [to_value(child) for child in children]
    return dict(_pairs(children))


def _is_list(element: etree._Element, children: list[etree._Element]) -> bool:
    if element.get("is_array") == "true":
        return True
    alike = len({child.tag for child in children}) == 1
    return alike and (len(children) > 1 or str(element.tag).endswith(f"{children[0].tag}s"))


def _pairs(children: list[etree._Element]) -> Iterator[tuple[str, Any]]:
    for child in children:
        yield etree.QName(child).localname, to_value(child)
