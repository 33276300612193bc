"""Ports are taken only by those who listen: a broker that was killed comes back on its own."""

import socket

from hub.kafka.ports import LOOPBACK, choose


def test_a_port_is_free_again_as_soon_as_its_listener_died_with_connections_open() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does
        listener.bind((LOOPBACK, 0))
        listener.listen(1)
        port = listener.getsockname()[1]
        client = socket.create_connection((LOOPBACK, port))
        accepted, _ = listener.accept()
        accepted.close()  # the listener's side goes first, as when a broker is killed: the connection lingers there
    with client:
        assert client.recv(1) == b""
    assert choose(port, 1) == ((port,), ())


def test_a_port_somebody_listens_at_is_not_taken() -> None:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen(1)
        port = listener.getsockname()[1]
        ports, notes = choose(port, 3)
    assert port not in ports
    assert len(set(ports)) == 3
    assert notes
