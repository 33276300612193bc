"""A partner's address is somebody else's text: whatever it leads to inside, by whatever trick, gets nothing."""

import base64
import random
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from hub.engine.migrations import upgrade
from hub.engine.sqlite import SqliteStore
from hub.model.errors import Unavailable
from hub.telling.address import Network, Refused, allowed, checked, target
from hub.telling.endpoints import Endpoints
from hub.telling.posting import look_up, trusting
from hub.telling.webhook import WebhookTransport
from tests.telling.desk import AGREEMENTS
from tests.telling.partners import Behaviour, partner
from tests.telling.test_webhook import PRACTICE, a_notice

SECRET = f"whsec_{base64.b64encode(b'n' * 32).decode()}"
TRUST = trusting()
INSIDE = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "0.0.0.0/8", "224.0.0.0/4",
    "240.0.0.0/4", "192.0.0.0/24", "198.18.0.0/15", "203.0.113.0/24", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "64:ff9b::/96",
    "::ffff:0:0/96", "2002::/16", "2001:db8::/32",
)  # fmt: skip
METADATA = ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
HOME = (
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "0", "0.0.0", "localhost", "LOCALHOST", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]",
)  # fmt: skip
TRICKS = (
    "http://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_POST", "file:///etc/passwd", "//127.0.0.1:{port}/",
    "127.0.0.1:{port}", "https://partner.example@127.0.0.1:{port}/", "https://a:b@127.0.0.1:{port}/", "https://127.0.0.1:{port}#@public.example/",
    "https://public.example\\@127.0.0.1:{port}/", "https://127.0.0.1:{port}\\.public.example/", "https://127.0.0.1%2e:{port}/",
    "https://%31%32%37.0.0.1:{port}/", "https://①②⑦.⓪.⓪.①:{port}/", "https://127。0。0。1:{port}/", "https://127.0.0.1:{port}\t/",
    "https:// 127.0.0.1:{port}/", "https://127.0.0.1:{port}/\r\nHost: public.example", "https://127.0.0.1:0/", "https://127.0.0.1:99999/",
    "https://127.0.0.1:22/", "https://127.0.0.1:-1/", "https://[::1/", "https:///", "https://", "", "https://..:{port}/",
    "https://" + "a" * 64 + ".example:{port}/",
)  # fmt: skip


@dataclass(kw_only=True)
class Canary:
    """A listener that nobody may reach."""

    port: int
    reached: list[str] = field(default_factory=list)


