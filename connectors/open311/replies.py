"""From the bytes of a GeoReport v2 reply to its items, whatever the wrapping; JSON and XML give the same values."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from connectors.hardened_xml import parse, to_value
from hub.model.errors import Rejected

_WRAPPERS = ("service_requests", "requests", "request", "service_request_updates", "request_update", "services", "service")
_SPECIFICATION = "georeport_v2"


def items(body: bytes, form: str) -> list[Any]:
    """The requests or updates of a reply; raises Rejected where the reply is not one at all (an error page, cut short, hostile)."""
    value = _value(body, form)
    for _nesting in range(3):
        if isinstance(value, Mapping):
            inner = next((value[name] for name in _WRAPPERS if name in value), None)
            value = [value] if inner is None and value else inner
    if value is None:
        return []
    if not isinstance(value, list):
        raise Rejected("open311-unreadable")
    return value


def _value(body: bytes, form: str) -> Any:
    if form == "xml":
        return to_value(parse(body))
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Rejected("open311-unreadable") from None


def endpoint(body: bytes, form: str, asked: str) -> tuple[str, tuple[str, ...]]:
    """Address and formats of the production GeoReport v2 endpoint in a service discovery document fetched from `asked`.

    Raises Rejected where there is none, or where its address would leave https for http.
    """
    value = _value(body, form)
    listed = value.get("endpoints") if isinstance(value, Mapping) else None
    candidates = [entry for entry in listed or [] if isinstance(entry, Mapping) and _fits(entry)]
    production = [entry for entry in candidates if entry.get("type") == "production"] or candidates
    if not production:
        raise Rejected("open311-no-endpoint")
    url = str(production[0].get("url") or "")
    secure = urlsplit(url).scheme == "https" or (urlsplit(url).scheme == "http" and urlsplit(asked).scheme == "http")
    if not secure:
        raise Rejected("open311-endpoint-not-https")
    return url.rstrip("/"), tuple(str(name) for name in production[0].get("formats") or ())


def _fits(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("specification") or "").lower().rstrip("/").endswith(_SPECIFICATION)
