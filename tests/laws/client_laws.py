"""What every client, topic and broker of the hub must be set to, why, and a setting that breaks each law."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from hub.contracts.topics import Topic, TopicKind
from hub.engine.relay import DELIVERY

Of = Literal["consumer", "producer", "faust", "aiokafka", "topic", "broker"]
Settings = Mapping[str, Any]
ABSENT = object()
"""In the place of a setting that is left out."""
DAY_SECONDS, WEEK_MS, MONTH_MS = 86400, 7 * 86400 * 1000, 30 * 86400 * 1000


class Law(NamedTuple):
    """One setting of one kind of thing: what must hold of it, why, and a value with which it does not."""

    of: Of
    setting: str
    holds: Callable[[Any], bool]
    why: str
    broken: Any

    def __str__(self) -> str:
        return f"{self.of} {self.setting}: {self.why}"


def _is(wanted: Any) -> Callable[[Any], bool]:
    return lambda value: bool(value == wanted)


def _one_of(*wanted: Any) -> Callable[[Any], bool]:
    return lambda value: value in wanted


def _unset(value: Any) -> bool:
    return value is ABSENT or value is None


LAWS = (
    Law("consumer", "auto.offset.reset", _is("error"), "a position that the log does not have is never guessed", "latest"),
    Law("consumer", "enable.auto.commit", _is(False), "Kafka hears of a position only after the store has it", ABSENT),
    Law("consumer", "enable.auto.offset.store", _is(False), "a position is not stored before its record was worked on", True),
    Law("consumer", "check.crcs", _is(True), "a record that was damaged on its way is not taken for another", ABSENT),
    Law("consumer", "allow.auto.create.topics", _is(False), "asking for a topic makes none", True),
    Law("consumer", "group.id", bool, "librdkafka refuses to read without one", ""),
    Law("consumer", "group.instance.id", _unset, "a member that is replaced gives its partitions back at once", "worker-1"),
    Law("consumer", "isolation.level", _one_of(ABSENT, "read_committed"), "aborted records are nobody's to read", "read_uncommitted"),
    Law("consumer", "fetch.queue.backoff.ms", lambda ms: ms is not ABSENT and ms <= 10, "a full queue does not cost a second", 1000),
    Law("producer", "enable.idempotence", _is(True), "a send that is retried is written once", ABSENT),
    Law("producer", "acks", _is("all"), "a record counts as sent when it is in sync", "1"),
    Law("producer", "enable.gapless.guarantee", _is(True), "nothing overtakes a record that failed", ABSENT),
    Law(
        "producer", "message.timeout.ms", lambda ms: ms is not ABSENT and ms <= DELIVERY.total_seconds() * 1000,
        "a relay that lost its lease has nothing on its way when the next begins", ABSENT,
    ),
    Law("producer", "max.in.flight.requests.per.connection", _one_of(ABSENT, 1, 2, 3, 4, 5), "more would lose their order", 6),
    Law("producer", "transactional.id", _unset, "exactness comes from the store, not from Kafka's transactions", "relay-1"),
    Law("producer", "retries", _one_of(ABSENT), "only time ends an attempt", 0),
    Law("faust", "web_enabled", _is(False), "its web server shows what tables hold to anybody", True),
    Law("faust", "tables", _is(()), "state lives in the store", ("cases",)),
    Law("faust", "store", _is("memory:"), "nothing of Faust's is kept on disk", "rocksdb:"),
    Law("faust", "consumer_auto_offset_reset", _is("none"), "a position that the log does not have is never guessed", "earliest"),
    Law("faust", "processing_guarantee", _is("at_least_once"), "its exactly-once loses events in crashes", "exactly_once"),
    Law("faust", "topic_allow_declare", _is(False), "topics are made by hub provision alone", True),
    Law("faust", "topic_disable_leader", _is(True), "it makes no topic of its own", False),
    Law("faust", "stream_buffer_maxsize", lambda polls: polls <= 2, "what waits in memory is bounded", 4096),
    Law("faust", "stream_wait_empty", _is(False), "a slow batch does not freeze the group", True),
    Law("faust", "broker_session_timeout", lambda s: s <= 8, "a dead worker's partitions move on within 20 seconds", 60),
    Law("faust", "broker_heartbeat_interval", lambda s: s <= 2, "a living worker is heard three times in a session", 6),
    Law("faust", "broker_max_poll_interval", lambda s: s >= DAY_SECONDS, "a slow batch is no death", 300),
    Law("faust", "autodiscover", _is(False), "what runs is named, not found", True),
    Law("faust", "agent_acks", _is(False), "it commits nothing", True),
    Law("aiokafka", "enable_auto_commit", _is(False), "Kafka hears of a position only after the store has it", True),
    Law("aiokafka", "auto_offset_reset", _is("none"), "a position that the log does not have is never guessed", "latest"),
    Law("aiokafka", "check_crcs", _is(True), "a record that was damaged on its way is not taken for another", False),
    Law("aiokafka", "isolation_level", _is("read_committed"), "aborted records are nobody's to read", "read_uncommitted"),
    Law(
        "aiokafka", "partition_assignment_strategy", _is(("range",)), "partition p of all topics goes to one member", ("roundrobin",)
    ),
    Law("aiokafka", "group_instance_id", _unset, "a member that is replaced gives its partitions back at once", "worker-1"),
    Law("topic", "message.timestamp.type", _is("LogAppendTime"), "retention and due instants go by the broker's clock", "CreateTime"),
    Law("topic", "cleanup.policy", _is("delete"), "hub code never folds a compacted topic", "compact"),
    Law("topic", "name", lambda name: set(name) <= set("abcdefghijklmnopqrstuvwxyz-0123456789"), "ACLs are literal: no dots", "hub.cases"),
    Law("topic", "partitions", _one_of(1, 12), "the count is part of what a topic is", 6),
    Law("broker", "auto.create.topics.enable", _is("false"), "a misspelt name makes no topic", "true"),
    Law("broker", "unclean.leader.election.enable", _one_of(ABSENT, "false"), "a broker that lost records does not lead", "true"),
    Law("broker", "allow.everyone.if.no.acl.found", _one_of(ABSENT, "false"), "what nobody allowed is refused", "true"),
    Law("broker", "log.message.timestamp.type", _unset, "each topic's file says it", "CreateTime"),
)  # fmt: skip
"""Each with its reason; a law about one more setting is one more line."""

SOURCES_KEPT = Law("topic", "retention.ms", _is("-1"), "what was said is the record, and stays", "604800000")
COMPACTED_LATE = Law(
    "topic", "min.compaction.lag.ms", lambda ms: ms is not ABSENT and int(ms) > WEEK_MS, "the outbox is held against it for a week", "0"
)  # fmt: skip
"""Of a topic that nothing of the hub reads: where the last word counts, the others go once nobody looks for them."""
DEAD_GO = Law("topic", "retention.ms", lambda ms: 0 < int(ms) <= MONTH_MS, "a dead letter outlives its key for nobody", "-1")


def broken(of: Of, settings: Settings, laws: tuple[Law, ...] = LAWS) -> list[str]:
    """The laws of this kind that these settings break."""
    return [str(law) for law in laws if law.of == of and not law.holds(settings.get(law.setting, ABSENT))]


def laws_of(topic: Topic) -> tuple[Law, ...]:
    """The laws of one topic: what its kind adds to those of all."""
    kept = {TopicKind.SOURCE: SOURCES_KEPT, TopicKind.DEAD_LETTERS: DEAD_GO}
    if topic.kind is TopicKind.DERIVED and not topic.consumers and topic.config.get("cleanup.policy") == "compact":
        return (*(law for law in LAWS if law.setting != "cleanup.policy"), COMPACTED_LATE)
    return LAWS + ((kept[topic.kind],) if topic.kind in kept else ())
