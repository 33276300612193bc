"""Who gets at what on Kafka: partners, anonymous and revoked, on every kind of thing, held against a list that people wrote.

A real secured broker, the hub's own leave for partners, librdkafka's clients. The controls: leave whose prefix lacks its dot, and leave to
read every topic, must both be noticed. A revoked user's connection that stays open gets nothing that is told 60 seconds later or more.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event as Signal
from time import monotonic
from typing import Any, NamedTuple

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from hub.configuration import load_document
from hub.kafka import broker
from hub.kafka.broker import Broker
from hub.kafka.partners import Access, PartnerTopic, admit, revoke, settle
from hub.kafka.plan import AUTHORITY, sasl
from hub.kafka.provision import made_a_moment_ago, provision
from hub.kafka.runtime import Runtime
from hub.model.errors import Unavailable
from tests.prove.checker import COLUMNS, Finding, Verdict
from tests.prove.proving import Case, Proven
from tests.prove.world import CannotRun
from tests.services.kafka import local_runtime

WRITTEN = Path(__file__).with_name("acl.yaml")
PARTNERS = ("homes", "homes-archive", "tier", "leaver")
SECONDS = 20.0
SILENT = 60.0
REFUSED = {
    "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    "DELEGATION_TOKEN_AUTHORIZATION_FAILED", "_NOENT",  # of a topic that is there: its leader is not shown to who may not see it
}  # fmt: skip
NOT_SIGNED_IN = {
    "_AUTHENTICATION",
    "_TRANSPORT",
    "_ALL_BROKERS_DOWN",
    "_TIMED_OUT",
    "_TIMED_OUT_QUEUE",
    "_SSL",
    "_RESOLVE",
    "_MSG_TIMED_OUT",
}
Client = dict[str, Any]


_WHATEVER: Any = None
EVERY_ACL = AclBindingFilter(
    ResourceType.ANY, _WHATEVER, ResourcePatternType.ANY, _WHATEVER, _WHATEVER, AclOperation.ANY, AclPermissionType.ANY
)


class Check(NamedTuple):
    """One thing that one user tried."""

    who: str
    what: str
    on: str


def access(name: str) -> Access:
    """What this partner is given."""
    return Access(agreement=name, topic=PartnerTopic(name=f"tell-us-once-{name}", retention_days=7))


def prove(case: Case) -> Proven:
    """All of the above."""
    runtime = local_runtime()
    if not isinstance(runtime, Runtime):
        raise CannotRun(runtime)
    with tempfile.TemporaryDirectory() as folder:
        kafka = broker.start(Path(folder), secured=True, with_=runtime)
        try:
            written = load_document(WRITTEN)
            _furnish(kafka, written)
            clients = _clients(kafka)
            found, tried = _matrix(clients, written)
            found += _controls(kafka, clients, written)
            found += _open_connection(kafka, "tier", clients["tier"], waits=case.size == "full")
        finally:
            broker.stop(Path(folder))
    counts = dict.fromkeys(COLUMNS, 0) | {"sourced": tried, "unaccounted": len(found)}
    return Proven(verdict=Verdict(counts=counts, findings=found), kills=0)


def _furnish(kafka: Broker, written: Mapping[str, Any]) -> None:
    """Every topic, with one record on each, and a group and a transaction, so that Kafka's own topics are there too."""
    names = [name for name in written["topics"] if not name.startswith("__")]
    provision(kafka.client, [PartnerTopic(name=name, retention_days=7) for name in names], copies=1)
    producer = Producer(kafka.client | {"transactional.id": "relay", "log_level": 2})
    producer.init_transactions(SECONDS)
    producer.begin_transaction()
    for name in names:
        producer.produce(name, b"somebody moved", partition=0)
    producer.commit_transaction(SECONDS)
    consumer = Consumer(dict(kafka.client) | {"group.id": "views", "enable.auto.commit": False})
    consumer.commit(offsets=[TopicPartition("contacts", 0, 1)], asynchronous=False)
    consumer.close()


