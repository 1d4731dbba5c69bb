"""Whether this container, or another, answers on a port: ``scripts/healthcheck.py 8000 [name]``, by exit code."""

import sys
import urllib.error
import urllib.request


def main(port: str, name: str = "127.0.0.1") -> int:
    try:
        with urllib.request.urlopen(f"http://{name}:{port}/healthz", timeout=3):
            return 0
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"Nothing healthy answers on {name}:{port}: {error}. Look at that container's log.\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
