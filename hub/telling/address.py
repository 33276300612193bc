"""Where a webhook may go: a public https address, or one inside that the operator named; never this machine's neighbours by chance.

A partner's address is text that somebody else chose. Its name is looked up once, every address found must be allowed, and the connection
is made to the address that was checked, not to the name again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host; raises OSError or UnicodeError where it has none."""

SCHEMES = frozenset({"https"})
PORTS = (443, 8443)
_UNWISE = frozenset('\\"<>^`{|}\x7f')
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",  # unspecified, link-local with its metadata, multicast, reserved
            "192.0.0.0/24", "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32",  # metadata of Oracle, Alibaba, Azure, Amazon
            "fe80::/10", "fec0::/10", "ff00::/8", "::/128",  # link-local, site-local, multicast, unspecified
            "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",  # carry an IPv4 address, or seem to
        ),
    )
)  # fmt: skip
"""Refused whatever the operator names as inside; `::1` alone of the first 96 bits of nothing is loopback, not an IPv4 address."""
_LOOPBACK = IPv6Address("::1")
_NOT_PUBLIC = tuple(map(ip_network, ("100.64.0.0/10", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")))
_PUBLIC_V6 = IPv6Network("2000::/3")


class Refused(Exception):
    """The hub does not go there; `why` names no part of the address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to post: one reading of the address serves look-up, connection and certificate."""

    host: str
    port: int
    path: str = field(repr=False)
    """Path and query; partners put tokens there."""


def target(url: str, ports: Collection[int] = PORTS) -> Target:
    """The address, taken apart; raises Refused for what is no plain https address on an allowed port."""
    if not url.isascii() or any(each <= " " or each in _UNWISE for each in url):
        raise Refused("it has characters that no address has")
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else 443
    except ValueError:
        raise Refused("it is not an address") from None
    host = parts.hostname or ""
    if parts.scheme not in SCHEMES:
        raise Refused("it does not begin with https://")
    if "@" in parts.netloc or "%" in parts.netloc or parts.fragment or not host:
        raise Refused("it is more, or less, than host, port, path and query")
    if port not in ports:
        raise Refused("its port is not one of those allowed")
    return Target(host=host, port=port, path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def allowed(address: str, inside: Sequence[Network] = ()) -> bool:
    """Whether a connection may be made to this address: it is public, or within what the operator named as inside."""
    found = ip_address(address)
    if found != _LOOPBACK and _within(found, _NEVER):
        return False
    return _within(found, inside) or _public(found)


def checked(where: Target, inside: Sequence[Network], resolve: Resolve) -> tuple[str, ...]:
    """The addresses to connect to, looked up once; raises Refused where there is none, or one of them is not allowed."""
    try:
        found = tuple(dict.fromkeys(resolve(where.host, where.port)))
        fine = all(allowed(each, inside) for each in found)
    except (OSError, UnicodeError, ValueError):
        raise Refused("its name cannot be looked up") from None
    if not found or not fine:
        raise Refused("it leads to an address that is not allowed")
    return found


def _public(found: IPv4Address | IPv6Address) -> bool:
    if isinstance(found, IPv6Address) and found not in _PUBLIC_V6:
        return False
    return found.is_global and not _within(found, _NOT_PUBLIC)


def _within(found: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(found in network for network in networks)
