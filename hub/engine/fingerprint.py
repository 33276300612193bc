"""What a projection's rows depend on: the fingerprint of its module, of the pure code that it reaches, and of the policies it reads.

Layout, comments and docstrings do not count; anything that could fold differently does.
"""

import ast
import importlib.util
from functools import cache
from hashlib import sha256
from pathlib import Path

PURE = ("projections", "hub.model", "hub.contracts", "hub.commands", "hub.clocks", "hub.identity")


def fingerprint(module: str, policies: tuple[Path, ...] = ()) -> str:
    """Sixteen hex digits over everything the module's functions could compute with."""
    total = sha256()
    for name in sorted(_reached(module)):
        total.update(name.encode() + _meaning(name))
    for path in sorted(policies):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


@cache
def _reached(module: str) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in seen and _source(name) is not None:
            seen.add(name)
            waiting += [found for found in _imports(name) if found.startswith(PURE)]
    return frozenset(seen)


@cache
def _source(module: str) -> ast.Module | None:
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    return ast.parse(Path(spec.origin).read_bytes())


def _imports(module: str) -> list[str]:
    tree = _source(module)
    found = []
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


@cache
def _meaning(module: str) -> bytes:
    tree = _source(module)
    assert tree is not None
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_docstring(part)]  # type: ignore[attr-defined]
    return ast.dump(tree).encode()


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
