"""Nobody is told what its agreement does not list: planted values are looked for in every byte that leaves.

Every person has a value of its own for everything that could be told of it, in the event and in its record. A notice of each kind of life
event goes to every recipient, on a real Kafka: keys, values and headers of its topic are read back; the notice's own values, as webhooks
and files are made of them, and whatever is logged, printed or raised meanwhile are looked through too. What the agreement lists must be
there, or the look would prove nothing. The control: a list that was widened is noticed.
"""

import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

import orjson
from confluent_kafka import Message as Record

from hub.contracts.notification_words import Instruction
from hub.engine.log_reading import read
from hub.engine.watch import Watch
from hub.kafka.partners import PartnerTopic
from hub.kafka.provision import provision
from hub.privacy.agreements import load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.agreement import OFFERED, Delivery, LifeEventKind, NoticeAgreement, Told
from hub.sharing.wire import notice_topic
from hub.shipped import shipped
from hub.telling.notice import Message, Notice, Opened, notice, told_of
from hub.telling.topic import TopicTransport
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven
from tests.prove.world import CannotRun
from tests.services.kafka import NoKafka, kafka

CANARY = re.compile(rb"canary[0-9]{3}x[0-9]{2}x[0-9a-f]{10}")
Said = tuple[NoticeAgreement, LifeEventKind, Mapping[str, str], bytes]
"""Under which agreement, of what, what was known by the names agreements use, and every byte that left."""


def prove(case: Case) -> Proven:
    """All of the above."""
    agreements, random = load_agreements(shipped("policies"), load_partnership(shipped("policies"))), Random(case.seed)
    people = [planted(random, n) for n in range(case.pick(20, 60))]
    narrow = agreements["library"]
    offered = dict.fromkeys(OFFERED[LifeEventKind.MOVE], "too much for a library")
    wide = replace(narrow, id="widened", life_events={**narrow.life_events, LifeEventKind.MOVE: Told(fields=offered)})
    try:
        with kafka() as broker:
            told = list(_told(broker.client | {"log_level": 2}, [*agreements.values(), wide], people))
    except NoKafka as reason:
        raise CannotRun(str(reason)) from None
    found = [finding for each in told if each[0].id != wide.id for finding in _judged(each[0], each)]
    if not any(finding.kind == "unaccounted" for each in told if each[0].id == wide.id for finding in _judged(narrow, each)):
        found.append(Finding("unaccounted", "a list that was widened is not noticed"))
    values = len({value for person in people for value in _values(person)})
    lost = sum(finding.kind == "lost" for finding in found)
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": values, "lost": lost, "unaccounted": len(found) - lost}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def planted(random: Random, n: int) -> Opened:
    """Somebody of whom everything is known, each value in no other's, the record's apart from the event's."""
    numbers = count()

    def value() -> str:
        return f"canary{n:03}x{next(numbers):02}x{random.getrandbits(40):010x}"

    def said() -> dict[str, str]:
        names = [{"forename": value(), "surname": value()}, {"surname": value()}]
        listed = {"names": names, "addresses": [{"text": value(), "postcode": value()}], "phones": [value()], "emails": [value()]}
        plain = ("born", "nino", "nhs_number", "died", "registration", "moved_on", "from_address", "from_uprn", "to_address", "to_uprn",
                 "dependants", "ended_on", "ending", "sex", "employer", "access_needs", "warnings")  # fmt: skip
        return {name: orjson.dumps(each).decode() for name, each in listed.items()} | {name: value() for name in plain}

    return Opened(event=said(), record=said(), reference=f"reference-{n}")


def _values(person: Opened) -> Iterator[str]:
    for said in (person.event, person.record):
        for text in said.values():
            yield from (found.decode() for found in CANARY.findall(text.encode()))


def _told(client: Mapping[str, Any], agreements: Sequence[NoticeAgreement], people: Sequence[Opened]) -> Iterator[Said]:
    """Each person's notice of each kind of life event to each recipient, and what left."""
    topics = [PartnerTopic(name=notice_topic(each), retention_days=7) for each in agreements]
    provision(client, topics, copies=1)
    for agreement in agreements:
        messages = [(kind, person, _message(agreement, kind, n)) for kind in LifeEventKind for n, person in enumerate(people)]
        heard, notices = _delivered(client, agreement, [(message, person) for _, person, message in messages])
        records = _read(client, agreement)
        for (kind, person, message), made in zip(messages, notices, strict=True):
            bytes_left = records[message.life_event_id] + orjson.dumps(dict(made.values)) + repr(made).encode() + heard
            yield agreement, kind, told_of(kind, person), bytes_left


def _message(agreement: NoticeAgreement, kind: LifeEventKind, n: int) -> Message:
    return Message(
        line_id=f"{agreement.id}-{kind}-{n}", subject=f"party-{n}", life_event_id=f"{kind}-{n}", agreement=agreement.id,
        record_party_id=None, kind=kind, message_id=f"{agreement.id}-{kind}-{n}-1", instruction=Instruction.TELL, number=1, revision=None,
    )  # fmt: skip


def _delivered(
    client: Mapping[str, Any], agreement: NoticeAgreement, messages: Sequence[tuple[Message, Opened]]
) -> tuple[bytes, list[Notice]]:
    """The notices as they were made and sent, and all that was logged or printed meanwhile."""
    said, logged = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            notices = [notice(message, agreement, person) for message, person in messages]
            list(TopicTransport(agreement=agreement, kafka=client).deliver(notices))
    finally:
        logging.getLogger().removeHandler(handler)
    return (said.getvalue() + logged.getvalue()).encode(), notices


def _read(client: Mapping[str, Any], agreement: NoticeAgreement) -> dict[str, bytes]:
    """By life event, every byte of the record: key, value, and headers by name and value."""
    found: dict[str, bytes] = {}
    place, watch = (notice_topic(agreement), 0), Watch(kafka=client, group="minimisation")

    def take(record: Record) -> None:
        headers: Any = record.headers() or []
        parts = [record.key() or b"", record.value() or b"", *(part for name, value in headers for part in (name.encode(), value or b""))]
        found[(record.key() or b"").decode()] = b"\0".join(parts)

    try:
        read(client, {place: watch.bounds(place)}, take)
    finally:
        watch.close()
    return found


def _judged(agreed: NoticeAgreement, told: Said) -> Iterator[Finding]:
    """What left, held against the list that was agreed."""
    _, kind, known, left = told
    about = agreed.life_events[kind]
    listed = set(about.fields) if isinstance(about, Told) and agreed.delivery is Delivery.INLINE else set()
    allowed = {word for name in listed if name in known for word in CANARY.findall(known[name].encode())}
    if not set(CANARY.findall(left)) <= allowed:
        yield Finding("unaccounted", f"{agreed.id} is told of a {kind} what it does not list")
    for name in listed & known.keys():
        if known[name].encode() not in left:
            yield Finding("lost", f"{agreed.id} is not told {name} of a {kind}, which it lists")
