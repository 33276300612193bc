"""A chain of transformations between what a source brings and what is understood of it.

transforms:
- {name: area, type: ReplaceField, exclude: ward}
- {name: tests, type: Filter, predicate: made-up}
predicates:
- {name: made-up, type: FieldMatches, field: surname, pattern: "Test.*"}
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from pydantic import ConfigDict, ValidationError, field_validator

from hub.configuration import Configuration, Location, mended
from hub.connect.british import MatchUprn, NormaliseNino, NormalisePhone, NormalisePostcode, Pseudonymise, RedactByTag
from hub.connect.transformations import (
    Cast,
    ExtractField,
    Fields,
    Filter,
    Flatten,
    HoistField,
    InsertField,
    MaskField,
    ReplaceField,
    TimestampConverter,
    Tools,
    Transformation,
)
from hub.model.connector import Said, Source
from hub.model.errors import Misconfigured
from hub.model.event import Event
from hub.model.personal import ERASED, Plain, Sealed

TYPES: Mapping[str, type[Transformation]] = {
    each.__name__: each
    for each in (
        InsertField, ReplaceField, MaskField, Cast, TimestampConverter, Flatten, HoistField, ExtractField, Filter, NormalisePostcode,
        NormaliseNino, NormalisePhone, MatchUprn, Pseudonymise, RedactByTag,
    )
}  # fmt: skip
"""Every transformation by its name."""
ELSEWHERE = ("RegexRouter", "TimestampRouter", "ValueToKey", "InsertHeader", "DropHeaders", "HeaderFrom", "SetSchemaMetadata")
"""Those of Kafka Connect that move keys, topics, headers and schemas, which a record has not yet when it is taken in."""
_CONNECT = re.compile(r"(?:org\.apache\.kafka\.connect\.transforms\.)?([A-Za-z]+)(?:\$Value)?")


class FieldMatches(Configuration):
    """Whether the whole of a field fits a regular expression."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    name: str
    type: str
    field: str
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"no regular expression: {error.msg}") from None
        return pattern

    def holds(self, record: Fields) -> bool:
        """Whether it is true of this record."""
        return re.fullmatch(self.pattern, str(record.get(self.field) or "")) is not None


