"""The API on a socket of this machine, until told to stop."""

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Event as Signal
from threading import Thread

import uvicorn

from hub.model.errors import Misconfigured
from hub.web.gate import Application


def loopback(host: str, what: str = "web") -> str:
    """The host, if only this machine can reach it; raises Misconfigured otherwise, because nobody signs in yet."""
    try:
        near = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        raise Misconfigured(f"{what}.host", "is not a loopback address, and nobody can sign in yet", "use 127.0.0.1, ::1 or localhost")
    return host


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A bound socket: where the API will be found."""

    listener: socket.socket

    @property
    def port(self) -> int:
        """The port, also where 0 was asked for."""
        port: int = self.listener.getsockname()[1]
        return port


def open_door(host: str, port: int, what: str = "web") -> Door:
    """Bind what the settings of this name say; raises Misconfigured for a host that is not loopback, or a port that is taken."""
    family = socket.AF_INET6 if ":" in loopback(host, what) else socket.AF_INET
    # named as TCP, so that asyncio switches Nagle off: without it every answer took 40 ms longer
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # who comes before the application is up waits instead of being turned away
    except OSError as error:
        listener.close()
        raise Misconfigured(f"{what}.port", f"cannot be used: {error.strerror}", "choose another, or 0 for any that is free") from None
    return Door(listener=listener)


def open_door_there_or_near(host: str, port: int, what: str) -> Door:
    """As `open_door`, but where the port is taken any other; the socket knows which."""
    try:
        return open_door(host, port, what)
    except Misconfigured as taken:
        if taken.key != f"{what}.port":
            raise
        return open_door(host, 0, what)


def serve(app: Application, door: Door, stop: Signal) -> None:
    """Serve until `stop` is set; requests that are being answered are finished, for at most five seconds."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, date_header=False, lifespan="on", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)

    def end() -> None:
        stop.wait()
        server.should_exit = True

    Thread(target=end, name="web-end", daemon=True).start()
    server.run(sockets=[door.listener])
