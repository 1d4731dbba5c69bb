"""``make clean-data``: remove everything the demo keeps, also what root's servers keep outside the checkout.

python -m portal.embedded.clean [DATA_FOLDER]
"""

import shutil
import sys
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.home import Lock, remove_home

SERVERS = ("postgres", "valkey")
LOCKS = ("*.lock", "tests/*.lock", "tests/*/*.lock")  # of the demo and its servers, and of each test run


def clean(data: Path) -> None:
    """Remove the folder and the servers' homes.

    Raises:
        EmbeddedError: something in it is running, or may not be removed.
    """
    if not data.exists():
        return
    try:
        locks = [Lock(path) for pattern in LOCKS for path in sorted(data.glob(pattern))]
        if busy := [lock.path.stem for lock in locks if not lock.acquire()]:
            raise EmbeddedError(
                f"The data in {data} are in use ({', '.join(busy)} is running), so nothing was removed. "
                "End the demo with Ctrl-C in its terminal and try again."
            )
        for folder in (data, *data.glob("tests/*")):
            for server in SERVERS:
                remove_home(folder / server)
        shutil.rmtree(data)
    except OSError as error:
        raise EmbeddedError(
            f"{error.filename} cannot be removed ({error.strerror}), so the data are still there. "
            "Run `make clean-data` as the account that made them."
        ) from error


def main(arguments: list[str]) -> int:
    data = Path(arguments[0] if arguments else ".data").absolute()
    try:
        clean(data)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
