"""Of the machine: room on the disk, ports, certificates, and the files of connectors."""

import errno
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, timedelta
from pathlib import Path
from shutil import disk_usage

from hub.cli.composition import House
from hub.cli.doctor.faults import Finding, found
from hub.model.errors import Misconfigured
from hub.settings import Settings

LEAST_FREE = 0.1
"""As the alert DiskFilling has it."""
SOON = timedelta(days=30)
_CERTIFICATES = ("ssl.ca.location", "ssl.certificate.location")


def disk(house: House) -> Iterator[Finding]:
    """Room where the store and the keys lie."""
    with suppress(OSError):  # there is no such folder: the check of it says so
        used = disk_usage(house.settings.folder)
        if used.free < used.total * LEAST_FREE:
            yield found("disk-nearly-full", str(house.settings.folder), f"{used.free / used.total:.0%} is free, {used.free:,} bytes")


def ports(house: House) -> Iterator[Finding]:
    """The ports that are set, where no hub answers on them already."""
    for what, host, port in _doors(house.settings):
        if port and _taken(host, port) and not _answers(host, port, _ASKED.get(what, "/livez")):
            yield found("port-taken", f"{what}.port {port}", "another program listens there")


_ASKED = {"registry": "/subjects", "connect": "/health"}
"""What a hub answers anybody there."""


def _doors(settings: Settings) -> Iterator[tuple[str, str, int]]:
    for what, each in (("web", settings.web), ("probes", settings.probes)):
        yield what, each.host, each.port
    if not settings.registry.url:
        yield "registry", settings.registry.host, settings.registry.port
    yield "connect", settings.connect.host, settings.connect.port


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _answers(host: str, port: int, path: str) -> bool:
    """A hub is at work there."""
    import httpx2

    place = f"[{host}]" if ":" in host else host
    try:
        answer = httpx2.get(f"http://{place}:{port}{path}", timeout=2, trust_env=False)
        said = answer.json() if answer.status_code == httpx2.codes.OK else None
    except (httpx2.HTTPError, ValueError):
        return False
    return said == {"alive": True} if path == "/livez" else isinstance(said, list | dict)


def certificates(house: House, day: date) -> Iterator[Finding]:
    """The certificates that files hold, of this hub's and of authorities."""
    security = house.settings.kafka.security
    named = {f"kafka.security.{key}": Path(security[key]) for key in _CERTIFICATES if security.get(key)}
    named |= {f"webhooks.{name}.authority": each.authority for name, each in house.settings.webhooks.items() if each.authority}
    for key, path in named.items():
        yield from _certificate(key, path, day)


def _certificate(key: str, path: Path, day: date) -> Iterator[Finding]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        ends = min(each.not_valid_after_utc for each in load_pem_x509_certificates(path.read_bytes())).astimezone(UTC).date()
    except OSError as error:
        yield found("certificate-ending", f"{key} {path}", f"cannot be read: {error.strerror}")
    except ValueError:
        yield found("certificate-ending", f"{key} {path}", "holds no certificate in PEM")
    else:
        if ends - day < SOON:
            yield found("certificate-ending", f"{key} {path}", f"{'ended' if ends < day else 'ends'} on {ends}")


def connector_files(house: House) -> Iterator[Finding]:
    """Whether every connector's file can be understood."""
    from hub.cli.connecting import check_connectors

    try:
        check_connectors(house)
    except Misconfigured as error:
        yield found("connector-unreadable", error.key, error.why, error.mend)
