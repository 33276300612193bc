"""What a local Kafka consists of, as values, and the configuration that says so to Kafka."""

import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from hub.kafka.ports import LOOPBACK

AUTHORITY, SERVER = "ca.pem", "server.pem"
"""Of the secured variant: the certificate that clients trust, and the brokers' own key and certificate."""
REAUTHENTICATE_MS = 45_000
Client = dict[str, str | int | float | bool]
"""What librdkafka wants to be told, by its own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The pass phrases made for one local Kafka: `admin` for clients by SCRAM-SHA-512, `controller` between the nodes themselves."""

    admin: str = field(repr=False)
    controller: str = field(repr=False)

    @classmethod
    def made(cls) -> Self:
        """New ones, 192 bits each."""
        return cls(admin=secrets.token_urlsafe(24), controller=secrets.token_urlsafe(24))


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One process, broker and controller in one, and the two ports it listens on."""

    number: int
    port: int
    controller_port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A Kafka of one node or more in one folder; a node's own files are under `folder/node-<number>`."""

    folder: Path
    cluster_id: str
    nodes: tuple[Node, ...]
    secrets: Secrets | None = None

    def home(self, node: Node) -> Path:
        """Where the node keeps its configuration, data, log and process record."""
        return self.folder / f"node-{node.number}"

    @property
    def bootstrap(self) -> str:
        """Every broker's address, as a client wants it."""
        return ",".join(f"{LOOPBACK}:{node.port}" for node in self.nodes)

    def client(self) -> Client:
        """What a librdkafka client needs to be the administrator here."""
        address: Client = {"bootstrap.servers": self.bootstrap}
        return address | sasl("admin", self.secrets.admin, self.folder / AUTHORITY) if self.secrets else address

    def written(self) -> dict[str, Any]:
        """The part that is kept in `cluster.json`; the secrets have a file of their own."""
        return {"cluster_id": self.cluster_id, "nodes": [asdict(node) for node in self.nodes]}


def sasl(user: str, password: str, authority: Path) -> Client:
    """What a librdkafka client needs to sign in to the secured variant as `user`; `authority` is the certificate it trusts."""
    return {
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": str(authority),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": user,
        "sasl.password": password,
    }


def properties(plan: Plan, node: Node, data: Path) -> str:
    """The node's `server.properties`, its data in `data`."""
    settings = (
        _identity(plan, node, data) | _copies(len(plan.nodes)) | SMALL | (_secured(plan.secrets, plan.folder) if plan.secrets else OPEN)
    )
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _identity(plan: Plan, node: Node, data: Path) -> dict[str, object]:
    listeners = f"HUB://{LOOPBACK}:{node.port},CONTROLLER://{LOOPBACK}:{node.controller_port}"
    return {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": ",".join(f"{each.number}@{LOOPBACK}:{each.controller_port}" for each in plan.nodes),
        "listeners": listeners,
        "advertised.listeners": listeners.partition(",")[0],
        "inter.broker.listener.name": "HUB",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": data,
    }


def _copies(nodes: int) -> dict[str, object]:
    """Three copies of which two must be written where there are three nodes, else one."""
    copies = min(3, nodes)
    least = max(1, copies - 1)
    internal = {
        f"{topic}.replication.factor": copies for topic in ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
    }
    minimal = {f"{topic}.min.isr": least for topic in ("transaction.state.log", "share.coordinator.state.topic")}
    noticed: dict[str, object] = {"broker.session.timeout.ms": 6000, "broker.heartbeat.interval.ms": 1000} if nodes > 1 else ALONE
    return noticed | internal | minimal | {"default.replication.factor": copies, "min.insync.replicas": least}


ALONE: dict[str, object] = {"broker.session.timeout.ms": 6000, "broker.heartbeat.interval.ms": 500}
"""A broker that was killed may come back only when its own controller has given it up; on a busy machine one that lives is late."""


SMALL: dict[str, object] = {
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.num.partitions": 1,
    "num.network.threads": 2,
    "num.io.threads": 4,
    "background.threads": 2,
    "log.cleaner.dedupe.buffer.size": 8388608,
    "log.index.size.max.bytes": 1048576,
    "log.segment.bytes": 268435456,
}
"""A demonstration on one machine: threads and buffers for two cores and 256 MB of heap."""

OPEN: dict[str, object] = {"listener.security.protocol.map": "HUB:PLAINTEXT,CONTROLLER:PLAINTEXT"}


def _secured(made: Secrets, folder: Path) -> dict[str, object]:
    """Clients by SCRAM-SHA-512 over TLS, nodes among themselves by PLAIN on the loopback, the rest refused unless an ACL allows it.

    SCRAM cannot protect the controllers' own listener: its records are what the controllers hold. Who is signed in shows again every
    45 seconds that the pass phrase is still right: a connection that was open outlives its user by no more than that.
    """
    package = "org.apache.kafka.common.security"
    return {
        "listener.security.protocol.map": "HUB:SASL_SSL,CONTROLLER:SASL_PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": folder / SERVER,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": folder / AUTHORITY,
        "listener.name.hub.scram-sha-512.connections.max.reauth.ms": REAUTHENTICATE_MS,
        "listener.name.hub.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.hub.scram-sha-512.sasl.jaas.config": (
            f'{package}.scram.ScramLoginModule required username="admin" password="{made.admin}";'
        ),
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": (
            f'{package}.plain.PlainLoginModule required username="controller" '
            f'password="{made.controller}" user_controller="{made.controller}";'
        ),
        "sasl.mechanism.controller.protocol": "PLAIN",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:controller",
        "allow.everyone.if.no.acl.found": "false",
    }
