"""Which rows of the register work, and which tests show it: `python -m tests.requirements` writes docs/requirements.md.

The marks are read from the source without importing it, so this takes a fraction of a second.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REGISTER = ROOT / "docs/register.md"
PAGE = ROOT / "docs/requirements.md"
ROW = re.compile(r"^\| (?P<id>[A-J]\d\d) \| (?P<source>[^|]+) \| (?P<what>[^|]+) \|.*\| (?P<part>[^|]+) \|$", re.MULTILINE)
HEADING = re.compile(r"^## (?P<letter>[A-J])\. (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One row of the register; `part` is the part of the hub that makes it work."""

    id: str
    what: str
    part: str


def register(text: str) -> list[Requirement]:
    """The rows of the register, in its order."""
    return [Requirement(id=row["id"], what=row["what"].strip(), part=row["part"].strip()) for row in ROW.finditer(text)]


def proofs(root: Path = ROOT) -> dict[str, list[str]]:
    """Requirement id → the node ids of the tests that carry it, in alphabetical order."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        for requirement, node in marks(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(requirement, []).append(f"{path.relative_to(root).as_posix()}::{node}")
    return found


def marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    """(requirement id, name of the test) for every mark on a test, its class or its module."""
    everywhere = [value for node in module.body for value in _module_marks(node)]
    yield from _below(module.body, everywhere, "")


def _below(body: Sequence[ast.stmt], inherited: list[str], prefix: str) -> Iterator[tuple[str, str]]:
    for node in body:
        match node:
            case ast.ClassDef():
                yield from _below(node.body, inherited + _ids(node.decorator_list), f"{prefix}{node.name}::")
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("test_"):
                for requirement in dict.fromkeys(inherited + _ids(node.decorator_list)):
                    yield requirement, f"{prefix}{node.name}"
            case _:
                pass


def _module_marks(node: ast.stmt) -> list[str]:
    named = isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)
    return _ids([node.value]) if named and isinstance(node, ast.Assign) else []


def _ids(marked: Sequence[ast.expr]) -> list[str]:
    """The literal arguments of every `pytest.mark.requirement(…)` among the expressions."""
    calls = [call for value in marked for call in ast.walk(value) if isinstance(call, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "requirement"]
    return [
        argument.value for call in named for argument in call.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def page(text: str, shown: Mapping[str, Sequence[str]]) -> str:
    """docs/requirements.md for this register and these proofs."""
    rows = register(text)
    titles = {heading["letter"]: heading["title"] for heading in HEADING.finditer(text)}
    working = sum(row.id in shown for row in rows)
    lines = [
        "# Requirements: what works, and where that is shown",
        "",
        "Written by `make requirements` from [register.md](register.md) and the marks on the tests; a test keeps it current.",
        f"{working} of {len(rows)} work.",
        "A row works when a test takes real input through its event to its view or metric, and asserts what is seen there.",
    ]
    for letter, section in groupby(rows, key=lambda row: row.id[0]):
        lines += ["", f"## {letter}. {titles[letter]}", "", "| id | state | what the hub must do | part | where |", "|---|---|---|---|---|"]
        lines += [_line(row, shown.get(row.id, ())) for row in section]
    return "\n".join(lines) + "\n"


def _line(row: Requirement, nodes: Sequence[str]) -> str:
    where = "<br>".join(f"[{node}](../{node.partition('::')[0]})" for node in nodes)
    return f"| {row.id} | {'works' if nodes else 'planned'} | {row.what} | {row.part} | {where} |"


def main() -> None:
    """Write the page."""
    text = REGISTER.read_text(encoding="utf-8")
    PAGE.write_text(page(text, proofs()), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {sum(row.id in proofs() for row in register(text))} of {len(register(text))} work")


if __name__ == "__main__":
    main()
