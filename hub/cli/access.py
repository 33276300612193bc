"""Who may come in to this house: accounts, the record of access and the policy, made of its store and its secret."""

import hmac
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from json import dumps, loads
from threading import Event
from uuid import uuid4

from hub.cli.composition import House
from hub.contracts.access import DataAccessed
from hub.contracts.people_words import DenialReason, ResidentSight
from hub.contracts.security import AccessDenied, PolicyChanged
from hub.engine.outbox import enqueue, last_seq
from hub.model.errors import Unavailable
from hub.model.event import Event as Said
from hub.model.values import replace
from hub.privacy.access import Policy, Visible, Why
from hub.privacy.access_chain import Anchor
from hub.privacy.access_policy import load_policy
from hub.privacy.access_record import AccessRecord, Entry, Kind, Look, Seen
from hub.privacy.accounts import Accounts, NewAccount
from hub.privacy.books import Transaction
from hub.privacy.ids import derived_id
from hub.privacy.passwords import new_password
from hub.privacy.scope import FOR_EVER, KeyScope
from hub.shipped import shipped

STREAM = "access"
_ANCHORS = "access.anchors"
ANCHOR_SECONDS = 3600.0
"""Between two anchors a cut of the newest entries together with the head is not seen by the hub itself."""


def now() -> datetime:
    """The instant."""
    return datetime.now(UTC)


def policy() -> Policy:
    """The council's policy; raises Misconfigured."""
    return load_policy(shipped("policies"))


def accounts(house: House) -> Accounts:
    """Who may use the hub."""
    return Accounts(books=house.store, secret=secret_for(house, "accounts"), clock=now, new_id=lambda: str(uuid4()))


def credentials(house: House) -> dict[str, str]:
    """One account for every role, for a demonstration: the name is the role's, the password is made now and told once."""
    made = {role: new_password() for role in policy().roles}
    for role, password in made.items():
        duties = tuple(policy().duties) if role == "data-steward" else ()
        new = NewAccount(
            name=role, role=role, organisation=house.settings.controller, team="front-office", duties=duties, password=password
        )
        accounts(house).add(new)
    return made


def program(house: House) -> str:
    """A token by which a program acts as the demonstration's adviser."""
    return accounts(house).token("adviser")


def record(house: House) -> AccessRecord:
    """Who looked at what; each entry is told as events in its own transaction."""
    known = policy()
    return AccessRecord(books=house.store, key=secret_for(house, "record of access"), clock=now, tell=partial(_tell, house, known))


def anchors(house: House) -> list[Anchor]:
    """How far the record had come, each time it was looked at; they lie in the instance folder, not in the database."""
    path = house.settings.folder / _ANCHORS
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [Anchor(said["n"], said["chain"]) for said in map(loads, lines)]


def drop_anchor(house: House) -> None:
    """Remember, outside the database, how far the record has come."""
    reached = record(house).anchor()
    if reached.n:
        with (house.settings.folder / _ANCHORS).open("a", encoding="utf-8") as file:
            file.write(dumps({"n": reached.n, "chain": reached.chain, "at": now().isoformat()}) + "\n")


def anchoring(house: House, stop: Event) -> None:
    """Drop an anchor at the start and every hour, until told to stop; an outage is waited for."""
    while not stop.is_set():
        with suppress(Unavailable):
            drop_anchor(house)
        stop.wait(ANCHOR_SECONDS)


def seal_words(house: House, words: str, account_id: str) -> bytes:
    """What somebody said when they broke the glass, under a key that is kept as long as the record of looks."""
    origin = f"break-glass/{account_id}"
    return house.originals.seal(words.encode(), origin, KeyScope(house.settings.controller, origin, "looks", FOR_EVER))


def words_of(house: House, entry: Entry) -> str:
    """What was said with this entry; empty where nothing was. Raises Rejected where the key is gone."""
    sealed = record(house).words(entry.n)
    return house.originals.open(sealed, f"break-glass/{entry.body['actor']}").decode() if sealed else ""


def secret_for(house: House, use: str) -> bytes:
    """A secret of this hub's own for one use."""
    return hmac.digest(house.instance.id_secret, use.encode(), "sha256")


def _tell(house: House, known: Policy, tx: Transaction, entry: Entry, look: Look) -> None:
    events = [_stamped(house, entry, each, n) for n, each in enumerate(_events(house, known, entry, look))]
    if events:
        outgoing = [house.outgoing(event) for event in events]
        enqueue(tx, STREAM, last_seq(tx, STREAM) + 1, outgoing, entry.at, house.store.dialect)  # type: ignore[arg-type]  # the store's own


def _stamped(house: House, entry: Entry, event: Said, n: int) -> Said:
    event_id = derived_id("access", house.instance.instance_id, entry.n, n)
    controller = event.controller or house.settings.controller
    return replace(event, event_id=event_id, recorded_at=entry.at, source="hub", controller=controller, correlation_id=event_id)


def _events(house: House, known: Policy, entry: Entry, look: Look) -> list[Said]:
    match look.kind:
        case Kind.DATA_ACCESSED:
            return [_accessed(house, known, entry, look, each) for each in look.seen if each.party]
        case Kind.ACCESS_DENIED:
            return [_denied(entry, look)]
        case Kind.POLICY_CHANGED:
            return [PolicyChanged(occurred_at=entry.at, about="access", digest=look.why or "", previous_digest=look.search)]


def _accessed(house: House, known: Policy, entry: Entry, look: Look, seen: Seen) -> DataAccessed:
    purpose, kind = known.purposes[look.purpose or ""], known.classes[seen.record_class]
    sees = kind.resident_visible if purpose.resident_sees else Visible.NO
    return DataAccessed(
        occurred_at=entry.at, controller=seen.controller, party_id=seen.about,
        access_id=derived_id("look", house.instance.instance_id, entry.n), actor=look.actor, role=look.role, team=look.team,
        acting_for=look.organisation, purpose=purpose.name, fields=(*seen.shown, *seen.masked), record_classes=(seen.record_class,),
        as_of=look.as_of, known_at=look.known_at, search_digest=look.search, break_glass=look.break_glass is not None,
        visible_to_resident=ResidentSight[sees.name], agreement=look.agreement,
    )  # fmt: skip


def _denied(entry: Entry, look: Look) -> AccessDenied:
    return AccessDenied(
        occurred_at=entry.at, about=look.actor, role=look.role, acting_for=look.organisation, action=look.route or "look",
        purpose=look.purpose, reason=_REASONS[Why(look.why or "")],
    )  # fmt: skip


_REASONS = {
    Why.PURPOSE_MISSING: DenialReason.PURPOSE,
    Why.PURPOSE_NOT_YOURS: DenialReason.PURPOSE,
    Why.OWN_RECORD: DenialReason.OWN_RECORD,
    Why.BREAK_GLASS: DenialReason.PROTECTED,
    Why.ANOTHER_ORGANISATION: DenialReason.ORGANISATION,
    Why.NOT_FOR_THIS_PURPOSE: DenialReason.ROLE,
    Why.DUTY_MISSING: DenialReason.ROLE,
    Why.NOT_YOUR_RECORD: DenialReason.OWN_RECORD,
    Why.RESTRICTED: DenialReason.RESTRICTED,
}
