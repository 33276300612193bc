"""Whose record a case, a contact or a complaint is: who may not look at the person may not look at what is about them either."""

from typing import Any

from hub.commands import COMPLAINT
from hub.model.projection import Projection
from hub.privacy.access import Act, Asked
from hub.web.desk import Desk
from projections.case_timeline import PROJECTION as CASES
from projections.contact_log import PROJECTION as CONTACTS

_VIEWS: dict[str, Projection[Any]] = {"cases": CASES, "contacts": CONTACTS, "complaints": COMPLAINT.state}


async def asked_of(desk: Desk, kind: str, controller: str, act: Act, key: str = "") -> list[Asked]:
    """What must be allowed for this record: its class, and where somebody is known to be its subject, that of them. Raises Unavailable."""
    asked = [Asked(record_class=kind, controller=controller, act=act)]
    if key and kind in _VIEWS:
        found = await desk.threads.run(desk.reading.find, _VIEWS[kind], key)
        if (subject := getattr(found.facts, "subject", None)) is not None:
            asked.append(Asked(record_class=kind, controller=controller, act=act, party=subject))
    return asked
