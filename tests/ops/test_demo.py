"""The demo: it says where it is and what fails, and leaves nothing behind however it ends."""

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
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from portal.embedded.ports import free_port, free_port_after
from tests.ops.demos import ROOT, complaint, demo, left_over, locks_are_free, own_database, start
from tests.ops.test_embedded import eventually


@pytest.fixture(scope="module", autouse=True)
def own_servers(django_db_modify_db_settings: None, redis_url: str) -> Iterator[None]:  # noqa: ARG001 - they start them
    """A server of one's own for the demos that start none, with an empty database."""
    with own_database():
        yield


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
    told = (
        f"Port {port} is in use by another program, so the pages cannot be served there. "
        "Choose another: make demo PORT="
    )
    assert said.startswith(told)
    assert int(said.removeprefix(told)) > port


def test_above_the_last_port_another_is_offered(private_root: Path) -> None:
    with suppress(OSError), socket.create_server(("127.0.0.1", 65535)):  # or somebody else has it
        said = complaint(private_root, port=65535)
        assert 0 < int(said.rpartition("make demo PORT=")[2]) < 65535


def test_below_roots_ports_one_for_everybody_is_offered() -> None:
    assert free_port_after(81) >= 8000


def test_a_second_demo_in_the_checkout_is_sent_to_the_first(private_root: Path) -> None:
    with demo(private_root) as first:
        said = complaint(private_root)
        assert first.process.poll() is None
    assert f"A demo already runs in this checkout, at http://127.0.0.1:{first.port}/" in said


def test_a_garbled_note_of_where_the_first_demo_is_does_no_harm(private_root: Path) -> None:
    with demo(private_root):
        (private_root / ".data" / "demo.url").write_bytes(b"\xff\xfe")
        assert "A demo already runs in this checkout, at a port of its own" in complaint(private_root)


def test_a_data_folder_that_cannot_be_made_is_one_sentence(private_root: Path) -> None:
    (private_root / ".data").write_text("not a folder")
    said = complaint(private_root)
    (private_root / ".data").unlink()
    assert said.startswith(f"The demo cannot use {private_root}/.data")
    assert f"Move {private_root}/.data" in said


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
    assert said.startswith("The program PostgreSQL has ended by itself (exit code ")
    assert "so the demo ends everything. Run `make demo` again." in said
    assert "immediate shutdown request" in said


@pytest.mark.parametrize("port", ["abc", "0", "80000", ""])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "portal.demo", f"--port={port}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    told = f"PORT={port} is no port, so the pages cannot be served. Give a number from 1 to 65535: make demo PORT="
    assert done.stderr.startswith(told)
    assert done.stderr.removeprefix(told).strip().isdecimal()


def test_without_people_there_is_no_demo(private_root: Path) -> None:
    said = complaint(private_root, kind="no-people")
    assert said.startswith("The mock indexes do not say who can sign in")


@pytest.mark.parametrize("content", [b"SECRET_KEY=alone\n", b"\xff\xfe\x00", b"SECRET_KEY=some\nCPR_KEYS=xx\n", b""])
def test_broken_keys_are_one_sentence(private_root: Path, content: bytes) -> None:
    (private_root / ".data").mkdir()
    (private_root / ".data" / "demo.env").write_bytes(content)
    assert "does not hold the demo's keys" in complaint(private_root)


def test_a_dying_program_is_named_with_its_last_words(private_root: Path) -> None:
    said = complaint(private_root, kind="dying-web")
    assert said.startswith("The program web has ended by itself (exit code 0), so the demo ends everything.")
    assert "The stub has come to its end." in said


def test_a_killed_program_is_named_with_who_may_have_killed_it(private_root: Path) -> None:
    with demo(private_root, embedded=True) as running:
        cluster = private_root / ".data/postgres/cluster"
        os.kill(int((cluster / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        _, said = running.process.communicate(timeout=30)
    assert said.startswith(
        "The program PostgreSQL was ended from outside by signal 9, perhaps because memory ran out, "
        "so the demo ends everything. Run `make demo` again."
    )


def test_what_the_environment_decides_elsewhere_it_does_not_decide_here(private_root: Path) -> None:
    foreign = {"ALLOWED_HOSTS": "borgerblik.example", "debug": "true", "SDI_ROLES": "nonsense", "GRANIAN_PORT": "1"}
    with demo(private_root, kind="telling", environment={**foreign, "LANG": "C.UTF-8"}):
        said = (private_root / ".data/logs/steps.log").read_text()
    assert not [name for name in foreign if name in said]
    assert "('DEMO', '1')" in said
    assert "('LANG', 'C.UTF-8')" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="the lines are for people who have curl")
def test_the_lines_for_rest_work_as_they_stand(private_root: Path) -> None:
    with demo(private_root) as running:
        lines = [line for line in running.said.splitlines() if "curl" in line]
        answered = subprocess.run(  # noqa: S602 - pasted, as somebody at the terminal does
            "\n".join(lines), shell=True, capture_output=True, text=True, check=True
        ).stdout
    assert json.loads(answered) == {"cpr": "6815859002", "municipality": "0730", "language": "en"}
