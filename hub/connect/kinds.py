"""What each kind of source can be told, and what is wrong with what it was told: the same answer for a file, a command and the REST API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from connectors import KINDS, Kind
from hub.configuration import Location, mended
from hub.connect.flat import CHAINS, document_of, path_of
from hub.connect.secrets import PLACEHOLDER, unknown_providers
from hub.connect.transforms import faults_in_chains
from hub.connect.words import FlatConfig
from hub.model.errors import Misconfigured

SettingType = Literal["BOOLEAN", "CLASS", "DOUBLE", "INT", "LIST", "STRING", "PASSWORD"]
_SECRET = ("token", "password", "secret", "key")
_TYPES: Mapping[Any, SettingType] = {bool: "BOOLEAN", int: "INT", float: "DOUBLE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a kind of source; `recommended` are the only words it takes, or empty."""

    name: str
    type: SettingType
    required: bool
    default: str | None
    documentation: str
    order: int
    recommended: tuple[str, ...] = ()

    @property
    def importance(self) -> Literal["LOW", "MEDIUM", "HIGH"]:
        """High for what has to be said."""
        return "HIGH" if self.required else "MEDIUM" if self.order < 10 else "LOW"  # noqa: PLR2004 - the first page of a form


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong: at which setting, what, and what was probably meant; where that stands in the document."""

    key: str
    what: str
    meant: str = ""
    at: Location = ()


def settings_of(kind: str) -> tuple[Setting, ...]:
    """Every setting of a kind of source, its own first; raises Misconfigured for a kind there is not."""
    found = [*_settings(find_kind(kind).config, "")]
    return tuple(
        Setting(name=each.name, type=each.type, required=each.required, default=each.default, documentation=each.documentation,
                order=order, recommended=each.recommended)
        for order, each in enumerate(sorted(found, key=lambda each: not each.required), 1)
    )  # fmt: skip


def find_kind(name: str) -> Kind:
    """The kind of source of this name; raises Misconfigured with what was probably meant."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    names = [kind.name for kind in KINDS]
    near = get_close_matches(name, names, n=1)
    raise Misconfigured("kind", "is not a kind of source", f"did you mean {near[0]}?" if near else f"one of {', '.join(names)}")


def faults_of(flat: FlatConfig) -> list[Fault]:
    """What is wrong with a flat configuration; nothing is looked up or asked for."""
    try:
        return faults_in(document_of(flat))
    except Misconfigured as fault:
        return [Fault(key=fault.key, what=fault.why, meant=fault.mend)]


def faults_in(document: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with a connector's document, all of it; keys nobody knows come first."""
    try:
        kind = find_kind(str(document.get("kind")))
    except Misconfigured as fault:
        at: Location = ("kind",) if "kind" in document else ()
        return [Fault(key="connector.class", what=fault.why, meant=fault.mend, at=at)]
    own = {name: value for name, value in document.items() if name not in CHAINS and not framework(name, value)}
    return [*_own_faults(kind, own), *_secret_faults(document, ()), *faults_in_chains(document, Fault)]


def framework(name: str, value: Any) -> bool:
    """`tasks.max`, which Kafka Connect's tools always send: a source here is one task, whatever the most may be."""
    return name == "tasks" and isinstance(value, Mapping) and set(value) == {"max"}


def _own_faults(kind: Kind, own: Mapping[str, Any]) -> list[Fault]:
    try:
        kind.config.model_validate(without_placeholders(own))
    except ValidationError as error:
        faults = error.errors(include_url=False)
        said = [each for each in faults if not _kept_secret(own, each["loc"])]
        return [_fault(kind, each) for each in sorted(said, key=lambda each: each["type"] != "extra_forbidden")]
    return []


def _kept_secret(value: Any, at: Location) -> bool:
    """Whether a placeholder stands here: what it holds cannot be judged yet."""
    for step in at:
        if isinstance(value, str) or not isinstance(value, Mapping | list):
            break
        try:
            value = value[step]  # type: ignore[index]  # a number for a list, a name for a mapping
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None


def _fault(kind: Kind, found: Any) -> Fault:
    words = _words_expected(found)
    near = get_close_matches(str(found["input"]), words, n=1, cutoff=0.5) if words and isinstance(found["input"], str) else []
    meant = f"did you mean {near[0]}?" if near else mended(kind.config, found)
    return Fault(key=path_of(found["loc"]), what=found["msg"].removeprefix("Value error, "), meant=meant, at=found["loc"])


def _words_expected(found: Any) -> list[str]:
    """The words that would have been right, where pydantic names them."""
    expected = str(found.get("ctx", {}).get("expected", ""))
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")] if found["type"] in ("enum", "literal_error") else []


def without_placeholders(value: Any) -> Any:
    """The document as it would be if every secret were there: a word in its place, so that what is wrong besides is found."""
    if isinstance(value, Mapping):
        return {name: without_placeholders(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_placeholders(each) for each in value]
    return PLACEHOLDER.sub(_STAND_IN, value) if isinstance(value, str) else value


_STAND_IN = "a-secret-that-is-looked-up-when-it-is-begun"
"""Long enough for what refuses a secret that could be guessed."""


def _secret_faults(value: Any, at: Location) -> Iterator[Fault]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _secret_faults(each, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _secret_faults(each, (*at, number))
    elif isinstance(value, str):
        for name in unknown_providers(value):
            near = get_close_matches(name, ("env", "file"), n=1)
            yield Fault(
                key=path_of(at), what=f"{name} is not where secrets are kept", at=at,
                meant=f"did you mean {near[0]}?" if near else "${env:NAME} or ${file:/path:key}",
            )  # fmt: skip


def _settings(model: type[BaseModel], before: str) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        if name in CHAINS:
            continue
        inner = _inner(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _settings(inner, f"{before}{name}.")
        else:
            yield _setting(f"{before}{name}" if before or name != "kind" else "connector.class", field, inner)


def _setting(name: str, field: FieldInfo, inner: Any) -> Setting:
    default = field.default
    return Setting(
        name=name, type="CLASS" if name == "connector.class" else _type(name, inner), required=field.is_required(),
        default=None if field.is_required() or default is None else _said(default),
        documentation=" ".join((field.description or "").split()), order=0, recommended=_words(inner),
    )  # fmt: skip


def _inner(annotation: Any) -> Any:
    """The type that counts: without None, without what only annotates."""
    kinds = [each for each in get_args(annotation) if each is not NoneType]
    if NoneType in get_args(annotation) and kinds:
        return kinds[0]
    return annotation


def _type(name: str, inner: Any) -> SettingType:
    if get_origin(inner) in (list, dict, tuple):
        return "LIST"
    if any(word in name.rpartition(".")[2] for word in _SECRET):
        return "PASSWORD"
    return _TYPES.get(inner, "STRING")


def _words(inner: Any) -> tuple[str, ...]:
    if get_origin(inner) is Literal:
        return tuple(map(str, get_args(inner)))
    return tuple(inner) if isinstance(inner, type) and issubclass(inner, StrEnum) else ()


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if isinstance(value, Mapping | list | tuple | BaseModel) else str(value.value if isinstance(value, StrEnum) else value)


def where_of(path: Path, document: Any, at: Location) -> tuple[str, int, int]:
    """File, line and column of this part of a document, or of the nearest part around it that has one."""
    line, column = 1, 1
    for part in at:
        try:
            positions = document.lc.data[part]
            document = document[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line, column = positions[0] + 1, positions[1] + 1
    return str(path), line, column
