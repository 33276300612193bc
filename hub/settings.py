"""What an operator sets, read in one place: `hub.yaml`, then `HUB_…` from the environment, which wins.

`hub config show` prints what is in force; a key nobody knows is refused with file, line and what was meant.
"""

import os
from base64 import b64decode
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from hub.configuration import Configuration, checked, load_document
from hub.telling.address import PORTS, Refused, target

Role = Literal["worker", "connect", "web", "relay", "registry"]
ROLES: tuple[Role, ...] = ("worker", "connect", "web", "relay", "registry")
_POSTGRESQL = ("postgresql://", "postgres://")


def _address(text: str) -> str:
    if text and not text.startswith(_POSTGRESQL):
        raise ValueError("is not the address of a PostgreSQL: postgresql://user@host/database")
    return text


Address = Annotated[str, AfterValidator(_address)]


def _secret(text: str) -> str:
    try:
        length = len(b64decode(text.removeprefix("whsec_"), validate=True)) if text.startswith("whsec_") else 0
    except ValueError:
        length = 0
    if not _SHORTEST_SECRET <= length <= _LONGEST_SECRET:
        raise ValueError("is not whsec_ and the base64 of 24 to 64 random bytes: echo whsec_$(openssl rand -base64 32)")
    return text


_SHORTEST_SECRET, _LONGEST_SECRET = 24, 64
Secret = Annotated[str, AfterValidator(_secret)]


class KafkaSettings(Configuration):
    """How to reach Kafka."""

    bootstrap: str = ""
    """host:port, comma separated; empty: the local broker that `hub kafka start` keeps."""
    replication_factor: int = 1
    """Copies of every topic that `hub provision` creates; 3 in service."""
    security: dict[str, str] = {}
    """librdkafka's own security settings (security.protocol, sasl.mechanism, sasl.username, sasl.password, ssl.ca.location …)."""


class WorkerSettings(Configuration):
    """How records reach the projections."""

    feeder: Literal["auto", "bulk", "faust"] = "auto"
    """`faust`: a consumer group shares the partitions among workers; `bulk`: this one worker has them all; `auto`: bulk on SQLite, faust on
    PostgreSQL."""
    cache_rows: int = 400_000
    """Rows kept in memory over all views; wide rows take some kilobytes each."""


class OidcSettings(Configuration):
    """Where people sign in with their organisation's account (OpenID Connect)."""

    issuer: str = ""
    """The provider's issuer address; empty: people sign in here, with a password."""
    client_id: str = ""
    """The name under which the provider knows this hub."""
    client_secret: str = Field(default="", repr=False)
    """What the hub shows the provider."""


class WebSettings(Configuration):
    """Where the HTTP API listens."""

    host: str = "127.0.0.1"
    """Loopback: what people reach from elsewhere ends its TLS on this machine."""
    port: int = 8080
    """Its port."""
    address: str = ""
    """The https address by which browsers reach the pages; empty: this machine alone does."""
    oidc: OidcSettings = OidcSettings()


class ProbeSettings(Configuration):
    """Where a process without the web role answers `/metrics`, `/livez` and `/readyz`; the web role answers them on its own port."""

    host: str = "127.0.0.1"
    """Loopback only: what scrapes it runs on the same machine."""
    port: int = 0
    """Its port; 0: any that is free, said at the start."""


class RegistrySettings(Configuration):
    """Where partners' clients look schemas up."""

    host: str = "127.0.0.1"
    """Loopback: what partners reach from elsewhere ends its TLS on this machine."""
    port: int = 8081
    """Its port; if it is taken, another is used and named."""
    url: str = ""
    """An external schema registry (Confluent's, Karapace, Apicurio) to be used instead; empty: the hub serves its own."""


class ConnectSettings(Configuration):
    """Where Kafka Connect's tools reach the connectors."""

    host: str = "127.0.0.1"
    """Loopback: what tools reach from elsewhere ends its TLS on this machine."""
    port: int = 8083
    """Its port; if it is taken, another is used and named."""


class WebhookSettings(Configuration):
    """Where one agreement's notices are posted, and what they are signed by."""

    url: str = Field(repr=False)
    """The recipient's https address."""
    secrets: Annotated[list[Secret], Field(min_length=1, max_length=2)] = Field(repr=False)
    """What the recipient checks signatures by: `whsec_…`; two while one replaces the other."""
    ports: list[int] = list(PORTS)
    """The ports that the address may name."""
    inside: list[IPv4Network | IPv6Network] = []
    """Networks that are not public and may be reached all the same, for a recipient inside: 10.20.30.40/32."""
    authority: Path | None = None
    """The certificate of the authority that the recipient's is signed by; unset: any that this machine trusts."""

    @model_validator(mode="after")
    def _may_be_reached(self) -> Self:
        try:
            target(self.url, self.ports)
        except Refused as refused:
            raise ValueError(f"url: {refused.why}") from None
        return self


