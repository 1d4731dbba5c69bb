"""What the demo's programs find in their environment, and the secrets that are made once and kept."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from portal.demo.errors import DemoError

SECRETS = ("SECRET_KEY", "CPR_KEYS")


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
    lines = file.read_text(encoding="utf-8").splitlines()
    found = {name: value for name, _, value in (line.partition("=") for line in lines) if name in SECRETS and value}
    if len(found) != len(SECRETS):
        raise DemoError(
            f"The file {file} does not hold the demo's keys, so its data cannot be read. "
            "Run `make clean-data` and start again; everything is made anew."
        )
    return found


def _write(file: Path, values: Mapping[str, str]) -> None:
    """Write for this account alone, and whole or not at all."""
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.writelines(f"{name}={value}\n" for name, value in values.items())
    half.rename(file)


def demo_environment(*, keys: Mapping[str, str], database_url: str, redis_url: str, indexes_url: str) -> dict[str, str]:
    """This process's own environment with the demo's settings on top."""
    return {
        **os.environ,
        **keys,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SDI_URL": f"{indexes_url}/sagdokumentindeks/6",
        "YI_URL": f"{indexes_url}/ydelseindeks/6",
        "PLAN_URL": f"{indexes_url}/planindeks/1",
        "DEMO_PEOPLE_URL": f"{indexes_url}/_people",
        "PYTHONUNBUFFERED": "1",  # logs are read while they are written
    }
