"""A door to a server which lets everybody wait before anything is passed on: for clusters that are slow to be found."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread


@contextmanager
def slow_door(address: str, seconds: float) -> Iterator[str]:
    """The address of the door to `address`, until the context ends."""
    host, port = address.rsplit(":", 1)
    closing = Event()

    class Passage(BaseRequestHandler):
        def handle(self) -> None:
            if closing.wait(seconds):
                return
            with suppress(OSError), socket.create_connection((host, int(port)), 10) as inner:
                back = Thread(target=_carry, args=(inner, self.request), daemon=True)
                back.start()
                _carry(self.request, inner)

    server = ThreadingTCPServer(("127.0.0.1", 0), Passage)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(65536):
            target.sendall(some)
        target.shutdown(socket.SHUT_WR)
