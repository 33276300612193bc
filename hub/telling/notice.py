"""One message to one recipient: its envelope, and of the person only what the agreement lists.

A notice is made at the moment it is sent, from values that stay sealed until then; none of it is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from hub.contracts.notification_words import Instruction
from hub.sharing.agreement import Delivery, LifeEventKind, NoticeAgreement
from hub.sharing.notices import minimised


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is sent: `values` as the agreement's schema names them."""

    agreement: NoticeAgreement
    message_id: str
    life_event_id: str
    instruction: Instruction
    number: int
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One instruction of one line, as the ledger has it."""

    line_id: str
    subject: str
    life_event_id: str
    agreement: str
    record_party_id: str | None
    kind: LifeEventKind
    message_id: str
    instruction: Instruction
    number: int
    revision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is known of the person and the life event, in the clear; what was erased is missing."""

    event: Mapping[str, str] = field(default_factory=dict, repr=False)
    record: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the recipient's own record says, or where it keeps none the record under which the person is known."""
    reference: str | None = field(default=None, repr=False)
    erased: bool = False
    """Something was said of the person once, and nothing of it can be read any more."""


def notice(message: Message, agreement: NoticeAgreement, opened: Opened) -> Notice:
    """The message with what its agreement lists; what takes back says nothing of the person but the reference."""
    silent = message.instruction is Instruction.WITHDRAW or agreement.delivery is Delivery.REFERENCE
    envelope = {
        "message_id": message.message_id,
        "life_event_id": message.life_event_id,
        "number": message.number,
        "instruction": message.instruction.value,
        "kind": message.kind.value,
        "agreement": agreement.id,
        "purpose": agreement.purpose,
        "basis": agreement.basis,
        "reference": opened.reference,
    }
    about = {} if silent else minimised(agreement, message.kind, told_of(message.kind, opened))
    return Notice(
        agreement=agreement, message_id=message.message_id, life_event_id=message.life_event_id, instruction=message.instruction,
        number=message.number, values={**envelope, **about},
    )  # fmt: skip


def told_of(kind: LifeEventKind, opened: Opened) -> dict[str, str]:
    """Everything that is known by the names that agreements use; an agreement lists some of it."""
    event, record = opened.event, opened.record
    person = {**_person(record), **({} if kind is LifeEventKind.BIRTH else _person(event))}
    said: dict[str, str | None] = {**person, "phone": _first(record.get("phones")), "email": _first(record.get("emails"))}
    said |= _OF_KIND[kind](event, record)
    return {name: value for name, value in said.items() if value}


def _person(said: Mapping[str, str]) -> dict[str, str]:
    names = _listed(said.get("names"))
    found = {
        "name": _name(names[0]) if names else "",
        "other_names": "; ".join(filter(None, map(_name, names[1:]))),
        **{each: said.get(each, "") for each in ("born", "nino", "nhs_number")},
    }
    return {name: value for name, value in found.items() if value}


def _of_death(event: Mapping[str, str], _record: Mapping[str, str]) -> dict[str, str | None]:
    return {"died": event.get("died"), "registration": event.get("registration"), "last_address": _address(event.get("addresses"))}


def _of_move(event: Mapping[str, str], _record: Mapping[str, str]) -> dict[str, str | None]:
    return dict(event)


def _of_birth(event: Mapping[str, str], record: Mapping[str, str]) -> dict[str, str | None]:
    child = _person(event)
    return {
        "child_name": child.get("name"), "child_born": child.get("born"), "parent_name": _person(record).get("name"),
        "nhs_number": None,  # the child's own is in no record yet, and the parent's is not it
        "home_address": _address(event.get("addresses")) or _address(record.get("addresses")),
    }  # fmt: skip


_OF_KIND: Mapping[LifeEventKind, Callable[[Mapping[str, str], Mapping[str, str]], dict[str, str | None]]] = {
    LifeEventKind.BEREAVEMENT: _of_death,
    LifeEventKind.MOVE: _of_move,
    LifeEventKind.BIRTH: _of_birth,
    LifeEventKind.UNEMPLOYMENT: _of_move,
}


def _listed(text: str | None) -> list[Any]:
    return list(orjson.loads(text)) if text else []


def _name(said: Mapping[str, Any]) -> str:
    return " ".join(str(said[part]) for part in ("title", "forename", "middle", "surname") if said.get(part))


def _address(text: str | None) -> str | None:
    """The first address; its postcode where the text does not end in it."""
    found = _listed(text)
    if not found:
        return None
    written, postcode = str(found[0].get("text") or ""), str(found[0].get("postcode") or "")
    return ", ".join(part for part in (written, "" if written.endswith(postcode) else postcode) if part) or None


def _first(text: str | None) -> str | None:
    found = _listed(text)
    if not found:
        return None
    return str(found[0]["number"]) if isinstance(found[0], dict) else str(found[0])