def _clients(kafka: Broker) -> dict[str, Client]:
    """How each signs in; the leaver is revoked at once."""
    settle(kafka.client, map(access, PARTNERS))
    bare = {"bootstrap.servers": kafka.bootstrap, "log_level": 0, "socket.timeout.ms": 20_000}
    signed = {
        name: bare | sasl(access(name).user, admit(kafka.client, access(name)), kafka.folder / AUTHORITY) for name in PARTNERS
    }  # fmt: skip
    for client in signed.values():
        _signs_in(client)
    revoke(kafka.client, access("leaver"))
    return signed | {"anonymous": bare | {"security.protocol": "SSL", "ssl.ca.location": str(kafka.folder / AUTHORITY)}}


@made_a_moment_ago
def _signs_in(client: Client) -> None:
    """The broker knows the user; it hears of one a moment after the controller."""
    try:
        AdminClient(client).list_topics(timeout=5)
    except KafkaException as error:
        raise Unavailable(str(error.args[0].name())) from error


def _matrix(clients: Mapping[str, Client], written: Mapping[str, Any]) -> tuple[list[Finding], int]:
    """Everything that everybody tries, all of them at once; each who was let through or refused against what was meant, and how many."""
    with ThreadPoolExecutor(len(clients)) as pool:
        each = list(pool.map(lambda who: list(_tried(who, clients[who], written)), clients))
    tried = [one for user in each for one in user]
    return [finding for check, allowed in tried for finding in _judged(check, allowed, written)], len(tried)


def _judged(check: Check, allowed: bool | None, written: Mapping[str, Any]) -> Iterator[Finding]:  # noqa: FBT001 - None is a third answer
    meant = check.on in written[check.who].get(check.what, ())
    if allowed is None or allowed != meant:
        said = "gave no answer" if allowed is None else ("was let through" if allowed else "was refused")
        yield Finding("unaccounted", f"{check.who}: {check.what} on {check.on} {said}")


def _tried(who: str, client: Client, written: Mapping[str, Any]) -> Iterator[tuple[Check, bool | None]]:
    """Everything, each with whether it was let through; None where nobody said so."""
    admin, outside = AdminClient(client), who in ("anonymous", "leaver")
    seconds = 3.0 if outside else SECONDS
    asked = {
        Check(who, what, on): future for what, on, future in _asked(admin, written, f"tell-us-once-{who}", seconds)
    }  # fmt: skip
    for check, future in asked.items():
        yield check, _let_through(partial(future.result, seconds + 5), outside=outside)
    yield from _records(who, client, written, outside=outside)


def _let_through(act: Callable[[], Any], *, outside: bool) -> bool | None:
    """True if Kafka did it, or refused for another reason than who asked."""
    try:
        act()
    except KafkaException as error:
        name = error.args[0].name()
        return False if name in REFUSED or (outside and name in NOT_SIGNED_IN) else (None if name in NOT_SIGNED_IN else True)
    except TimeoutError:
        return False if outside else None
    return True


def _asked(admin: AdminClient, written: Mapping[str, Any], own: str, seconds: float) -> Iterator[tuple[str, str, "Future[Any]"]]:
    """Everything that an admin's client can ask for, all asked at once."""
    within: Any = {"request_timeout": seconds}
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # confluent_kafka leaves it so
    for topic in written["topics"]:
        resource: Any = ConfigResource(ConfigResource.Type.TOPIC, topic)
        entry = ConfigEntry("retention.ms", "1", incremental_operation=AlterConfigOpType.SET)
        changed: Any = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
        yield "describe", topic, _only(admin.describe_topics(TopicCollection([topic]), **within))
        yield "describe-configs", topic, _only(admin.describe_configs([resource], **within))
        yield "alter-configs", topic, _only(admin.incremental_alter_configs([changed], **within))
        yield "list-offsets", topic, _only(admin.list_offsets({TopicPartition(topic, 0): latest}, **within))
        yield "delete-records", topic, _only(admin.delete_records([TopicPartition(topic, 0, 1)], **within))
        yield "create-partitions", topic, _only(admin.create_partitions([NewPartitions(topic, 60)], **within))
        yield "delete", topic, _only(admin.delete_topics([topic], **within))
    for topic in written["new-topics"]:
        yield "create", topic, _only(admin.create_topics([NewTopic(topic, 1, 1)], **within))
    for group in written["groups"]:
        yield "group-describe", group, _only(admin.describe_consumer_groups([group], **within))
        asked = [ConsumerGroupTopicPartitions(group, [TopicPartition(own, 0)])]
        yield "group-offsets", group, _only(admin.list_consumer_group_offsets(asked, **within))
        committed = [ConsumerGroupTopicPartitions(group, [TopicPartition(own, 0, 1)])]
        yield "group-commit", group, _only(admin.alter_consumer_group_offsets(committed, **within))
        yield "group-delete", group, _only(admin.delete_consumer_groups([group], **within))
    yield from _of_the_cluster(admin, written, within)


