"""``make setup`` in a checkout of its own, with lock files of its own and no registry."""

import os
import shutil
import socket
import subprocess
import sys
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


def test_no_python_is_one_sentence(checkout: Path) -> None:
    make = shutil.which("make")
    assert make is not None
    done = subprocess.run(  # noqa: S603 - our own
        [make, "setup", "PYTHON="], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert done.stderr.startswith("There is no Python 3.11 or later on this machine, so nothing can be set up.")
