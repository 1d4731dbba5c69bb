import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from portal.embedded.home import Lock
from portal.embedded.ports import free_port
from tests.ops.test_embedded import eventually

ROOT = Path(__file__).resolve().parents[2]
MARK = "BORGERBLIK_TEST_MARK"
OWN_SERVERS = {"DATABASE_URL": "postgresql://nobody@localhost/none", "REDIS_URL": "redis://localhost:1/0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A demo with stub commands, as far as a test has waited for it."""

    process: subprocess.Popen[str]
    port: int
    mark: str
    said: str

    def end(self, ending: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(ending)
        return self.process.wait(timeout=30)


def start(  # noqa: PLR0913 - each says one thing about the demo
    root: Path, port: int, mark: str, *, kind: str, embedded: bool, stdout: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """A demo that starts its own servers, or is told that there are some."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SERVERS}
    return subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "tests.ops.stub_demo", root, str(port), kind],
        cwd=ROOT,
        env={**kept, MARK: mark} | ({} if embedded else OWN_SERVERS),
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def demo(
    root: Path, *, kind: str = "plain", until: str = "Ctrl-C ends everything", embedded: bool = False
) -> Iterator[Running]:
    """A demo that has come as far as saying ``until``."""
    port, mark, said = free_port(), uuid.uuid4().hex, ""
    with start(root, port, mark, kind=kind, embedded=embedded) as process:
        assert process.stdout is not None
        try:
            while until not in said:
                line = process.stdout.readline()
                assert line, f"the demo ended with: {said}"
                said += line
            yield Running(process=process, port=port, mark=mark, said=said)
        finally:
            process.kill()


def complaint(root: Path, *, port: int | None = None, kind: str = "plain", embedded: bool = False) -> str:
    """What a demo says that fails by itself."""
    with start(root, port or free_port(), "failing", kind=kind, embedded=embedded) as process:
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in complaint
    return complaint


def left_over(mark: str) -> list[str]:
    """Command lines of living processes that carry the mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it has ended meanwhile
    return found


def locks_are_free(data: Path) -> bool:
    locks = [Lock(path) for path in data.glob("*.lock")]
    free = [lock.acquire() for lock in locks]
    for lock in locks:
        lock.release()
    return all(free)


def test_a_ready_demo_says_where_it_is_and_who_can_sign_in(private_root: Path) -> None:
    with demo(private_root) as running:
        assert httpx.get(f"http://127.0.0.1:{running.port}/healthz").is_success
    for part in (
        f"http://127.0.0.1:{running.port}/",
        "Mette Lund  Is on sick leave.",
        "Anne Krog  Decides in two municipalities.",
        "-u demo-consumer:not-a-secret",
    ):
        assert part in running.said


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_leaves_nothing(private_root: Path, ending: signal.Signals) -> None:
    with demo(private_root, embedded=True) as running:
        assert left_over(running.mark)
        assert running.end(ending) == 0
        assert left_over(running.mark) == []
        assert locks_are_free(private_root / ".data")


def test_on_a_closed_terminal_it_ends(private_root: Path) -> None:
    mark, (terminal, programs_end) = uuid.uuid4().hex, os.openpty()
    with start(private_root, free_port(), mark, kind="plain", embedded=False, stdout=programs_end) as process:
        os.close(programs_end)
        said = b""
        while b"Ctrl-C ends everything" not in said:
            said += os.read(terminal, 4096)
        os.close(terminal)
        process.wait(timeout=30)
    assert left_over(mark) == []


def test_interrupted_in_a_step_it_leaves_nothing(private_root: Path) -> None:
    with demo(private_root, kind="slow-step", until="Doing the stub's step") as running:
        log = private_root / ".data/logs/steps.log"
        assert eventually(lambda: log.exists() and "a step has begun" in log.read_text())
        assert running.end() == 0
        assert left_over(running.mark) == []


def test_killed_it_leaves_nothing(private_root: Path) -> None:
    with demo(private_root, embedded=True) as running:
        running.end(signal.SIGKILL)
        assert eventually(lambda: left_over(running.mark) == [])
        assert eventually(lambda: locks_are_free(private_root / ".data"))


def test_the_keys_are_kept_private_and_out_of_the_logs(private_root: Path) -> None:
    data = private_root / ".data"
    seen = set()
    for _ in range(2):
        with demo(private_root) as running:
            running.end()
        seen.add((data / "demo.env").read_text())
    assert len(seen) == 1, "made once and kept"
    assert stat.S_IMODE((data / "demo.env").stat().st_mode) == 0o600
    secrets = [line.partition("=")[2] for line in seen.pop().splitlines()]
    logs = "".join(log.read_text() for log in (data / "logs").glob("*.log"))
    assert len(secrets) == 2
    assert not [secret for secret in secrets if secret in logs]


def test_a_port_in_use_is_one_sentence(private_root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = complaint(private_root, port=port)
    assert said == (
        f"Port {port} is in use by another program, so the pages cannot be served there. "
        f"Choose another: make demo PORT={port + 1}\n"
    )


def test_a_second_demo_in_the_checkout_is_sent_to_the_first(private_root: Path) -> None:
    with demo(private_root) as first:
        said = complaint(private_root)
        assert first.process.poll() is None
    assert f"A demo already runs in this checkout, at http://127.0.0.1:{first.port}/" in said


def test_a_data_folder_that_cannot_be_made_is_one_sentence(private_root: Path) -> None:
    (private_root / ".data").write_text("not a folder")
    said = complaint(private_root)
    (private_root / ".data").unlink()
    assert said.startswith(f"The demo cannot use {private_root}/.data")
    assert "`make clean-data`" in said


def test_damaged_data_are_one_sentence(private_root: Path) -> None:
    with demo(private_root, embedded=True) as running:
        running.end()
    (private_root / ".data/postgres/cluster/global/pg_control").unlink()
    said = complaint(private_root, embedded=True)
    assert "PostgreSQL did not start" in said
    assert "`make clean-data`" in said


def test_data_without_their_keys_are_one_sentence(private_root: Path) -> None:
    (private_root / ".data" / "postgres").mkdir(parents=True)
    said = complaint(private_root)
    (private_root / ".data" / "postgres").rmdir()
    assert "the people in the database cannot be read" in said


def test_a_failing_step_says_what_and_why(private_root: Path) -> None:
    said = complaint(private_root, kind="failing-step")
    assert said.startswith("The stub's step failed, so the demo ends everything. The last lines of")
    assert "The stub step says why." in said


def test_a_dying_server_is_named_with_its_last_words(private_root: Path) -> None:
    with demo(private_root, embedded=True) as running:
        cluster = private_root / ".data/postgres/cluster"
        os.kill(int((cluster / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)
        _, said = running.process.communicate(timeout=30)
    assert said.startswith("The program PostgreSQL has ended unexpectedly, so the demo ends everything.")
    assert "immediate shutdown request" in said


def test_a_port_that_is_none_is_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "portal.demo", "--port=99999"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "'99999' is not a port; give a number from 1 to 65535" in done.stderr


def test_without_people_there_is_no_demo(private_root: Path) -> None:
    said = complaint(private_root, kind="no-people")
    assert said.startswith("The mock indexes do not say who can sign in")


def test_broken_keys_are_one_sentence(private_root: Path) -> None:
    (private_root / ".data").mkdir()
    (private_root / ".data" / "demo.env").write_text("SECRET_KEY=alone\n")
    assert "does not hold the demo's keys" in complaint(private_root)


def test_a_dying_program_is_named_with_its_last_words(private_root: Path) -> None:
    said = complaint(private_root, kind="dying-web")
    assert said.startswith("The program web has ended unexpectedly, so the demo ends everything.")
    assert "The stub has come to its end." in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="the lines are for people who have curl")
def test_the_lines_for_rest_work_as_they_stand(private_root: Path) -> None:
    with demo(private_root) as running:
        lines = [line for line in running.said.splitlines() if "curl" in line]
        answered = subprocess.run(  # noqa: S602 - pasted, as somebody at the terminal does
            "\n".join(lines), shell=True, capture_output=True, text=True, check=True
        ).stdout
    assert json.loads(answered) == {"cpr": "6815859002", "municipality": "0730", "language": "en"}