def _of_the_cluster(admin: AdminClient, written: Mapping[str, Any], within: Any) -> Iterator[tuple[str, str, "Future[Any]"]]:
    mine = ResourceType.TOPIC, "contacts", ResourcePatternType.LITERAL, "User:partner.homes", "*", AclOperation.READ
    credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    done: dict[str, Callable[[], Any]] = {
        "create-acls": lambda: _only(admin.create_acls([AclBinding(*mine, AclPermissionType.ALLOW)], **within)),
        "describe-acls": lambda: _Seen(admin.describe_acls(EVERY_ACL, **within), bool),
        "delete-acls": lambda: _only(admin.delete_acls([AclBindingFilter(*mine, AclPermissionType.ANY)], **within)),
        "alter-users": lambda: _only(
            admin.alter_user_scram_credentials([UserScramCredentialUpsertion("admin", credential, b"mine now")], **within)
        ),
        # asking for users and being refused ends the process in librdkafka 2.16: Kafka is asked whether it would be refused
        "describe-users": lambda: _Seen(admin.describe_cluster(include_authorized_operations=True, **within), _may_describe),
    }
    for name in written["cluster"]:
        yield name, "cluster", done[name]()


class _Seen(NamedTuple):
    """A question that is answered with nothing where it is refused: something shown is leave."""

    asked: Any
    shows: Callable[[Any], bool]

    def result(self, seconds: float) -> None:
        """Raises as a refusal does where nothing is shown."""
        if not self.shows(self.asked.result(seconds)):
            raise KafkaException(KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED))


def _may_describe(cluster: Any) -> bool:
    return AclOperation.DESCRIBE in (cluster.authorized_operations or ())


def _only(futures: Mapping[Any, Any]) -> Any:
    return next(iter(futures.values()))


def _records(who: str, client: Client, written: Mapping[str, Any], *, outside: bool) -> Iterator[tuple[Check, bool | None]]:
    """Reading and writing records, and transactions."""
    said: dict[str, str] = {}
    producer = Producer(client | {"message.timeout.ms": 3_000 if outside else 20_000, "error_cb": lambda _: None})

    def note(error: KafkaError | None, message: Message) -> None:
        said[str(message.topic())] = _name(error)

    for topic in written["topics"]:
        producer.produce(topic, b"forged", partition=0, on_delivery=note)
    producer.flush(SECONDS + 5)
    for topic in written["topics"]:
        yield Check(who, "write", topic), _verdict(said.get(topic), outside=outside)
    for topic, name in _read(who, client, written["topics"], 3.0 if outside else SECONDS).items():
        yield Check(who, "read", topic), _verdict(name, outside=outside)
    for name in written["transactional-ids"]:
        bold, within = Producer(client | {"transactional.id": name, "error_cb": lambda _: None}), 1.5 if outside else SECONDS
        yield Check(who, "transact", name), _let_through(partial(bold.init_transactions, within), outside=outside)


def _name(error: KafkaError | None) -> str:
    return error.name() if error else ""


