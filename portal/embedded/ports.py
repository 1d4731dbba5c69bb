"""TCP ports on this machine."""

import socket

LOOPBACK = "127.0.0.1"
LAST_PORT = 65535
FIRST_FOR_ALL = 1024  # those below are root's
USUAL = 8000


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def refuse_port(port: int) -> None:
    """Raises OSError when nothing can be served on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))


def free_port_after(port: int) -> int:
    """The next port that nobody uses and everybody may open; when there is none, any."""
    for candidate in range(port + 1 if port >= FIRST_FOR_ALL else USUAL, LAST_PORT + 1):
        try:
            refuse_port(candidate)
        except OSError:
            continue
        return candidate
    return free_port()
