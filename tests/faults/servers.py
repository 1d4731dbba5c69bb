"""PostgreSQL, Valkey and RabbitMQ that may be ended in every way: by request, at once, without a word."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg.sql import SQL, Identifier

from portal.embedded.postgres import DATABASE, EmbeddedPostgres
from portal.embedded.valkey import EmbeddedValkey
from tests.ops.rabbitmq import RabbitMQ

UNDISTURBED = "undisturbed"
CONNECT = 5  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    rabbitmq: RabbitMQ

    def database_url(self, name: str = DATABASE) -> str:
        return urlsplit(self.postgres.url)._replace(path=f"/{name}").geturl()

    def connect(self, name: str = DATABASE) -> psycopg.Connection:
        """Short, as the databases' owner."""
        return psycopg.connect(self.database_url(name), connect_timeout=CONNECT, autocommit=True)

    def copy_database(self) -> None:
        """Of the database as it is now, for what is to be undisturbed."""
        with self.connect("postgres") as connection:
            connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(Identifier, (UNDISTURBED, DATABASE))))

    def restart_postgres(self) -> None:
        """As an operator does: sessions are ended, what was committed is kept."""
        self.postgres.stop()
        self.postgres.start()

    def crash_postgres(self) -> None:
        """At once (immediate shutdown): it recovers from its log."""
        pid = (self.postgres.home.folder / "cluster" / "postmaster.pid").read_text().splitlines()[0]
        os.kill(int(pid), signal.SIGQUIT)
        self.restart_postgres()

    def cut_database(self, *, most: int) -> None:
        """Up to so many sessions of others, whichever the database lists first."""
        with self.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND datname = current_database() AND backend_type = 'client backend' ORDER BY random() LIMIT %s",
                [most],
            )

    def restart_valkey(self) -> None:
        """What waits in its queues is there again."""
        with self._client() as client:
            client.save()
        self.valkey.stop()
        self.valkey.start()

    def lose_valkey(self) -> None:
        """All that waited in its queues is gone."""
        (self.valkey.home.folder / "dump.rdb").unlink(missing_ok=True)
        with self._client() as client:
            os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)
        self.valkey.stop()
        self.valkey.start()

    def cut_valkey(self) -> None:
        with self._client() as client:
            client.client_kill_filter(_type="normal", skipme=True)

    def restart_rabbitmq(self) -> None:
        self.rabbitmq.stop()
        self.rabbitmq.start()

    def crash_rabbitmq(self) -> None:
        self.rabbitmq.kill()
        self.rabbitmq.start()

    @contextmanager
    def _client(self) -> Iterator[redis.Redis]:
        client = redis.Redis.from_url(self.valkey.client_url, socket_timeout=CONNECT)
        try:
            yield client
        finally:
            client.close()


@contextmanager
def running(place: Path) -> Iterator[Servers]:
    """Fresh ones, gone afterwards. What PostgreSQL has committed it keeps, as in production."""
    servers = Servers(
        postgres=EmbeddedPostgres(place / "faults-postgres"),
        valkey=EmbeddedValkey(place / "faults-valkey"),
        rabbitmq=RabbitMQ(place / "faults-rabbitmq"),
    )
    with ExitStack() as stack:
        for server in (servers.postgres, servers.valkey, servers.rabbitmq):
            server.remove()
            stack.callback(server.remove)
            server.start()
        yield servers