class IdentitySettings(Configuration):
    """How it is decided who is who."""

    model: Path | None = None
    """A file of weights made by `hub identity train`; unset: those that are shipped."""
    accept_reserved: bool = False
    """Whether numbers and postcodes that are reserved for tests count as identifiers; only where `demonstration` is set."""


class Settings(Configuration):
    """Everything that can be set."""

    folder: Path = Path("hub-data")
    """The instance folder: id, secrets, keys, and the SQLite store; `hub init` makes it."""
    store: Address = ""
    """A PostgreSQL address (postgresql://…); empty: SQLite in the folder, for exactly one hub process."""
    keys: Address = ""
    """A PostgreSQL address for the key store, apart from the general store; empty: a file in the folder, for hubs on one machine."""
    controller: str = "council"
    """The organisation answerable for what nobody else answers for."""
    connectors: Path | None = None
    """The folder with one YAML file per connector; unset: none."""
    heartbeat_seconds: float = 10.0
    """How often the hub asks the broker for the time; due instants fire no more exactly than this."""
    verify_seconds: float = 10.0
    """How often the log is held against what was applied last."""
    reconcile_seconds: float = 600.0
    """How often the relay holds all that it wrote against the logs, even if nothing shows that a log lost anything."""
    kafka: KafkaSettings = KafkaSettings()
    worker: WorkerSettings = WorkerSettings()
    web: WebSettings = WebSettings()
    probes: ProbeSettings = ProbeSettings()
    registry: RegistrySettings = RegistrySettings()
    connect: ConnectSettings = ConnectSettings()
    identity: IdentitySettings = IdentitySettings()
    webhooks: dict[str, WebhookSettings] = {}
    """By agreement, where those are posted whose transport is `webhook`."""
    folders: dict[str, Path] = {}
    """By agreement, the folder in which those are left whose transport is `file`."""
    demonstration: bool = False
    """For hubs that are thrown away: a demonstration, a benchmark, a test. Never with real data."""
    failpoint: str = ""
    """For fault tests only: `name:hit`, see hub/engine/failpoints.py."""
    without_guard: str = ""
    """For fault tests only: the guard to switch off, see hub/engine/guards.py."""

    @model_validator(mode="after")
    def _no_test_numbers_in_service(self) -> Self:
        if self.identity.accept_reserved and not self.demonstration:
            raise ValueError("identity.accept_reserved takes test numbers for real ones: only where demonstration is set, never in service")
        if self.demonstration and self.kafka.replication_factor > 1:
            raise ValueError("demonstration is set, but kafka.replication_factor is that of a hub in service")
        return self

    @property
    def postgresql(self) -> bool:
        """Whether the store is PostgreSQL, so that more than one process may run."""
        return self.store.startswith(_POSTGRESQL)


_ENVIRONMENT = {
    "HUB_FOLDER": ("folder",),
    "HUB_STORE": ("store",),
    "HUB_KEYS": ("keys",),
    "HUB_CONTROLLER": ("controller",),
    "HUB_CONNECTORS": ("connectors",),
    "HUB_HEARTBEAT_SECONDS": ("heartbeat_seconds",),
    "HUB_VERIFY_SECONDS": ("verify_seconds",),
    "HUB_RECONCILE_SECONDS": ("reconcile_seconds",),
    "HUB_BOOTSTRAP": ("kafka", "bootstrap"),
    "HUB_FEEDER": ("worker", "feeder"),
    "HUB_WEB_HOST": ("web", "host"),
    "HUB_WEB_PORT": ("web", "port"),
    "HUB_PROBES_HOST": ("probes", "host"),
    "HUB_PROBES_PORT": ("probes", "port"),
    "HUB_REGISTRY_PORT": ("registry", "port"),
    "HUB_CONNECT_PORT": ("connect", "port"),
    "HUB_REGISTRY_URL": ("registry", "url"),
    "HUB_DEMONSTRATION": ("demonstration",),
    "HUB_IDENTITY_MODEL": ("identity", "model"),
    "HUB_IDENTITY_ACCEPT_RESERVED": ("identity", "accept_reserved"),
    "HUB_FAILPOINT": ("failpoint",),
    "HUB_WITHOUT_GUARD": ("without_guard",),
}


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force; raises Misconfigured with key, file, line and what was meant."""
    environment = os.environ if environment is None else environment
    named = path or (Path(environment["HUB_CONFIG"]) if "HUB_CONFIG" in environment else None)
    path = named or Path("hub.yaml")
    document: Any = load_document(path) if named is not None or path.exists() else {}
    for name, keys in _ENVIRONMENT.items():
        if name in environment:
            _put(document, keys, environment[name])
    return checked(path, document, Settings)


def _put(document: Any, keys: tuple[str, ...], value: str) -> None:
    for key in keys[:-1]:
        document = document.setdefault(key, {})
    document[keys[-1]] = value
