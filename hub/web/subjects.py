"""Whose record a case, a contact or a complaint is: who may not look at the person may not look at what is about them either.

What is about somebody who contests its use is shown only for the purposes that the policy names, and in no list of cases or contacts.
"""

from collections.abc import Iterable
from typing import Any

from hub.commands import COMPLAINT, PRIVACY
from hub.commands.privacy_facts import Privacy
from hub.engine.reading import Item, Snapshot
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
        subject, contested = await desk.threads.run(_of_whom, desk, kind, key)
        if subject is not None:
            asked.append(Asked(record_class=kind, controller=controller, act=act, party=subject, restricted=contested))
    return asked


def _of_whom(desk: Desk, kind: str, key: str) -> tuple[str | None, bool]:
    with desk.reading.snapshot() as snapshot:
        subject = getattr(snapshot.facts(_VIEWS[kind], key), "subject", None)
        return subject, subject is not None and restricted(snapshot, kind, subject)


def restricted(snapshot: Snapshot, kind: str, party: str) -> bool:
    """Whether records of this class about this party are not to be shown today."""
    facts: Privacy | None = snapshot.facts(PRIVACY.state, party)
    steps = () if facts is None else facts.steps
    lifted = {step.about for step in steps if step.what == "RestrictionLifted"}
    stand = [step for step in steps if step.what == "RestrictionSet" and step.about not in lifted]
    return any(not step.classes or kind in step.classes for step in stand)  # one that names no class is on all of them


def unrestricted(snapshot: Snapshot, kind: str, items: Iterable[Item]) -> list[Item]:
    """The rows of a list that may be shown to whoever may read the class: those of people who contest nothing."""
    return [item for item in items if item.facts.subject is None or not restricted(snapshot, kind, item.facts.subject)]
