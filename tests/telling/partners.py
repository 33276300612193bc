"""A partner with an address of its own: a real HTTPS server that takes notices, or does what broken servers do."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hub.kafka import tls
from hub.kafka.plan import AUTHORITY, SERVER

GIVEN_UP = 60.0


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """What it does with the next request."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "answers"
    """`answers`, `hangs`, `breaks off` in the middle of a line, or `drips` byte by byte and never ends."""


@dataclass(kw_only=True)
class Partner:
    """What it was told, and how it behaves."""

    port: int
    authority: Path
    behaviour: Behaviour = field(default_factory=Behaviour)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self.port}/notices?token=s3cret"

    @property
    def ids(self) -> list[str]:
        """The ids of what came, in order."""
        return [headers["webhook-id"] for headers, _ in self.got]


class _Server(ThreadingHTTPServer):
    partner: Partner
    daemon_threads = True
    block_on_close = False

    def get_request(self) -> tuple[Any, Any]:
        self.partner.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever calls may go away at any moment."""


class _Desk(BaseHTTPRequestHandler):
    server: _Server
    timeout = GIVEN_UP

    def do_POST(self) -> None:
        partner, does = self.server.partner, self.server.partner.behaviour
        body = self.rfile.read(int(self.headers["content-length"]))
        partner.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if does.how == "hangs":
            partner.over.wait(GIVEN_UP)
        elif does.how == "breaks off":
            self.wfile.write(b"HTTP/1.1 20")
        elif does.how == "drips":
            while not partner.over.wait(0.02):
                self.wfile.write(b"H")
        else:
            self.send_response_only(does.status)
            for name, value in does.headers.items():
                self.send_header(name, value)
            self.end_headers()

    def log_message(self, *_: Any) -> None:
        """It keeps no log."""


@contextmanager
def partner(folder: Path, port: int = 0) -> Iterator[Partner]:
    """One that listens on this machine until the end of the block; on the port it had before, if that is given."""
    folder.mkdir(exist_ok=True)
    tls.ensure(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / SERVER)
    with _Server(("127.0.0.1", port), _Desk) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.partner = Partner(port=server.server_port, authority=folder / AUTHORITY)
        serving = threading.Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        try:
            yield server.partner
        finally:
            server.partner.over.set()
            server.shutdown()
            serving.join()
