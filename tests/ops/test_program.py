import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.embedded.errors import EmbeddedError
from portal.embedded.home import BELONGS_TO, Lock, make_home, place_programs, plan_home, remove_home, remove_orphans
from portal.embedded.program import Program
from tests.ops.test_embedded import eventually

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_gives_its_exit_code_and_its_output(tmp_path: Path) -> None:
    said = "print('said'); raise SystemExit(3)"
    with Program([sys.executable, "-c", said], cwd=tmp_path, log=tmp_path / "log") as it:
        assert it.wait() == 3
        assert not it.running()
    assert (tmp_path / "log").read_text() == "said\n"


def test_a_program_ended_by_a_signal_says_which(tmp_path: Path) -> None:
    with Program([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], cwd=tmp_path) as it:
        assert it.wait() == 128 + signal.SIGKILL


def test_a_program_that_is_not_there_says_so(tmp_path: Path) -> None:
    with Program([tmp_path / "absent"], cwd=tmp_path, log=tmp_path / "log") as it:
        assert it.wait() == 127
    assert (tmp_path / "log").read_text() == f"{tmp_path}/absent cannot be started: No such file or directory.\n"


def test_a_stubborn_program_is_killed_with_what_it_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stubborn = Program([sys.executable, "-c", STUBBORN], cwd=tmp_path, log=log, grace=0.2)
    assert eventually(lambda: log.read_text().endswith("\n"))
    assert stubborn.stop() == 128 + signal.SIGKILL
    child = int(log.read_text())
    assert eventually(lambda: not alive(child))


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    careless = STUBBORN.replace("time.sleep(600)\n", "")
    with Program([sys.executable, "-c", careless], cwd=tmp_path, log=tmp_path / "log") as it:
        assert it.wait() == 0
    child = int((tmp_path / "log").read_text())
    assert eventually(lambda: not alive(child))


def test_asked_to_end_the_leash_ends_its_program(tmp_path: Path) -> None:
    log = tmp_path / "log"
    sleeping = "import os, time; print(os.getppid(), flush=True); time.sleep(600)"
    with Program([sys.executable, "-c", sleeping], cwd=tmp_path, log=log) as it:
        assert eventually(lambda: log.read_text().endswith("\n"))
        os.kill(int(log.read_text()), signal.SIGTERM)
        assert it.wait() == 128 + signal.SIGTERM


def test_a_lock_is_held_by_whoever_inherits_it(tmp_path: Path) -> None:
    mine, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert mine.acquire()
    with subprocess.Popen(["sleep", "600"], pass_fds=[mine.file]) as heir:  # noqa: S607 - of every system
        mine.release()
        assert not other.acquire()
        heir.kill()
    assert other.acquire()
    other.release()


def test_waiting_for_a_lock_takes_it_when_it_is_free(tmp_path: Path) -> None:
    mine, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert mine.acquire()
    waiting = threading.Thread(target=other.acquire_patiently)
    waiting.start()
    time.sleep(0.1)
    assert waiting.is_alive()
    mine.release()
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    other.release()
    with pytest.raises(ValueError, match="not held"):
        _ = other.file


def test_a_package_that_is_not_installed_is_one_sentence(data: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"no_such_package is not installed.*`make setup`"):
        place_programs(plan_home(data / "postgres"), "no_such_package", ())


def test_a_folder_of_someone_else_is_refused(data: Path) -> None:
    home = plan_home(data / "postgres")
    home.folder.symlink_to("/usr")
    try:
        with pytest.raises(EmbeddedError, match=r"belongs to someone else|was made by another account"):
            make_home(data / "postgres")
    finally:
        home.folder.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's servers stay in the data folder")
class TestRoot:
    def test_a_copied_checkout_gets_a_home_of_its_own(self, data: Path) -> None:
        home = make_home(data / "postgres")
        (data / "copy").symlink_to(home.folder)
        assert make_home(data / "copy").folder != home.folder
        assert (data / "copy").readlink() == plan_home(data / "copy").folder
        remove_home(data / "copy")
        assert home.folder.exists()

    def test_a_folder_that_an_ordinary_user_made_is_refused(self, data: Path) -> None:
        (data / "postgres").mkdir()
        with pytest.raises(EmbeddedError, match="was made by another account"):
            make_home(data / "postgres")
        (data / "postgres").rmdir()

    def test_the_home_of_a_deleted_checkout_is_removed_and_no_other(self, data: Path) -> None:
        kept, orphan = make_home(data / "kept"), make_home(data / "orphan")
        (data / "orphan").unlink()
        remove_orphans()
        assert kept.folder.exists()
        assert not orphan.folder.exists()
        remove_home(data / "kept")

    def test_two_may_clean_while_a_third_begins(self, data: Path) -> None:
        """A home that is just being made, or removed by another, is no orphan and no obstacle."""
        ended = threading.Event()

        def clean() -> None:
            while not ended.is_set():
                remove_orphans()

        with ThreadPoolExecutor() as others:
            cleaning = [others.submit(clean) for _ in range(2)]
            try:
                for number in range(300):
                    home = make_home(data / f"home-{number}")
                    assert (home.folder / BELONGS_TO).exists()
                    remove_home(data / f"home-{number}")
            finally:
                ended.set()
            assert [done.result() for done in cleaning] == [None, None]

    def test_removing_follows_only_links_to_homes(self, data: Path) -> None:
        elsewhere = data / "elsewhere"
        elsewhere.mkdir()
        (data / "postgres").symlink_to(elsewhere)
        remove_home(data / "postgres")
        assert elsewhere.exists()
        assert not (data / "postgres").is_symlink()
