"""The port that the pages are served on: one that is one, and that nobody uses."""

import errno

from portal.demo.errors import DemoError
from portal.embedded.ports import LAST_PORT, free_port_after, refuse_port


def read_port(text: str) -> int:
    """The port that was typed.

    Raises:
        DemoError: it is none.
    """
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= LAST_PORT):
        raise DemoError(
            f"PORT={text} is no port, so the pages cannot be served. "
            f"Give a number from 1 to {LAST_PORT}: make demo PORT={free_port_after(8000)}"
        )
    return int(text)


def refuse_taken_port(port: int) -> None:
    """Raises DemoError when the pages cannot be served there."""
    try:
        refuse_port(port)
    except OSError as error:
        why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"is closed ({error.strerror})"
        raise DemoError(
            f"Port {port} {why}, so the pages cannot be served there. "
            f"Choose another: make demo PORT={free_port_after(port)}"
        ) from error
