"""What people may ask, aggregate by aggregate: each decides on the facts of its own key, and answers with events or a refusal."""

from hub.commands.case import CASE
from hub.commands.contact import CONTACT

AGGREGATES = (CONTACT, CASE)
"""Every aggregate whose state the engine keeps as rows."""

__all__ = ["AGGREGATES", "CASE", "CONTACT"]
