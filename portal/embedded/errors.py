"""The one error of the embedded servers, and what to do when the system refuses a file; both for a terminal."""

import errno
from pathlib import Path


class EmbeddedError(Exception):
    """A server from a wheel cannot run here. The message says what happened, what it means and what to do."""


def remedy(error: OSError, data: Path) -> str:
    """What to do when the system refuses something in the data folder, as a sentence."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "Make room on the disk and try again."
        case errno.EACCES | errno.EPERM:
            return f"Make the folder writable (chmod -R u+rwX {data}), or use the account that made it, and try again."
        case errno.EROFS:
            return "That disk can only be read: try again in a checkout on one that can be written."
        case _:
            return f"Move {error.filename or data} out of the way and try again."
