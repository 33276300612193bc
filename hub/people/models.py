"""The weights that identity decides by: those it began with, until a person releases a plan made under others.

Each is kept under its version, because what was decided under one is undone under that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.engine.store import Store
from hub.identity.model import Model, from_json, to_json
from hub.model.errors import Misconfigured

PROCESS = "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """All weights of one hub, in the order in which it learned of them; `mine` are those of its settings."""

    store: Store
    mine: Model

    def known(self) -> Sequence[Model]:
        """All of them, the first ever first; the settings' are added. Raises Unavailable, and Misconfigured for a version used twice."""
        with self.store.write() as tx:
            rows = tx.rows("SELECT version, body FROM process_model WHERE process = ? ORDER BY n", (PROCESS,))
            body, kept = to_json(self.mine), dict[str, str](rows)
            if kept.setdefault(self.mine.version, body) != body:
                raise Misconfigured(
                    "identity.model", f"holds other weights than those known as {self.mine.version}", "train them under another name"
                )  # fmt: skip
            if len(kept) > len(rows):
                row = (PROCESS, len(rows), self.mine.version, body)
                tx.run("INSERT INTO process_model (process, n, version, body) VALUES (?, ?, ?, ?)", row)
        return [from_json(text) for text in kept.values()]
