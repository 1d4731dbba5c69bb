"""``make setup`` in a checkout of its own, with lock files of its own and no registry."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_RETRIES": "1",
    "npm_config_registry": "http://127.0.0.1:9/",
}
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
UNKNOWN = "no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set-up's files, and a lock file that names nothing."""
    root = tmp_path_factory.mktemp("checkout") / "værkstedet på øen"  # a Danish user's folder
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "package.json", "package-lock.json", "requirements-node.lock"):
        shutil.copy(ROOT / name, root / name)
    (root / "requirements-dev.lock").write_text("")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


def setup(checkout: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, checkout / "scripts" / "setup.py"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def told(checkout: Path, asked: str) -> str:
    """What a part of the set-up says, asked by itself."""
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", f"import setup; print({asked})"],
        cwd=checkout / "scripts",
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed set-up says last."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_it_makes_everything_and_does_nothing_the_second_time(checkout: Path) -> None:
    first = setup(checkout, NO_INDEX)
    assert first.returncode == 0, first.stderr
    assert "Installing the locked dependencies" in first.stderr
    assert (checkout / ".venv/bin/python").exists()
    assert (checkout / "static/vendor/dkfds/css/dkfds.css").exists()
    where = subprocess.run(  # noqa: S603 - our own
        [checkout / ".venv/bin/python", "-I", "-c", "import sys; print(ascii(sys.path))"],
        cwd=checkout.parent,
        env={"LC_ALL": "C"},  # as the servers' watcher is started
        capture_output=True,
        text=True,
        check=True,
    )
    assert ascii(str(checkout)) in where.stdout, "the checkout is importable from everywhere"
    second = setup(checkout, NO_INDEX)
    assert (second.returncode, second.stderr) == (0, "")


def test_a_changed_lock_file_is_installed_again(checkout: Path) -> None:
    (checkout / "requirements-dev.lock").write_text("# changed\n")
    assert "Installing the locked dependencies" in setup(checkout, NO_INDEX).stderr


def test_a_broken_environment_is_made_again(checkout: Path) -> None:
    (checkout / ".venv/bin/python").unlink()
    assert "Making the virtual environment" in setup(checkout, NO_INDEX).stderr
    assert (checkout / ".venv/bin/python").exists()


def test_a_package_that_does_not_exist_is_one_sentence(checkout: Path) -> None:
    (checkout / "requirements-dev.lock").write_text(UNKNOWN)
    said = one_sentence(setup(checkout, NO_INDEX))
    assert said.startswith("The dependencies could not be installed: ")
    assert "no-such-package" in said


def test_no_network_is_one_sentence(checkout: Path) -> None:
    (checkout / "requirements-dev.lock").write_text(UNKNOWN)
    assert one_sentence(setup(checkout, NOWHERE)) == (
        "The dependencies could not be installed: the package registry cannot be reached. "
        "Check the network or the proxy and run the same command again."
    )


def little_wheel(folder: Path) -> str:
    """Make a package without code; the line of a lock file that names it."""
    wheel = folder / "little-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as content:
        content.writestr("little-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: little\nVersion: 1.0\n")
        content.writestr("little-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        content.writestr("little-1.0.dist-info/RECORD", "")
    return f"little==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def on_terminal(checkout: Path, environment: dict[str, str]) -> str:
    """What a set-up that succeeds shows on a terminal."""
    terminal, programs_end = os.openpty()
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, checkout / "scripts" / "setup.py"],
        env={**os.environ, **environment},
        stdout=programs_end,
        stderr=programs_end,
    ) as setting_up:
        os.close(programs_end)
        said = b""
        with suppress(OSError):  # what Linux says of a terminal that nobody writes to any more
            while part := os.read(terminal, 4096):
                said += part
        os.close(terminal)
    assert setting_up.returncode == 0, said
    return said.decode()


def test_a_terminal_is_told_how_many_packages_there_are(checkout: Path, tmp_path: Path) -> None:
    lock = checkout / "requirements-dev.lock"
    lock.write_text(little_wheel(tmp_path))
    local = {**NO_INDEX, "PIP_FIND_LINKS": str(tmp_path)}
    assert "of 1 packages fetched" in on_terminal(checkout, local)
    lock.write_text(f"# changed\n{lock.read_text()}")
    said = setup(checkout, local).stderr
    assert said == "Installing the locked dependencies (about a minute the first time) …\n", "no counting elsewhere"