PREDICATES: Mapping[str, type[FieldMatches]] = {"FieldMatches": FieldMatches}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Transformations in their order."""

    links: tuple[Transformation, ...] = ()
    predicates: Mapping[str, FieldMatches]
    tools: Tools

    def record(self, record: Fields) -> Fields | None:
        """The record after all of them; None where one leaves it out. Raises Rejected."""
        for link in self.links:
            if self._meets(link, record):
                after = link.apply(record, self.tools)
                if after is None:
                    return None
                record = after
        return record

    def event(self, event: Event) -> Event:
        """What the record became, without what is to be left out of it."""
        for link in self.links:
            if isinstance(link, RedactByTag):
                event = _redacted(event, link)
        return event

    def _meets(self, link: Transformation, record: Fields) -> bool:
        return link.predicate is None or self.predicates[link.predicate].holds(record) is not link.negate


def chain_in(document: Mapping[str, Any], tools: Tools) -> Chain | None:
    """The chain that a document sets out, None where it sets out none; raises Misconfigured."""
    if not document.get("transforms"):
        return None
    for key, what, meant, _ in _faults(document):
        raise Misconfigured(key, what, meant)
    links = [_model(TYPES, link).model_validate(link) for link in document["transforms"]]
    predicates = [_model(PREDICATES, each).model_validate(each) for each in document.get("predicates") or ()]
    return Chain(links=tuple(links), predicates={each.name: each for each in predicates}, tools=tools)


def transformed(source: Source, chain: Chain | None) -> Source:
    """The source whose records go through the chain before they are understood."""
    if chain is None:
        return source

    def translate(record: Any) -> Iterator[Said]:
        after = _through(chain, record)
        if after is not None:
            for one in source.translate(after):
                yield replace(one, event=chain.event(one.event))

    return replace(source, translate=translate)


def faults_in_chains(document: Mapping[str, Any], fault: Callable[..., Any]) -> list[Any]:
    """What is wrong with the transformations and predicates of a document."""
    return [fault(key=key, what=what, meant=meant, at=at) for key, what, meant, at in _faults(document)]


def _through(chain: Chain, record: Any) -> Any:
    """A record after the chain, as the record it was: a mapping, or a row whose values have names of their own."""
    if isinstance(record, Mapping):
        return chain.record(dict(record))
    values = getattr(record, "values", None)
    if values is None or not hasattr(values, "_asdict"):
        raise Misconfigured("transforms", "this kind of source has no records of named fields")
    after = chain.record(values._asdict())
    if after is None:
        return None
    known = {name: str(after.get(name, "")) for name in values._fields}
    if unknown := sorted(after.keys() - known.keys()):
        near = get_close_matches(unknown[0], known, n=1)
        raise Misconfigured("transforms", f"{unknown[0]} is no field of its rows", f"did you mean {near[0]}?" if near else "")
    return record._replace(values=type(values)(**known)) if hasattr(record, "_replace") else replace(record, values=type(values)(**known))


def _redacted(event: Event, link: RedactByTag) -> Event:
    personal: dict[str, Any] = {
        each.name: None
        for each in fields(event)
        if each.name not in link.keep and isinstance(getattr(event, each.name), Plain | Sealed | type(ERASED))
    }
    return replace(event, **personal) if personal else event


Found = tuple[str, str, str, Location]


def _faults(document: Mapping[str, Any]) -> Iterator[Found]:
    predicates = [each for each in document.get("predicates") or () if isinstance(each, Mapping)]
    yield from _links_of("predicates", document.get("predicates"), PREDICATES)
    yield from _links_of("transforms", document.get("transforms"), TYPES)
    names = [str(each.get("name")) for each in predicates]
    for number, link in enumerate(document.get("transforms") or ()):
        wanted = link.get("predicate") if isinstance(link, Mapping) else None
        if wanted is not None and wanted not in names:
            at: Location = ("transforms", number, "predicate")
            yield f"transforms.{link.get('name')}.predicate", "is no predicate of this connector", _near(str(wanted), names), at


def _links_of(chain: str, links: Any, types: Mapping[str, Any]) -> Iterator[Found]:
    if links is not None and not isinstance(links, Sequence):
        yield chain, "is a list, each with a name and a type", "", (chain,)
        return
    seen: set[str] = set()
    for number, link in enumerate(links or ()):
        at: Location = (chain, number)
        if not isinstance(link, Mapping) or "name" not in link or "type" not in link:
            yield f"{chain}[{number}]", "needs a name and a type", "", at
            continue
        if link["name"] in seen:
            yield f"{chain}.{link['name']}", "is there twice", "", at
        seen.add(str(link["name"]))
        yield from _link_faults(f"{chain}.{link['name']}", link, types, at)


def _link_faults(key: str, link: Mapping[str, Any], types: Mapping[str, Any], at: Location) -> Iterator[Found]:
    model = _model(types, link)
    if model is None:
        short = _short(str(link["type"]))
        why = "moves keys, topics or headers, which a record has not when it is taken in" if short in ELSEWHERE else "is no type of these"
        yield f"{key}.type", why, _near(short, list(types)), (*at, "type")
        return
    try:
        model.model_validate(link)
    except ValidationError as error:
        for found in error.errors(include_input=False, include_url=False):
            place = ".".join(map(str, found["loc"]))
            yield f"{key}.{place}", found["msg"].removeprefix("Value error, "), mended(model, found), (*at, *found["loc"])


def _model(types: Mapping[str, Any], link: Mapping[str, Any]) -> Any:
    return types.get(_short(str(link.get("type"))))


def _short(name: str) -> str:
    found = _CONNECT.fullmatch(name)
    return found[1] if found else name


def _near(word: str, words: Iterable[str]) -> str:
    words = list(words)
    near = get_close_matches(word, words, n=1)
    return f"did you mean {near[0]}?" if near else f"one of {', '.join(words)}" if words else ""
