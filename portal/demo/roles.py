"""The services' roles in the demo's database: each program logs in as its own, as in a real installation."""

import hmac
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from indexes.rights import Role
from portal.demo.errors import DemoError


def passwords_of(secret: str) -> dict[Role, str]:
    """The passwords that the demo gives the roles: the same each time, and known to whoever knows its secret alone."""
    return {role: hmac.digest(secret.encode(), role.encode(), "sha256").hex() for role in Role}


def set_passwords(owner_url: str, passwords: Mapping[Role, str]) -> None:
    """Let the services log in to a server that asks for passwords.

    Raises:
        DemoError: the role that DATABASE_URL names may not give them passwords.
    """
    try:
        with psycopg.connect(owner_url) as connection:
            for role, password in passwords.items():
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                )
    except psycopg.errors.InsufficientPrivilege as error:
        raise DemoError(
            "The role that DATABASE_URL names may not give the services' roles (borgerblik_web and others) passwords, "
            "so they could not log in. Let it have made them (CREATEROLE), or unset DATABASE_URL: the demo then starts "
            "a server of its own."
        ) from error


def as_role(url: str, role: Role, passwords: Mapping[Role, str]) -> str:
    """The same database, as another role."""
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    password = f":{quote(passwords[role])}" if role in passwords else ""
    return parts._replace(netloc=f"{role}{password}@{where}").geturl()
