"""What the demo's programs find in their environment, and the secrets that are made once and kept."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from indexes.crypto import KeyRingError, secrets_of
from portal.config import Config
from portal.demo.errors import DemoError

SECRETS = ("SECRET_KEY", "CPR_KEYS")
SETTINGS = {name.upper() for name in Config.model_fields}
DELEGATIONS = "29188572=29189668"  # Karen works in Randers, and Lolland has made her its administrator too
PROGRAMS = ("GRANIAN_", "CELERY_")  # what begins so are options of the programs that the demo runs


def kept_secrets(data: Path) -> dict[str, str]:
    """The demo's own keys, from ``demo.env`` in the data folder (mode 0600); made the first time.

    Raises:
        DemoError: the data are there and their keys are not.
    """
    file = data / "demo.env"
    if not file.exists():
        if (data / "postgres").exists():
            raise DemoError(
                f"The file {file} with the demo's keys is gone, so the people in the database cannot be read any more. "
                "Run `make clean-data` and start again; everything is made anew."
            )
        _write(file, {"SECRET_KEY": secrets.token_urlsafe(48), "CPR_KEYS": f"1:{secrets.token_urlsafe(32)}"})
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    found = {name: value for name, _, value in (line.partition("=") for line in lines) if name in SECRETS and value}
    if len(found) != len(SECRETS) or not _is_key_ring(found["CPR_KEYS"]):
        raise DemoError(
            f"The file {file} does not hold the demo's keys, so its data cannot be read. "
            "Run `make clean-data` and start again; everything is made anew."
        )
    return found


def _is_key_ring(text: str) -> bool:
    try:
        return bool(secrets_of(text))
    except KeyRingError:
        return False


def _write(file: Path, values: Mapping[str, str]) -> None:
    """Write for this account alone, and whole or not at all."""
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.writelines(f"{name}={value}\n" for name, value in values.items())
    half.rename(file)


EVENTS_QUEUE = "borgerblik-events"  # what happens in the mock indexes, for the consumer


def demo_environment(  # noqa: PLR0913 - each says where one part of the demo is, all by name
    outer: Mapping[str, str],
    *,
    keys: Mapping[str, str],
    database_url: str,
    redis_url: str,
    indexes_url: str,
    provider_url: str,
) -> dict[str, str]:
    """The environment outside with the demo's settings instead of any that it holds."""
    return {
        **{name: value for name, value in outer.items() if not _decides(name)},
        **keys,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "AMQP_URL": redis_url,  # kombu speaks to Valkey too: the demo needs no RabbitMQ
        "EVENTS_QUEUE": EVENTS_QUEUE,
        "SDI_URL": f"{indexes_url}/sagdokumentindeks/6",
        "YI_URL": f"{indexes_url}/ydelseindeks/6",
        "PLAN_URL": f"{indexes_url}/planindeks/1",
        "OIDC_ISSUER": provider_url,
        "OIDC_CLIENT_SECRET": secrets.token_urlsafe(32),  # the provider is as new as this run
        "OIDC_DELEGATIONS": DELEGATIONS,
        "PYTHONUNBUFFERED": "1",  # logs are read while they are written
    }


def _decides(name: str) -> bool:
    """Whether a variable would decide something in the demo's place."""
    return name.upper() in SETTINGS or name.startswith(PROGRAMS)
