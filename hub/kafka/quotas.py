"""How much a user may read and ask for, written to the broker: librdkafka has no words for quotas, so aiokafka carries the request."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.admin import DescribeClientQuotasRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from hub.model.errors import Misconfigured, Unavailable

TIMEOUT_MS = 15_000
_EXACTLY = 0
Quotas = Mapping[str, float]
"""By Kafka's own names: consumer_byte_rate, producer_byte_rate (bytes per second and broker), request_percentage."""


class _Altered(Response):  # type: ignore[misc]  # aiokafka is published without types
    API_KEY, API_VERSION = 49, 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(
            ("error_code", Int16), ("error_message", String("utf-8")),
            ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))),
        )),
    )  # fmt: skip


class _Alter_v0(RequestStruct):  # type: ignore[misc]  # noqa: N801 - as above; aiokafka tells versions by the name
    API_KEY, API_VERSION = 49, 0
    RESPONSE_TYPE = _Altered
    SCHEMA = Schema(
        ("entries", Array(
            ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))),
            ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))),
        )),
        ("validate_only", Boolean),
    )  # fmt: skip


class _Alter(Request[_Alter_v0]):  # type: ignore[misc]  # as above
    """KIP-546."""

    API_KEY = 49

    def __init__(self, entries: list[Any]) -> None:
        self._entries = entries

    def build(self, request_struct_class: type[_Alter_v0]) -> _Alter_v0:
        return request_struct_class(self._entries, False)


def set_quotas(kafka: Mapping[str, Any], users: Mapping[str, Quotas | None]) -> None:
    """Give each user these quotas, or with None take away what it had; raises Unavailable without a broker, Misconfigured if refused."""
    had = quotas(kafka, users)
    entries = [([("user", user)], _changes(had.get(user, {}), wanted or {})) for user, wanted in users.items()]
    answer = _asked(kafka, _Alter([entry for entry in entries if entry[1]]))
    for code, _, entity in answer.entries:
        if code:
            raise Misconfigured(
                f"quota of {entity[0][1]}", f"was refused by Kafka with code {code}", "may the hub's own user alter quotas?"
            )


def quotas(kafka: Mapping[str, Any], users: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """What each of these users has; left out where it has none."""
    found = {}
    for user in users:
        answer = _asked(kafka, DescribeClientQuotasRequest([("user", _EXACTLY, user)], strict=True))
        if answer.error_code:
            raise Misconfigured(f"quota of {user}", f"cannot be read: Kafka's code {answer.error_code}")
        for _, values in answer.entries or ():
            found[user] = dict(values)
    return found


def _changes(had: Quotas, wanted: Quotas) -> list[tuple[str, float, bool]]:
    put = [(name, float(value), False) for name, value in wanted.items() if had.get(name) != value]
    return put + [(name, 0.0, True) for name in had if name not in wanted]


def _asked(kafka: Mapping[str, Any], request: Request[Any]) -> Any:
    try:
        return asyncio.run(_sent(kafka, request))
    except (KafkaError, OSError) as error:
        raise Unavailable(f"Kafka: {type(error).__name__}") from error


async def _sent(kafka: Mapping[str, Any], request: Request[Any]) -> Any:
    client = AIOKafkaClient(bootstrap_servers=kafka["bootstrap.servers"], request_timeout_ms=TIMEOUT_MS, **_security(kafka))
    await client.bootstrap()
    try:
        return await client.send(client.get_random_node(), request)
    finally:
        await client.close()


def _security(kafka: Mapping[str, Any]) -> dict[str, Any]:
    """What librdkafka is told, in aiokafka's words."""
    protocol = str(kafka.get("security.protocol", "PLAINTEXT")).upper()
    said: dict[str, Any] = {"security_protocol": protocol}
    if "SSL" in protocol:
        context = ssl.create_default_context(cafile=kafka.get("ssl.ca.location"))
        if "ssl.certificate.location" in kafka:
            context.load_cert_chain(kafka["ssl.certificate.location"], kafka.get("ssl.key.location"), kafka.get("ssl.key.password"))
        said["ssl_context"] = context
    if "SASL" in protocol:
        said["sasl_mechanism"] = kafka.get("sasl.mechanism")
        said |= {"sasl_plain_username": kafka.get("sasl.username"), "sasl_plain_password": kafka.get("sasl.password")}
    return said
