"""See that the browser tests have a Chromium: install it where that takes no question, else say what to install."""

import os
import shutil
import sys

from running import INTERRUPTED, SetupError, end_when_asked, run, say

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    end_when_asked()
    if any(shutil.which(name) for name in NAMES):
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(
            "There is no Chromium on this machine, so the browser tests will fail. "
            "Install it (Debian and Ubuntu: sudo apt-get install chromium) and run `make test` again."
        )
        return 1
    say("Installing Chromium for the browser tests …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-qq"], "The list of packages could not be read", env=quiet)
        run(
            ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"],
            "Chromium could not be installed",
            env=quiet,
        )
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted, so the browser tests may have no Chromium. Run the same command again.")
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