@contextmanager
def canary(host: str = "", port: int = 0) -> Iterator[Canary]:
    """Listens on every address of this machine, or on one, until the end of the block."""
    family = socket.AF_INET if host else socket.AF_INET6
    with socket.create_server((host, port), family=family, dualstack_ipv6=not host) as listening:
        found, over = Canary(port=listening.getsockname()[1]), threading.Event()
        listening.settimeout(0.05)

        def listen() -> None:
            while not over.is_set():
                try:
                    caller, address = listening.accept()
                except TimeoutError:
                    continue
                found.reached.append(str(address))
                caller.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield found
        finally:
            over.set()
            thread.join()


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[Endpoints]:
    upgrade(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    store = SqliteStore(tmp_path / "hub.sqlite")
    yield Endpoints(store=store)
    store.close()


def sending(endpoints: Endpoints, url: str, port: int, names: Mapping[str, Sequence[str]], inside: Sequence[Network]) -> WebhookTransport:
    return WebhookTransport(
        agreement=AGREEMENTS()[PRACTICE], url=url, secrets=[SECRET], endpoints=endpoints, trust=TRUST, ports=[port],
        clock=lambda: datetime.now(UTC), inside=inside, resolve=lambda host, port: names.get(host) or look_up(host, port), limit=5.0,
    )  # fmt: skip


def targets(port: int) -> tuple[list[str], dict[str, list[str]]]:
    """Addresses that lead inside, and what some of their names are looked up as."""
    draw, names = random.Random(20261123), dict[str, list[str]]()
    within = [each for each in map(ip_network, INSIDE) for _ in range(4)]
    picked = [str(each[draw.randrange(each.num_addresses)]) for each in within] + list(METADATA)
    literal = [f"https://{f'[{each}]' if ':' in each else each}:{port}/" for each in picked]
    for number, each in enumerate([*picked, "127.0.0.1", "::1"]):
        names[f"n{number}.partner.example"] = [each] if number % 2 else ["93.184.215.14", each]
    named = [f"https://{name}:{port}/" for name in names]
    home = [f"https://{host}:{port}/" for host in HOME]
    return [*literal, *named, *home, *(each.replace("{port}", str(port)) for each in TRICKS)], names


Names = Mapping[str, Sequence[str]]


def refused(endpoints: Endpoints, urls: Sequence[str], port: int, names: Names, inside: Sequence[Network] = ()) -> list[str]:
    """Why each was not delivered."""
    found = []
    for url in urls:
        with pytest.raises(Unavailable) as raised:
            list(sending(endpoints, url, port, names, inside).deliver([a_notice()]))
        found.append(raised.value.what.partition(": ")[2])
    return found


def test_two_hundred_addresses_that_lead_inside_reach_nobody(endpoints: Endpoints) -> None:
    with canary() as listening:
        urls, names = targets(listening.port)
        why = refused(endpoints, urls, listening.port, names)
    assert len(set(urls)) >= 200
    assert [url for url, each in zip(urls, why, strict=True) if not each.startswith("it")] == [], "a connection was tried"
    assert listening.reached == []


def test_without_the_guard_the_same_addresses_would_have_reached_somebody(endpoints: Endpoints) -> None:
    with canary() as listening:
        urls, names = targets(listening.port)
        home = [each for each in urls if each.startswith(("https://127.", "https://localhost", "https://0x7f", "https://2130706433"))]
        refused(endpoints, home, listening.port, names, [ip_network("127.0.0.0/8"), ip_network("::1/128")])
    assert len(listening.reached) >= 8


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_followed_nowhere(endpoints: Endpoints, tmp_path: Path, status: int) -> None:
    with canary() as listening, partner(tmp_path / "partner") as redirecting:
        redirecting.behaviour = Behaviour(status=status, headers={"location": f"https://127.0.0.1:{listening.port}/"})
        made = sending(endpoints, redirecting.url, redirecting.port, {"localhost": ["127.0.0.1"]}, [ip_network("127.0.0.1/32")])
        made.trust = trusting(str(redirecting.authority))
        with pytest.raises(Unavailable, match=f"answers {status}"):
            list(made.deliver([a_notice()]))
    assert (len(redirecting.got), listening.reached) == (1, [])


def test_a_name_that_leads_elsewhere_the_second_time_is_looked_up_once_for_each_notice(endpoints: Endpoints, tmp_path: Path) -> None:
    with partner(tmp_path / "partner") as first, canary("127.0.0.2", first.port) as second:
        answers, asked = iter(["127.0.0.1", "127.0.0.2"]), list[str]()

        def rebinding(host: str, port: int) -> list[str]:
            asked.append(host)
            return [next(answers)]

        made = sending(endpoints, first.url, first.port, {}, [ip_network("127.0.0.1/32")])
        made.trust, made.resolve = trusting(str(first.authority)), rebinding
        assert len(list(made.deliver([a_notice()]))) == 1
        with pytest.raises(Unavailable, match="leads to an address that is not allowed"):
            list(made.deliver([a_notice()]))
    assert (len(first.got), len(asked), second.reached) == (1, 2, [])


def test_a_partner_inside_is_reached_only_within_what_the_operator_named() -> None:
    named = [ip_network("10.20.30.0/28")]
    assert allowed("10.20.30.4", named)
    assert not allowed("10.20.30.16", named)
    assert not allowed("10.20.30.4")


@pytest.mark.parametrize("each", [*METADATA, "169.254.1.1", "fe80::1", "224.0.0.1", "ff02::1", "::ffff:10.0.0.1", "0.0.0.1"])
def test_metadata_link_local_and_multicast_are_reached_by_nobody_whatever_is_named(each: str) -> None:
    assert not allowed(each, [ip_network("0.0.0.0/0"), ip_network("::/0")])


@pytest.mark.parametrize("each", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4009::200e"])
def test_a_public_address_is_allowed(each: str) -> None:
    assert allowed(each)
    assert checked(target("https://partner.example/hook"), (), lambda *_: [each, each]) == (each,)
    assert ip_address(each).is_global


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(Refused, match="not allowed"):
        checked(target("https://partner.example/"), (), lambda *_: [])
    with pytest.raises(Refused, match="cannot be looked up"):
        checked(target("https://partner.example/"), (), lambda *_: ["not an address"])
