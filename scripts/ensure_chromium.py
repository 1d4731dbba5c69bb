"""See that the browser tests have a Chromium: install it where that takes no question, else say what to install."""

import os
import shutil
import sys

from running import SetupError, run

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    if any(shutil.which(name) for name in NAMES):
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(
            "There is no Chromium on this machine, so the browser tests will fail. "
            "Install it (Debian and Ubuntu: sudo apt-get install chromium) and run `make test` again.\n"
        )
        return 1
    sys.stderr.write("Installing Chromium for the browser tests …\n")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-qq"], "The list of packages could not be read", env=quiet)
        run(
            ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"],
            "Chromium could not be installed",
            env=quiet,
        )
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
