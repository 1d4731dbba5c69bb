"""``make clean-data``: remove everything the demo keeps, also what root's servers keep outside the checkout.

python -m portal.embedded.clean [DATA_FOLDER]
"""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from portal.embedded.errors import EmbeddedError, remedy
from portal.embedded.home import Lock, remove_home, remove_orphans

SERVERS = ("postgres", "valkey")


def clean(data: Path) -> None:
    """Remove the folder and the servers' homes.

    Raises:
        EmbeddedError: something in it is running, or may not be removed.
    """
    places = [data, *data.glob("*/"), *data.glob("tests/*/")]  # of the demo, the measurements, each test run
    locks = [Lock(path) for place in places for path in sorted(place.glob("*.lock"))]
    try:
        if busy := [lock.path.stem for lock in locks if not lock.acquire()]:
            who = f"{', '.join(busy)} {'is' if len(busy) == 1 else 'are'} running"
            raise EmbeddedError(
                f"The data in {data} are in use ({who}), so nothing was removed. "
                "End the demo with Ctrl-C in its terminal and try again."
            )
        _remove(data, places)
    except OSError as error:
        raise EmbeddedError(
            f"{error.filename} cannot be removed ({error.strerror}), so the data are still there. {remedy(error, data)}"
        ) from error
    finally:
        for lock in locks:
            lock.release()


def _remove(data: Path, places: Iterable[Path]) -> None:
    for place in places:
        for server in SERVERS:
            remove_home(place / server)
    if data.exists():
        shutil.rmtree(data)
    if os.geteuid() == 0:
        remove_orphans()


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
