"""A run in several processes: none of them shares a server with another, and all of them end at about the same time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONG
from tests.ops.environment import ROOT

TELL = """
import os
from pathlib import Path

def test_it() -> None:
    Path(__file__).with_suffix(".txt").write_text(os.environ["DATABASE_URL"] + "\\n" + os.environ["REDIS_URL"])
"""
OF_THIS_RUN = ("DATABASE_URL", "REDIS_URL")


def run_in_two(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A run of its own, as somebody at the terminal starts it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", *OF_THIS_RUN))}
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, check=False
    )


def test_each_process_has_servers_of_its_own(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / f"test_{name}.py").write_text(TELL)
    done = run_in_two("--rootdir", ROOT, "-c", ROOT / "pyproject.toml", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [(tmp_path / f"test_{name}.txt").read_text().splitlines() for name in ("one", "other")]
    mine = [os.environ[name] for name in OF_THIS_RUN]
    for addresses in zip(*told, mine, strict=True):
        assert len(set(addresses)) == 3, "two processes, and this run beside them"


@pytest.mark.parametrize("name", OF_THIS_RUN)
def test_a_server_of_ones_own_serves_one_process(name: str) -> None:
    done = run_in_two("tests/ops/test_servers.py", **{name: "postgresql://somebody@127.0.0.1:1/none"})
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    told = f"{name} of your own can serve one process, and 2 were asked for. Ask for one: make test PROCESSES=1"
    assert told in done.stderr


def test_what_takes_longest_is_there() -> None:
    assert [file for file in LONG if not (ROOT / file).is_file()] == []
