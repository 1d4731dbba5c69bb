"""Servers of one's own, named by DATABASE_URL and REDIS_URL: looked at before the demo writes anything to them."""

import psycopg
import redis
from psycopg import sql

from portal.demo.errors import DemoError

SECONDS = 5  # a server gets to answer
MARK = "demo-consumer"  # of a database that the demo has filled: its REST consumer (portal.demo_data)
BOOKKEEPING = ("django_migrations", "django_content_type", "auth_permission")  # rows that every migrated database has
BROKERS = ("redis://", "rediss://", "redis+socket://")  # as Celery spells them
INSTEAD = "or unset {}: the demo then starts a server of its own."


def look_at_database(url: str) -> str:
    """A database that the demo may fill; a sentence that names it.

    Raises:
        DemoError: it does not answer, or holds what the demo has not put there.
    """
    instead = INSTEAD.format("DATABASE_URL")
    try:
        with psycopg.connect(url, connect_timeout=SECONDS) as connection:
            name = f"database {connection.info.dbname} at {connection.info.host}"
            foreign = not _is_the_demos(connection) and _holds_rows(connection)
    except psycopg.OperationalError as error:
        raise DemoError(
            f"The PostgreSQL that DATABASE_URL names cannot be used ({_first_line(error)}), so there is nowhere to "
            f"keep the demo's data. Mend the address or start that server, {instead}"
        ) from error
    except psycopg.Error as error:
        raise DemoError(
            f"DATABASE_URL is no address of a database that the demo may look into ({type(error).__name__}), so there "
            f"is nowhere to keep its data. Give postgresql://user:password@host/name, {instead}"
        ) from error
    if foreign:
        raise DemoError(
            f"The {name} (DATABASE_URL) holds data that are not the demo's, and made-up people would be written among "
            f"them, so nothing was done. Name an empty database, {instead}"
        )
    return f"Using your PostgreSQL: {name} (DATABASE_URL) …"


def _is_the_demos(connection: psycopg.Connection) -> bool:
    table = "oauth2_provider_application"
    if not connection.execute("SELECT FROM pg_tables WHERE tablename = %s", [table]).rowcount:
        return False
    known = sql.SQL("SELECT FROM {} WHERE client_id = {}").format(sql.Identifier(table), MARK)
    return connection.execute(known).rowcount > 0


def _holds_rows(connection: psycopg.Connection) -> bool:
    """Whether any table holds a row, but for those that Django fills when it makes tables."""
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
        "AND tablename <> ALL(%s)",
        [list(BOOKKEEPING)],
    ).fetchall()
    anything = sql.SQL("SELECT FROM {} LIMIT 1")
    return any(connection.execute(anything.format(sql.Identifier(*table))).rowcount for table in tables)


def look_at_broker(url: str) -> str:
    """A Redis or Valkey that answers; a sentence that names it.

    Raises:
        DemoError: it does not.
    """
    instead = INSTEAD.format("REDIS_URL")
    if not url.startswith(BROKERS):
        raise DemoError(
            "REDIS_URL is no address of a Redis or Valkey, so nothing could be read in the background. "
            f"Give redis://host:6379/0, {instead}"
        )
    address = url.replace("redis+socket://", "unix://", 1)  # as the package redis spells it
    try:
        with redis.Redis.from_url(address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
            client.ping()
            place = client.get_connection_kwargs()
    except (redis.RedisError, ValueError) as error:
        raise DemoError(
            f"The Redis or Valkey that REDIS_URL names cannot be used ({_first_line(error).rstrip('.')}), so nothing "
            f"could be read in the background. Mend the address or start that server, {instead}"
        ) from error
    return f"Using your Redis or Valkey at {place.get('host') or place.get('path')} (REDIS_URL) …"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
