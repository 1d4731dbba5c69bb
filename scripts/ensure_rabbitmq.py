"""See that the tests of events have a RabbitMQ: install it where that takes no question, else say what to install.

The tests start a broker of their own. Debian's package would start one as a service of this machine, which it is kept
from: while it is installed, and when the machine starts again.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from running import INTERRUPTED, SetupError, end_when_asked, run, say

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
POLICY = Path("/usr/sbin/policy-rc.d")  # what a package asks before it starts a service (Debian policy, 9.3.3.1)
FORBIDDEN = "#!/bin/sh\nexit 101\n"
SERVICES = ("rabbitmq-server.service", "epmd.service", "epmd.socket")


def is_here() -> bool:
    """Whether the program is on this machine; its folder is often on root's PATH alone."""
    places = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    return shutil.which("rabbitmq-server", path=places) is not None


@contextmanager
def no_service_starts() -> Iterator[None]:
    """Let no package start what it installs. A policy that is there already is somebody else's, and stays."""
    try:
        descriptor = os.open(POLICY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
    except FileExistsError:
        yield
        return
    with os.fdopen(descriptor, "w") as policy:
        policy.write(FORBIDDEN)
    try:
        yield
    finally:
        POLICY.unlink()


def install() -> None:
    """Install the package, and nothing that runs."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], "The list of packages could not be read", env=quiet)
    with no_service_starts():
        run(
            ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "rabbitmq-server"],
            "RabbitMQ could not be installed",
            env=quiet,
        )
    if shutil.which("systemctl"):
        for service in SERVICES:
            with suppress(SetupError):  # not every release has each of them
                run(["systemctl", "disable", service], "A service could not be kept from starting")


def main() -> int:
    end_when_asked()
    if is_here():
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(
            "There is no RabbitMQ on this machine, so the tests of events will fail. "
            "Install it (Debian and Ubuntu: sudo apt-get install rabbitmq-server) and run `make test` again."
        )
        return 1
    say("Installing RabbitMQ for the tests of events …")
    try:
        install()
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted, so the tests of events may have no RabbitMQ. Run the same command again.")
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
