"""Whether this container answers on its port: ``python scripts/healthcheck.py 8000``; the exit code says it."""

import os
import sys
import urllib.error
import urllib.request


def main(port: str) -> int:
    # Django answers only to its own host names, and the first one is as good as any
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "127.0.0.1"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=3):  # noqa: S310 - constant
            return 0
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"Nothing healthy answers on port {port}: {error}. Look at this container's log.\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
