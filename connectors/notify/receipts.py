"""Which customers were told something? Those whose message was delivered, by Notify's own word for it; everybody else was not.

A message belongs to a case by its reference, and says what its template is for. A message by another template, or without a reference,
is none of ours; one to Notify's smoke-test recipients reached nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from connectors.service_requests import case_id
from connectors.vocabulary import REFERENCE, Connection
from hub.contracts.cases import CustomerInformed
from hub.contracts.vocabulary import Channel, InformedAbout
from hub.model.connector import Said
from hub.model.errors import Rejected

SMOKE_TESTS = frozenset({
    "07700900000", "07700900111", "07700900222", "simulate-delivered@notifications.service.gov.uk",
    "simulate-delivered-2@notifications.service.gov.uk", "simulate-delivered-3@notifications.service.gov.uk",
})  # fmt: skip
"""Recipients that Notify takes messages for and sends nothing to."""
_CHANNELS = {"email": Channel.EMAIL, "sms": Channel.SMS, "letter": Channel.POST}
_TOLD = {"email": {"delivered"}, "sms": {"delivered", "sent"}, "letter": {"received"}}
"""Texts to other countries end as sent; a letter is received by the provider, which has posted it."""
_KNOWN = {
    "email": {"created", "sending", "delivered", "permanent-failure", "temporary-failure", "technical-failure"},
    "sms": {"created", "sending", "pending", "sent", "delivered", "permanent-failure", "temporary-failure", "technical-failure"},
    "letter": {
        "accepted", "received", "cancelled", "technical-failure", "permanent-failure", "pending-virus-check", "virus-scan-failed",
        "validation-failed",
    },
}  # fmt: skip


class Notify(Connection):
    """Whose cases the references are of, and what each template (by its id) tells people about."""

    case_system: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    templates: dict[str, InformedAbout] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One message as Notify says it stands; `place` says where that was said."""

    place: str
    said: Mapping[str, Any] = field(repr=False)
    original: bytes = field(repr=False)


def _aware(value: Any) -> Any:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(at, datetime) and at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at


Instant = Annotated[datetime | None, BeforeValidator(_aware)]


class Message(BaseModel):
    """What a callback and an answer have in common."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F-]{36}$")]
    reference: Annotated[str, StringConstraints(pattern=f"^(?:{REFERENCE.pattern})$")]
    status: str
    completed_at: Instant = None
    sent_at: Instant = None


def translate(config: Notify, record: Receipt) -> Iterator[Said]:
    """That the customer was informed, where that is so; raises Rejected with the names of the fields at fault."""
    said = record.said
    kind, template = str(said.get("notification_type") or said.get("type")), _template(said)
    if template not in config.templates or not said.get("reference") or _recipient(said) in SMOKE_TESTS:
        return
    try:
        message = Message.model_validate(said)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise Rejected("notify-malformed", fields=tuple(sorted({str(fault["loc"][0]) for fault in faults}))) from None
    if kind not in _KNOWN or message.status not in _KNOWN[kind]:
        raise Rejected("notify-unknown-status", fields=("status",))
    at = message.completed_at or message.sent_at
    if message.status not in _TOLD[kind]:
        return
    if at is None:
        raise Rejected("notify-malformed", fields=("completed_at", "sent_at"))
    event = CustomerInformed(
        occurred_at=at, case_id=case_id(config.case_system, message.reference), channel=_CHANNELS[kind], about=config.templates[template],
        message_id=message.id.lower(),
    )  # fmt: skip
    yield Said(local_id=f"{message.id.lower()}/told", event=event)


def _template(said: Mapping[str, Any]) -> str:
    template = said.get("template")
    return str(template.get("id") if isinstance(template, Mapping) else said.get("template_id"))


def _recipient(said: Mapping[str, Any]) -> str:
    recipient = said.get("to") or said.get("phone_number") or said.get("email_address") or ""
    return "".join(str(recipient).split()).lower().replace("+44", "0")
