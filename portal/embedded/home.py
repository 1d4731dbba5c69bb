"""Where an embedded server keeps its files, and whom it runs as.

An ordinary user's server runs as that user, in the given data folder. PostgreSQL refuses to run as root, and a
checkout of root's may lie where nobody else can look (``/root``, mode 0700); opening folders to the world is no answer.
So root's servers run as ``nobody``, with data and a copy of the programs in a private folder under ``/var/lib`` that
the data folder links to.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.errors import EmbeddedError, remedy

PRIVATE_BASE = Path("/var/lib")
PRIVATE_PREFIX = "borgerblik-"
BELONGS_TO = "belongs-to"  # in a private folder: the data folder that links to it
LONGEST_SOCKET = 103  # bytes; Linux allows 107 in sockaddr_un, macOS 103
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user that a server runs as instead of root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The private folder (mode 0700) of one server, and its owner: None is the user of this process."""

    folder: Path
    sockets: Path
    account: Account | None

    def own(self, folder: Path) -> None:
        """Make the folder, private to the server."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account is not None:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)


class Lock:
    """A lock file that says whether a server or a demo is alive.

    Whoever inherits the open file keeps the lock, and the system frees it with the last of them: nothing goes stale.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def file(self) -> int:
        """The open file, for programs to inherit."""
        if self._file is None:
            raise ValueError("The lock is not held.")
        return self._file

    def acquire(self) -> bool:
        """Take the lock if it is free."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def acquire_patiently(self) -> None:
        """Take the lock, waiting for whoever has it."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        self._file = file

    def release(self) -> None:
        """Let go of it; programs that inherited it keep it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def plan_home(data_dir: Path) -> Home:
    """Where the server of this data folder lives; makes nothing yet.

    Raises:
        EmbeddedError: as root, when the machine has no account ``nobody``.
    """
    data_dir = data_dir.absolute()
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    if os.geteuid() == 0:
        folder = PRIVATE_BASE / f"{PRIVATE_PREFIX}{data_dir.name}-{mark}"
        return Home(folder=folder, sockets=folder / "run", account=_nobody())
    sockets = data_dir / "run"
    if len(os.fsencode(sockets)) + LONGEST_SOCKET_NAME > LONGEST_SOCKET:
        sockets = Path(tempfile.gettempdir()) / f"{PRIVATE_PREFIX}{os.geteuid()}-{mark}"
    return Home(folder=data_dir, sockets=sockets, account=None)


def make_home(data_dir: Path) -> Home:
    """The server's folder and its folder for sockets, ready and private.

    Raises:
        EmbeddedError: the folder cannot be made, or belongs to someone else.
    """
    home = plan_home(data_dir)
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(data_dir, home)
        if home.account is not None and not data_dir.is_symlink():
            data_dir.symlink_to(home.folder)  # first: without its link a private folder counts as an orphan
        if home.account is not None and not home.folder.exists():
            home.folder.mkdir(mode=0o700)
            note = home.folder / f"{BELONGS_TO}.half"
            note.write_text(f"{data_dir.absolute()}\n")  # before the folder is the account's
            note.rename(home.folder / BELONGS_TO)  # whole or absent: whoever cleans reads it at any moment
        home.own(home.folder)
        home.own(home.sockets)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {data_dir} cannot be used ({error.strerror}: {error.filename}), so no server can start. "
            f"{remedy(error, data_dir)}"
        ) from error
    return home


def remove_home(data_dir: Path) -> None:
    """Remove a stopped server's data folder and everything it points to; fine when there is nothing."""
    home = plan_home(data_dir)
    if data_dir.is_symlink():
        target = data_dir.readlink()
        if target.parent == PRIVATE_BASE and target.name.startswith(PRIVATE_PREFIX) and target.exists():
            shutil.rmtree(target)
        data_dir.unlink()
    for folder in (home.folder, home.sockets):
        if folder.exists():
            shutil.rmtree(folder)


def remove_orphans() -> None:
    """Remove private folders whose data folder is gone, with the checkout it was in."""
    for note in PRIVATE_BASE.glob(f"{PRIVATE_PREFIX}*/{BELONGS_TO}"):
        with suppress(FileNotFoundError):  # another removes it at this moment
            data_dir = Path(note.read_text().rstrip("\n"))
            if not (data_dir.is_symlink() and data_dir.readlink() == note.parent):
                shutil.rmtree(note.parent)


def place_programs(home: Home, package: str, parts: Sequence[str]) -> Path:
    """The folder that holds ``parts`` of an installed package, readable for the server's account.

    That is where the package is installed, or, for another account, a copy inside the server's home.

    Raises:
        EmbeddedError: the package is not installed, or there is no room for the copy.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            f"The Python package {package} is not installed, so there is no server to start. Run `make setup`."
        )
    installed = Path(spec.origin).parent.parent
    if home.account is None:
        return installed
    placed = home.folder / f"programs-{importlib.metadata.version(package)}"
    if placed.exists():
        return placed
    try:
        _copy_readable(installed, placed, parts)
    except OSError as error:
        raise EmbeddedError(
            f"The programs of {package} cannot be copied to {placed} ({error.strerror}), so the server cannot start. "
            "Make room on the disk and try again."
        ) from error
    return placed


def _copy_readable(installed: Path, placed: Path, parts: Sequence[str]) -> None:
    """Copy, readable for everyone who gets into the home; the last step is a rename, so a copy is whole or absent."""
    half = placed.with_name(f"{placed.name}.half")
    for former in placed.parent.glob("programs-*"):
        shutil.rmtree(former)
    for part in parts:
        shutil.copytree(installed / part, half / part)
    for path in (half, *half.rglob("*")):
        runs = path.is_dir() or bool(path.stat().st_mode & stat.S_IXUSR)
        path.chmod(0o755 if runs else 0o644)
    half.rename(placed)


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedError(
            "You are root, and this machine has no account 'nobody' for the servers to run as. "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _refuse_foreign(data_dir: Path, home: Home) -> None:
    """Never write through a folder or a link that another account has laid in the way."""
    if home.account is not None and data_dir.is_symlink() and data_dir.readlink() != home.folder:
        data_dir.unlink()  # the checkout was moved or copied: its former data stay with the former place
    linked_for_user = home.account is None and data_dir.is_symlink()
    plain_for_root = home.account is not None and data_dir.exists() and not data_dir.is_symlink()
    if linked_for_user or plain_for_root:
        raise EmbeddedError(
            f"The data folder {data_dir} was made by another account (root or an ordinary user), so its server cannot "
            "run as you. Use that account, or run `make clean-data` with it."
        )
    owners = {os.geteuid()} | ({home.account.uid} if home.account else set())
    for folder in (home.folder, home.sockets):
        if folder.is_symlink() or (folder.exists() and folder.stat().st_uid not in owners):
            raise EmbeddedError(
                f"The folder {folder} belongs to someone else, so no server can keep data there. "
                "Remove it and try again."
            )
