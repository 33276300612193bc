"""What a recipient gets on Kafka: a topic of its own, leave to read it under groups of its own, a quota, and a user to sign in as.

All but the pass phrase follows from the agreement, so it is made equal to it again and again; leave that no agreement gives is taken away.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from hub.kafka.quotas import set_quotas
from hub.model.errors import Misconfigured, Unavailable

PREFIX = "partner."
"""How every partner's user begins, so that leave given to partners can be told from leave given to others."""
ANSWERS = "acknowledgements"
"""Where recipients say what became of a message; an answer counts only if it names a message that was theirs."""
DAY_MS = 24 * 60 * 60 * 1000
QUOTAS: Mapping[str, float] = {"consumer_byte_rate": 4 * 1024 * 1024, "producer_byte_rate": 64 * 1024, "request_percentage": 25}
ITERATIONS = 8192
_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerTopic:
    """The topic of one recipient; everything it is given stays readable for as long as its agreement says, and no longer."""

    name: str
    retention_days: int
    partitions: int = 1

    @property
    def config(self) -> Mapping[str, Any]:
        """Segments are closed early, so that nothing outlives the agreed days by more than the hour."""
        hour = 60 * 60 * 1000
        return {
            "cleanup.policy": "delete", "retention.ms": self.retention_days * DAY_MS, "segment.ms": hour, "compression.type": "gzip",
            "message.timestamp.type": "LogAppendTime",
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One recipient: its agreement, and its topic; user and groups follow from the agreement's name."""

    agreement: str
    topic: PartnerTopic

    @property
    def user(self) -> str:
        """Whom it signs in as."""
        return PREFIX + self.agreement

    @property
    def groups(self) -> str:
        """How the name of each of its consumer groups must begin; it ends in a dot, so that no other partner's name continues it."""
        return f"{PREFIX}{self.agreement}."


def leave(access: Access) -> tuple[AclBinding, ...]:
    """All that a recipient may do: read its topic, under groups of its own, and write what became of it."""
    what = (
        (ResourceType.TOPIC, access.topic.name, ResourcePatternType.LITERAL, AclOperation.READ),
        (ResourceType.GROUP, access.groups, ResourcePatternType.PREFIXED, AclOperation.READ),
        (ResourceType.TOPIC, ANSWERS, ResourcePatternType.LITERAL, AclOperation.WRITE),
    )
    return tuple(
        AclBinding(kind, name, pattern, f"User:{access.user}", "*", operation, AclPermissionType.ALLOW)
        for kind, name, pattern, operation in what
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was changed so that everybody has what the agreements give, and who has no user to sign in as yet."""

    granted: int
    withdrawn: int
    without_user: tuple[str, ...]


def secured(kafka: Mapping[str, Any]) -> bool:
    """Whether anybody signs in to this Kafka at all; where nobody does there are no users to give anything to."""
    return "SASL" in str(kafka.get("security.protocol", "")).upper()


def settle(kafka: Mapping[str, Any], partners: Iterable[Access], *, dry_run: bool = False) -> Settled:
    """Make leave and quotas equal to the agreements: what is missing is given, what no agreement gives is taken, users without one end."""
    partners, admin = tuple(partners), _administrator(kafka)
    wanted = {binding for access in partners for binding in leave(access)}
    held = {binding for binding in _held(admin) if binding.principal.startswith(f"User:{PREFIX}")}
    users = _users(admin)
    if not dry_run:
        _done(admin.delete_acls([_exactly(each) for each in held - wanted]) if held - wanted else {})
        _done(admin.create_acls(list(wanted - held)) if wanted - held else {})
        gone = users - {access.user for access in partners}
        _forget(admin, gone)
        set_quotas(kafka, {access.user: QUOTAS for access in partners} | dict.fromkeys(gone))
    lacking = tuple(access.agreement for access in partners if access.user not in users)
    return Settled(granted=len(wanted - held), withdrawn=len(held - wanted), without_user=lacking)


def admit(kafka: Mapping[str, Any], access: Access) -> str:
    """Give the recipient's user a new pass phrase, which ends the one it had; it is returned once and kept by nobody here."""
    password = secrets.token_urlsafe(24)
    credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    admin = _administrator(kafka)  # kept until it is done: with its last name goes what was asked
    _done(admin.alter_user_scram_credentials([UserScramCredentialUpsertion(access.user, credential, password.encode())]))
    return password


def revoke(kafka: Mapping[str, Any], access: Access) -> int:
    """Take everything away, leave first, so that an open connection gets nothing more; gives how much leave there was."""
    admin = _administrator(kafka)
    held = [binding for binding in _held(admin) if binding.principal == f"User:{access.user}"]
    _done(admin.delete_acls([_exactly(each) for each in held]) if held else {})
    _forget(admin, _users(admin) & {access.user})
    set_quotas(kafka, {access.user: None})
    return len(held)


def _administrator(kafka: Mapping[str, Any]) -> AdminClient:
    """A client that may do all this; asked first, since librdkafka takes a refusal for an empty list, or ends the process over one."""
    admin = AdminClient(dict(kafka))
    try:
        cluster = admin.describe_cluster(include_authorized_operations=True, request_timeout=_TIMEOUT).result(_TIMEOUT + 5)
    except KafkaException as error:
        raise _refused(error) from error
    if not {AclOperation.ALTER, AclOperation.DESCRIBE} <= set(cluster.authorized_operations or ()):
        raise Misconfigured(
            "kafka.security", "signs in as somebody who may not give leave", "the hub needs Alter and Describe on the cluster"
        )
    return admin


def _held(admin: AdminClient) -> tuple[AclBinding, ...]:
    whatever: Any = None
    anything = AclBindingFilter(
        ResourceType.ANY, whatever, ResourcePatternType.ANY, whatever, whatever, AclOperation.ANY, AclPermissionType.ANY
    )
    try:
        return tuple(admin.describe_acls(anything, request_timeout=_TIMEOUT).result(_TIMEOUT + 5))
    except KafkaException as error:
        raise _refused(error) from error


def _users(admin: AdminClient) -> set[str]:
    """Every partner's user there is."""
    try:
        asked: Any = admin.describe_user_scram_credentials(request_timeout=_TIMEOUT)
        found = asked.result(_TIMEOUT + 5)
    except KafkaException as error:
        raise _refused(error) from error
    return {name for name in found if name.startswith(PREFIX)}


def _forget(admin: AdminClient, users: Iterable[str]) -> None:
    ends: list[UserScramCredentialAlteration] = [UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512) for user in sorted(users)]
    _done(admin.alter_user_scram_credentials(ends) if ends else {})


def _exactly(binding: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        binding.restype, binding.name, binding.resource_pattern_type, binding.principal, binding.host, binding.operation,
        binding.permission_type,
    )  # fmt: skip


def _done(asked: Mapping[Any, Any]) -> None:
    for future in asked.values():
        try:
            future.result(_TIMEOUT)
        except KafkaException as error:
            raise _refused(error) from error


def _refused(error: KafkaException) -> Misconfigured | Unavailable:
    name = error.args[0].name()
    if name in {"SECURITY_DISABLED", "CLUSTER_AUTHORIZATION_FAILED"}:
        return Misconfigured("kafka.security", f"does not let the hub give leave to partners: {name}", "it needs Alter on the cluster")
    return Unavailable(f"Kafka: {name}")
