"""RabbitMQ of the machine as a server of the tests' own, on loopback: what Beskedfordeler speaks (AMQP 0-9-1).

Its Erlang looks up names at a daemon (epmd) that it would otherwise start and leave behind: it gets one of its own,
which ends with it. Nothing is read from the machine's settings of RabbitMQ.
"""

import os
import shutil
import signal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kombu import Connection, Queue

from portal.embedded.errors import EmbeddedError
from portal.embedded.home import Home
from portal.embedded.ports import LOOPBACK, free_port
from portal.embedded.program import Program
from portal.embedded.server import EmbeddedServer
from tests.ops import certificates

PLACES = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
SETTINGS = """
listeners.tcp.default = {port}
loopback_users = none
disk_free_limit.absolute = 50MB
log.console.level = warning
listeners.ssl.1 = 127.0.0.1:{tls_port}
ssl_options.cacertfile = {authority}
ssl_options.certfile = {server}
ssl_options.keyfile = {server_key}
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = false
ssl_cert_login_from = common_name
auth_mechanisms.1 = PLAIN
auth_mechanisms.2 = EXTERNAL
"""
PLUGINS = "[rabbitmq_auth_mechanism_ssl].\n"  # EXTERNAL: who one is by the certificate
ERLANG = "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none +A 4"


class RabbitMQ(EmbeddedServer):
    """One broker; its queues outlive a restart, and so does its address."""

    name = "RabbitMQ"

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._ports = [free_port() for _ in range(4)]
        self._names: Program | None = None
        self.certificates: certificates.Certificates | None = None  # made when it first starts

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{LOOPBACK}:{self._ports[0]}/{quote('/', safe='')}"

    def tls_url(self, host: str = "localhost", *, user: str = "guest:guest@") -> str:
        """By TLS. The certificate is for ``localhost`` and no other name."""
        return f"amqps://{user}{host}:{self._ports[3]}/{quote('/', safe='')}"

    def declare(self, queue: str) -> None:
        """Make a queue that outlives a restart, empty."""
        with Connection(self.url) as connection:
            bound = Queue(queue, durable=True)(connection.default_channel)
            bound.declare()
            bound.purge()

    def remove_queue(self, queue: str) -> None:
        with Connection(self.url) as connection:
            Queue(queue)(connection.default_channel).delete()

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue that nobody has taken."""
        with Connection(self.url) as connection:
            declared: Any = Queue(queue)(connection.default_channel).queue_declare(passive=True)
            return int(declared.message_count)

    def stop(self) -> None:
        super().stop()
        names, self._names = self._names, None
        if names is not None:
            names.stop()

    def kill(self) -> None:
        """End it without a word, as a machine that fails."""
        os.kill(int((self.home.folder / "pid").read_text()), signal.SIGKILL)
        self.stop()

    def _launch(self, home: Home, hold: int) -> Program:
        port, names, distribution, tls_port = self._ports
        self.certificates = made = self.certificates or certificates.make(home.folder)
        settings, plugins = home.folder / "rabbitmq.conf", home.folder / "plugins"
        of_tls = {"authority": made.authority, "server": made.server, "server_key": made.server_key}
        settings.write_text(SETTINGS.format(port=port, tls_port=tls_port, **of_tls))
        plugins.write_text(PLUGINS)
        for file in (settings, plugins):
            file.chmod(0o644)
        env = {
            "PATH": os.pathsep.join(["/usr/bin:/bin", *PLACES]),
            "LC_ALL": "C.UTF-8",
            "HOME": str(home.folder),
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(settings),
            "RABBITMQ_NODENAME": f"tests{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(home.folder / "mnesia"),
            "RABBITMQ_PID_FILE": str(home.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_LOG_BASE": str(home.folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
        }
        self._names = self._run([_program("epmd")], home, env)
        return self._run([_program("rabbitmq-server")], home, env, hold=hold)

    def _run(self, command: list[str], home: Home, env: dict[str, str], hold: int | None = None) -> Program:
        return Program(command, cwd=home.folder, env=env, log=self.log, account=home.account, hold=hold)

    def _answers(self) -> bool:
        with Connection(self.url, connect_timeout=2) as connection:
            try:
                connection.connect()
            except connection.connection_errors:
                return False
            return True

    def _prepare(self) -> None:
        """RabbitMQ needs nothing."""


def _program(name: str) -> str:
    """A program of RabbitMQ's. Not Debian's in ``/usr/sbin`` first: that one is for root alone."""
    found = shutil.which(name, path=os.pathsep.join([*PLACES, os.environ.get("PATH", "")]))
    if found is None:
        raise EmbeddedError(
            "There is no RabbitMQ on this machine, so events cannot be tried. Install it "
            "(Debian and Ubuntu: apt-get install rabbitmq-server) and run `make test` again."
        )
    return found