def test_how_far_pip_has_come_is_read_from_what_it_says(checkout: Path) -> None:
    (checkout / "requirements-dev.lock").write_text("some==1.0 \\\n    --hash=x\nother==2.0\nthird==1 ; os == 'no'\n")
    said = "Ignoring third: markers don't match\nCollecting some==1.0\n  Using cached some.whl\n"
    installing = "Installing collected packages: some, other\n"
    assert told(checkout, f"setup._pip_progress({said!r})") == "1 of 2 packages fetched\n"
    assert told(checkout, f"setup._pip_progress({said + installing!r})").endswith(" of 2 packages installed\n")


def test_asked_to_end_make_leaves_no_pip_behind(checkout: Path) -> None:
    (checkout / "requirements-dev.lock").write_text(UNKNOWN)
    make = shutil.which("make")
    assert make is not None
    with socket.create_server(("127.0.0.1", 0)) as registry:
        registry.settimeout(60)
        nobody_answers = {"PIP_INDEX_URL": f"http://127.0.0.1:{registry.getsockname()[1]}/"}
        with subprocess.Popen(  # noqa: S603 - our own
            [make, "setup", f"PYTHON={sys.executable}"],
            cwd=checkout,
            env={**os.environ, **nobody_answers},
            stderr=subprocess.PIPE,
            text=True,
        ) as setting_up:
            pip, _ = registry.accept()
            setting_up.terminate()
            _, said = setting_up.communicate(timeout=30)
        pip.settimeout(30)
        while pip.recv(4096):
            pass  # the request; an empty answer means that pip is gone
        pip.close()
    assert "Interrupted. Run the same command again" in said
    assert "Traceback" not in said


def make(*arguments: str, cwd: Path, path: str | None = None) -> str:
    """What ``make`` says first when it refuses."""
    program = shutil.which("make")
    assert program is not None
    done = subprocess.run(  # noqa: S603 - our own
        [program, *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": path or os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr.splitlines()[0]


def test_no_python_is_one_sentence(checkout: Path) -> None:
    assert make("test", "PYTHON=", cwd=checkout) == (
        "There is no Python 3.11 to 3.13 on this machine, so nothing can be set up. "
        "Install one, or say where it is: make test PYTHON=/path/to/python3"
    )


def test_a_python_that_is_none_is_one_sentence(checkout: Path) -> None:
    assert make("demo", "PYTHON=/nonexistent", cwd=checkout) == (
        "PYTHON=/nonexistent is no program on this machine, so nothing can be set up. "
        "Say where a Python 3.11 to 3.13 is: make demo PYTHON=/path/to/python3"
    )


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_without_wheels_is_refused_in_the_words_that_were_typed(
    checkout: Path, version: tuple[int, int]
) -> None:
    asked = f"setup.refuse_other_python({version}, 'make demo')"
    with pytest.raises(subprocess.CalledProcessError) as refused:
        told(checkout, asked)
    assert refused.value.stderr.splitlines()[-1] == (
        f"running.SetupError: This is Python 3.{version[1]}, and Borgerblik runs on 3.11 to 3.13, so nothing is "
        "set up. Install one of them and say which to use: make demo PYTHON=python3.11"
    )


def test_from_another_folder_make_says_where_to_go(checkout: Path, tmp_path: Path) -> None:
    said = make("-f", str(checkout / "Makefile"), "demo", cwd=tmp_path)
    assert "This is not the folder of Borgerblik, so there is nothing to make here." in said
    assert f"make -C '{checkout}/' demo" in said


@pytest.mark.parametrize(("there", "missing"), [((), "uv"), (("uv",), "npm")])
def test_what_locking_needs_is_asked_for_first(
    checkout: Path, tmp_path: Path, there: tuple[str, ...], missing: str
) -> None:
    for name in there:
        (tmp_path / name).write_text("#!/bin/sh\nexit 9\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "sh").symlink_to("/bin/sh")
    said = make("lock", f"PYTHON={sys.executable}", cwd=checkout, path=str(tmp_path))
    assert said.startswith(f"The program {missing} is not on this machine, so the lock files cannot be made.")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can come into another account's folder")
def test_another_accounts_environment_is_left_alone(checkout: Path) -> None:
    os.chown(checkout / ".venv", 4711, -1)
    (checkout / "requirements-dev.lock").write_text("# changed by root\n")
    said = one_sentence(setup(checkout, NO_INDEX))
    os.chown(checkout / ".venv", os.geteuid(), -1)
    assert said == (
        f"The folder {checkout}/.venv was made by the account number 4711, which could not use it any more if you "
        "changed it, so nothing is set up. Use that account, or a checkout of your own."
    )