def _verdict(name: str | None, *, outside: bool) -> bool | None:
    if name is None:
        return False if outside else None
    return False if name in REFUSED or (outside and name in NOT_SIGNED_IN) else not name or None


def _read(who: str, client: Client, topics: list[str], seconds: float) -> dict[str, str | None]:
    """By topic how its first record was refused, or "" where it was given; None where neither."""
    answers: dict[str, str | None] = dict.fromkeys(topics)
    mine = {"group.id": f"partner.{who}.reader", "auto.offset.reset": "earliest", "enable.auto.commit": False, "error_cb": lambda _: None}
    consumer = Consumer(client | mine)
    consumer.subscribe(topics)
    until = monotonic() + seconds
    while None in answers.values() and monotonic() < until:
        for message in consumer.consume(50, 0.2):
            if message.topic() in answers:
                answers[str(message.topic())] = _name(message.error())
    consumer.close()
    return answers


def _controls(kafka: Broker, clients: Mapping[str, Client], written: Mapping[str, Any]) -> list[Finding]:
    """Leave that is too wide is noticed: a group's prefix without its dot, and every topic at once."""
    admin = AdminClient(dict(kafka.client))
    user = "User:partner.homes", "*", AclOperation.READ, AclPermissionType.ALLOW
    wide = [
        AclBinding(ResourceType.GROUP, "partner.homes", ResourcePatternType.PREFIXED, *user),
        AclBinding(ResourceType.TOPIC, "tell-us-once-", ResourcePatternType.PREFIXED, *user),
    ]
    for future in admin.create_acls(wide).values():
        future.result(SECONDS)
    few = {**written, "topics": ["tell-us-once-tier"], "groups": ["partner.homes-archive.desk"]}
    few |= {"new-topics": [], "transactional-ids": [], "cluster": []}
    noticed = {finding.where for finding in _matrix({"homes": clients["homes"]}, few)[0]}
    settle(kafka.client, [access(name) for name in PARTNERS if name != "leaver"])
    missing = [
        each
        for each in ("group-commit on partner.homes-archive.desk", "read on tell-us-once-tier")
        if not any(each in where and "let through" in where for where in noticed)
    ]
    return [Finding("unaccounted", f"leave that is too wide is not noticed: {each}") for each in missing]


def _open_connection(kafka: Broker, name: str, client: Client, *, waits: bool) -> list[Finding]:
    """A connection that was open when its user was revoked gets nothing more: at once, and at the latest 60 seconds later."""
    consumer = Consumer(client | {"group.id": f"partner.{name}.desk", "auto.offset.reset": "earliest", "error_cb": lambda _: None})
    consumer.assign([TopicPartition(access(name).topic.name, 0, 0)])
    producer = Producer(dict(kafka.client))
    if not _heard(consumer, producer, access(name).topic.name, SECONDS, stop_at_first=True):
        return [Finding("unaccounted", f"{name} read nothing while it might")]
    revoke(kafka.client, access(name))
    revoked = monotonic()
    last = max(_heard(consumer, producer, access(name).topic.name, SILENT + 15 if waits else 8.0), default=revoked) - revoked
    late = _heard(consumer, producer, access(name).topic.name, 5.0) if waits else []
    consumer.close()
    quick = 6.0 if not waits else SILENT  # nothing near the end of the look: leave goes first, and at once
    return [Finding("unaccounted", f"{name} was told something {last:.0f} s after it was revoked")] if last > quick or late else []


def _heard(consumer: Consumer, producer: Producer, topic: str, seconds: float, *, stop_at_first: bool = False) -> list[float]:
    """When anything was heard, while something is told again and again."""
    heard: list[float] = []
    until, waiting = monotonic() + seconds, Signal()
    while monotonic() < until and not (stop_at_first and heard):
        producer.produce(topic, b"somebody died", partition=0)
        producer.poll(0)
        heard += [monotonic() for message in consumer.consume(50, 0.5) if message.error() is None]
        waiting.wait(0.1)
    producer.flush(SECONDS)
    return heard
