"""What a recipient is told of a life event: only what its agreement lists, in a record generated from that list.

A notice is an envelope, which says what is told under which agreement, and fields about the person. There is no other way to a field than
an agreement's list: the schema is made from it, and what is not in it is not sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.contracts.notification_words import Instruction
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Told

NAMESPACE = "foss.hub.notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeField:
    """A field that every notice has, whatever its agreement; none of them says anything of the person."""

    name: str
    type: Any
    doc: str


_WORDS = {
    "type": "enum",
    "name": "Instruction",
    "doc": "What the recipient is asked to do.",
    "symbols": [str(each) for each in Instruction],
}
ENVELOPE: tuple[EnvelopeField, ...] = (
    EnvelopeField(name="message_id", type="string", doc="Id of this message; the same message sent twice has the same."),
    EnvelopeField(name="life_event_id", type="string", doc="Id of the life event, the same in all that is said of it."),
    EnvelopeField(name="number", type="int", doc="1, 2, 3 …: the place of this instruction among those about the same life event."),
    EnvelopeField(name="instruction", type=_WORDS, doc="What is to be done: TELL, CORRECT, WITHDRAW or REINSTATE."),
    EnvelopeField(name="kind", type="string", doc="The kind of life event."),
    EnvelopeField(name="agreement", type="string", doc="The agreement under which this is shared."),
    EnvelopeField(name="purpose", type="string", doc="What it may be used for, and nothing else."),
    EnvelopeField(name="basis", type="string", doc="The lawful basis of sharing it."),
    EnvelopeField(name="reference", type=["null", "string"], doc="The recipient's own reference for the person, where one is known."),
)


def notice_schema(agreement: NoticeAgreement) -> dict[str, Any]:
    """The Avro schema of everything this recipient is ever told: the envelope, then each field that its agreement lists, all optional."""
    envelope = [_written(each) for each in ENVELOPE]
    about = [
        {"name": name, "type": ["null", "string"], "default": None, "doc": MEANINGS[name], "confluent:tags": ["PII"]}
        for name in listed(agreement)
    ]
    return {
        "type": "record",
        "name": "".join(word.capitalize() for word in agreement.id.split("-")) + "Notice",
        "namespace": NAMESPACE,
        "doc": f"What {agreement.name} is told of life events.",
        "fields": envelope + about,
    }


def listed(agreement: NoticeAgreement) -> tuple[str, ...]:
    """Every field that the agreement lists for any life event, in the order of `MEANINGS`."""
    names = {name for about in agreement.life_events.values() if isinstance(about, Told) for name in about.fields}
    return tuple(name for name in MEANINGS if name in names)


def minimised(agreement: NoticeAgreement, kind: LifeEventKind, known: Mapping[str, str]) -> dict[str, str]:
    """Of what is known of a person, what this recipient may be told of this kind of life event."""
    about = agreement.life_events.get(kind)
    allowed: Iterable[str] = about.fields if isinstance(about, Told) else ()
    return {name: known[name] for name in allowed if name in known}


def _written(field: EnvelopeField) -> dict[str, Any]:
    default = {"default": None} if isinstance(field.type, list) else {}
    return {"name": field.name, "type": field.type, **default, "doc": field.doc}


MEANINGS: Mapping[str, str] = {
    "name": "Name of the person.",
    "other_names": "Names the person was known by besides.",
    "born": "Birth date of the person, or the part of it that is known.",
    "nino": "National Insurance number of the person.",
    "nhs_number": "NHS number of the person.",
    "phone": "Telephone number on which the person may be reached.",
    "email": "E-mail address at which the person may be reached.",
    "died": "Date of death, or the part of it that is known.",
    "registration": "The registrar's number of the death.",
    "last_address": "Where the person lived when they died.",
    "moved_on": "The day of the move.",
    "from_address": "The former address.",
    "from_uprn": "UPRN of the former home.",
    "to_address": "The new address.",
    "to_uprn": "UPRN of the new home.",
    "dependants": "How many dependants move too.",
    "child_name": "Name of the child.",
    "child_born": "Birth date of the child.",
    "parent_name": "Name of the parent who is known to the recipient.",
    "home_address": "Where the child lives.",
    "ended_on": "Last day of the employment.",
    "ending": "Why the employment ended, where said.",
}
"""What each field about a person says; `OFFERED` in hub/sharing/agreement.py says which kind of life event has it."""
