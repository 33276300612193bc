"""What people may ask, aggregate by aggregate: each decides on the facts of its own key, and answers with events or a refusal."""

from hub.commands.bundle import BUNDLE
from hub.commands.case import CASE
from hub.commands.complaint import COMPLAINT
from hub.commands.contact import CONTACT
from hub.commands.evidence import EVIDENCE
from hub.commands.person import PERSON
from hub.commands.privacy import PRIVACY

AGGREGATES = (CONTACT, CASE, COMPLAINT, PRIVACY, PERSON, EVIDENCE, BUNDLE)
"""Every aggregate whose state the engine keeps as rows."""

__all__ = ["AGGREGATES", "BUNDLE", "CASE", "COMPLAINT", "CONTACT", "EVIDENCE", "PERSON", "PRIVACY"]
