"""What is wrong with a connector's file, all of it at once, by line and column, without looking anything up or calling anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from hub.configuration import Configuration, Location, mended
from hub.connect.flat import path_of
from hub.connect.kinds import faults_in, where_of
from hub.model.errors import Misconfigured

TEST = "_test"
"""What a connector's tests are named by, after its own name: `foo_test.yaml` beside `foo.yaml`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing wrong with a file."""

    file: str
    line: int
    column: int
    key: str
    what: str
    meant: str

    def __str__(self) -> str:
        """As compilers say it."""
        return f"{self.file}:{self.line}:{self.column}: {self.key}: {self.what}" + (f" ({self.meant})" if self.meant else "")


class Example(Configuration):
    """What a connector is to make of what: files in its folder, or replies by the end of their address; then its events in their order.

    Of an event only the fields that are named are compared.
    """

    name: str = Field(min_length=1)
    files: dict[str, str] = Field(default_factory=dict)
    replies: dict[str, Any] = Field(default_factory=dict)
    events: list[dict[str, dict[str, Any]]] = Field(default_factory=list)
    rejected: list[str] = Field(default_factory=list)


class Examples(Configuration):
    """The tests of one connector."""

    tests: list[Example] = Field(min_length=1)


def read(path: Path) -> Any:
    """The document with the position of every key; raises Misconfigured with line and column where it is none."""
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{path}:1:1", "is not UTF-8", "save it as UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else f"{path}:1:1"
        raise Misconfigured(where, error.problem or "is not YAML") from None
    if not isinstance(document, Mapping):
        raise Misconfigured(f"{path}:1:1", "is not a mapping of settings")
    return document


def lint(path: Path) -> list[Remark]:
    """What is wrong with one file, a connector's or its tests'; nothing where all is well."""
    try:
        document = read(path)
    except Misconfigured as fault:
        file, line, column = (*fault.key.rsplit(":", 2), "1", "1")[:3] if fault.key.count(":") > 1 else (fault.key, "1", "1")
        return [Remark(file=file, line=int(line), column=int(column), key="document", what=fault.why, meant=fault.mend)]
    if path.stem.endswith(TEST):
        return [_remark(path, document, *found) for found in _test_faults(document)]
    found = [_remark(path, document, fault.key, fault.what, fault.meant, fault.at) for fault in faults_in(document)]
    return sorted(found, key=lambda remark: (remark.line, remark.column))


def _test_faults(document: Mapping[str, Any]) -> list[tuple[str, str, str, Location]]:
    try:
        Examples.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        return [(path_of(each["loc"]), each["msg"], mended(Examples, each), each["loc"]) for each in faults]
    return []


def _remark(path: Path, document: Any, key: str, what: str, meant: str, at: Location) -> Remark:
    file, line, column = where_of(path, document, at)
    return Remark(file=file, line=line, column=column, key=key, what=what, meant=meant)


def examples(path: Path) -> list[Example]:
    """The tests in a file; raises Misconfigured with the first thing wrong with it."""
    for remark in lint(path):
        raise Misconfigured(f"{remark.file}:{remark.line}:{remark.column}: {remark.key}", remark.what, remark.meant)
    return Examples.model_validate(read(path)).tests
