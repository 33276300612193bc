"""Notices on the recipient's own Kafka topic, in its own schema."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from hub.contracts.notification_words import NoticeTransport
from hub.engine.relay import DELIVERY, producer_config
from hub.model.errors import Unavailable
from hub.sharing.agreement import NoticeAgreement
from hub.sharing.wire import EncodeNotice, notice_topic, notice_writer
from hub.telling.notice import Notice
from hub.telling.transport import Delivered


@dataclass(slots=True)
class _Sent:
    offset: int | None = None
    partition: int = 0


@dataclass(slots=True, kw_only=True)
class TopicTransport:
    """Writes one agreement's topic; keyed by the life event, so that its instructions stand in order."""

    agreement: NoticeAgreement
    kafka: Mapping[str, Any]
    kind: NoticeTransport = NoticeTransport.TOPIC
    at_once: int = 500
    _producer: Producer | None = None
    _write: EncodeNotice = field(init=False)

    def __post_init__(self) -> None:
        """The writer is made once: it is generated from the agreement's list of fields."""
        self._write = notice_writer(self.agreement)

    def deliver(self, notices: Sequence[Notice]) -> Iterator[Delivered]:
        """All of them, then one answer each up to the first that was not acknowledged; raises Unavailable there."""
        topic, sent = notice_topic(self.agreement), [_Sent() for _ in notices]
        producer = self._producer = self._producer or Producer(producer_config(self.kafka))
        try:
            for each, place in zip(notices, sent, strict=True):
                producer.produce(
                    topic, self._write(each.values), each.life_event_id.encode(), on_delivery=_noting(place), headers=headers(each)
                )
            left = producer.flush(DELIVERY.total_seconds() + 5)
        except (KafkaException, BufferError):
            left = 1
        if left > 0 or any(place.offset is None for place in sent):
            self.close()
        for place in sent:
            if place.offset is None:
                raise Unavailable(f"Kafka: a notice on {topic} was not acknowledged")
            yield Delivered(evidence=f"{topic}/{place.partition}@{place.offset}")

    def close(self) -> None:
        """After a failure the order of what is still queued is not to be trusted."""
        if self._producer is not None:
            self._producer.purge()
            self._producer = None


def headers(notice: Notice) -> list[tuple[str, str | bytes | None]]:
    """The notice as a CloudEvent, by its envelope alone."""
    said = {
        "ce_specversion": "1.0", "ce_id": notice.message_id, "ce_type": f"foss.hub.notices.{notice.instruction.value.lower()}",
        "ce_source": "hub/notices", "ce_subject": notice.life_event_id, "content-type": "application/vnd.confluent.avro",
    }  # fmt: skip
    return [(name, value.encode()) for name, value in said.items()]


def _noting(place: _Sent) -> Callable[[KafkaError | None, Any], None]:
    def note(error: KafkaError | None, message: Any) -> None:
        if error is None and message.offset() is not None and message.offset() >= 0:
            place.offset, place.partition = message.offset(), message.partition()

    return note
