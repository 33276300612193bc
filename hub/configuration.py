"""A YAML file as a checked value; what is wrong with it is said with file and line, and what was probably meant."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from hub.model.errors import Misconfigured

Location = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


class Configuration(BaseModel):
    """A part of a configuration: frozen, nothing unknown, no value in any message."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True)


def load_document(path: Path) -> Any:
    """The YAML document with the position of every key; raises Misconfigured where it cannot be read as YAML 1.2."""
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Misconfigured(str(path), "is not UTF-8", "save it as UTF-8") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Misconfigured(f"{path}:{line}", error.problem or "is not YAML") from None
    if not isinstance(document, Mapping):
        raise Misconfigured(f"{path}:1", "is not a mapping of settings")
    return document


def checked(path: Path, document: Mapping[str, Any], model: type[Model]) -> Model:
    """The document as `model`; raises Misconfigured that names the first fault's key and line and, for a misspelt key, what was meant.

    A key nobody knows comes first: what is missing besides is often what it was meant to be.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        fault = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        where = f"{path}:{line_of(document, fault['loc'])}: {'.'.join(map(str, fault['loc'])) or 'document'}"
        raise Misconfigured(where, fault["msg"].removeprefix("Value error, "), mended(model, fault)) from None


def line_of(document: Any, location: Location) -> int:
    """The line on which this part of a document stands, or the nearest part around it that has one."""
    line = 1
    for part in location:
        try:
            positions = document.lc.data[part]
            document = document[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line = positions[0] + 1
    return line


def mended(model: type[BaseModel], fault: ErrorDetails) -> str:
    """What was probably meant by a key that nobody knows."""
    if fault["type"] != "extra_forbidden":
        return ""
    known = _fields_at(model, fault["loc"][:-1])
    meant = get_close_matches(str(fault["loc"][-1]), known, n=1)
    return f"did you mean {meant[0]}?" if meant else f"known: {', '.join(known)}"


def _fields_at(model: type[BaseModel], location: Location) -> list[str]:
    for part in location:
        field = model.model_fields.get(str(part))  # none: a position in a list, or a key of a mapping, of what was found before
        model = _model_in(field.annotation) or model if field else model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
