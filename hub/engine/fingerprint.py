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
    for name, tree in sorted(_reached(module).items()):
        total.update(name.encode() + _meaning(tree))
    for path in sorted(policies):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


@cache
def _reached(module: str) -> dict[str, ast.Module]:
    seen: dict[str, ast.Module] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        tree = _source(name)
        if name not in seen and tree is not None:
            seen[name] = tree
            waiting += [found for found in _imports(tree) if found.startswith(PURE)]
    return seen


@cache
def _source(module: str) -> ast.Module | None:
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    return ast.parse(Path(spec.origin).read_bytes())


def _imports(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


@cache
def _meaning(tree: ast.Module) -> bytes:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_docstring(part)]  # type: ignore[attr-defined]  # whatever has a body
    return ast.dump(tree).encode()


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
