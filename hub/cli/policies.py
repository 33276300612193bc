"""Says on `security-audit` when a policy file takes effect in another version, and when one organisation has taken over from another."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson

from connectors import Configured
from hub.contracts.security import OrganisationSucceeded, PolicyChanged
from hub.model.connector import Page, Said, Source
from hub.privacy.organisations import Organisation, Partnership, successions

NAME = "policies"
EVERY_SECONDS = 60.0


class Change(NamedTuple):
    """A file in another version, or a succession that is in effect by now."""

    name: str
    digest: str
    before: str | None
    at: datetime
    succeeded: Organisation | None = None


def policy_source(folder: Path, members: Partnership, controller: str) -> Configured:
    """The source of what changed in this folder of policies."""

    async def poll(cursor: str | None) -> Page:
        return _page(folder, members, cursor, datetime.now(UTC))

    source = Source(name=NAME, system=NAME, controller=controller, poll=poll, translate=translate, origin=lambda change: change.name)
    return Configured(source=source, every_seconds=EVERY_SECONDS, most_per_second=None)


def _page(folder: Path, members: Partnership, cursor: str | None, now: datetime) -> Page:
    known: dict[str, str] = orjson.loads(cursor) if cursor else {}
    files = sorted(path for pattern in ("*.yaml", "*/*.yaml", "*.csv", "*/*.json") for path in folder.glob(pattern))
    changes = [Change(path.relative_to(folder).as_posix(), _digest(path), None, now) for path in files]
    changes += [
        Change(f"succession/{each.id}", str(each.valid_to), None, _day_after(each), each) for each in successions(members, now.date())
    ]
    news = tuple(change._replace(before=known.get(change.name)) for change in changes if known.get(change.name) != change.digest)
    after = {change.name: change.digest for change in changes}
    return Page(records=news, cursor=orjson.dumps(after, option=orjson.OPT_SORT_KEYS).decode(), more=False)


def translate(change: Change) -> Iterator[Said]:
    """The one fact that a change is."""
    old = change.succeeded
    if old is not None and old.successor is not None:
        event = OrganisationSucceeded(occurred_at=change.at, about=old.id, successor=old.successor, effective_from=change.at.date())
        yield Said(local_id=change.name, event=event, version=change.digest)
        return
    about = f"policies/{change.name}"
    changed = PolicyChanged(occurred_at=change.at, about=about, digest=change.digest, previous_digest=change.before)
    yield Said(local_id=change.name, event=changed, version=f"{change.before or ''}>{change.digest}@{change.at.isoformat()}")


def _digest(path: Path) -> str:
    return b64encode(sha256(path.read_bytes()).digest()).decode()


def _day_after(organisation: Organisation) -> datetime:
    last = organisation.valid_to or date.min
    return datetime.combine(last + timedelta(days=1), time(), UTC)
