"""Every setting the environment may give, typed; ``.env.example`` documents them and a test compares the two.

Only this module reads the environment. The demo and the tests hand in their own values; production refuses to start
without its own secrets (``Config.check_production``).
"""

from functools import cache
from typing import Annotated

from pydantic import Field, PostgresDsn, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEMO_SECRET = "demo-only-not-secret"  # noqa: S105 - the marker that production refuses


class SettingsError(SystemExit):
    """The environment does not hold what the program needs; the message says which and what to do."""


class Config(BaseSettings):
    """The environment, read once.

    Raises:
        ValidationError: a value is missing or cannot be read; ``load`` turns it into one sentence a line.
    """

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    debug: bool = Field(default=False, description="Django's debug pages. Never in production.")
    demo: bool = Field(
        default=False, description="The demo: made-up people, sign-in without MitID, a banner on each page."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(DEMO_SECRET), description="Signs sessions and forms; 50 random characters."
    )
    cpr_keys: SecretStr = Field(
        default=SecretStr(f"1:{DEMO_SECRET}"),
        description="Keys for CPR numbers at rest, 'id:secret' separated by commas; the first is used for writing.",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default=["127.0.0.1", "localhost"], description="Host names served, separated by commas."
    )
    database_url: PostgresDsn | None = Field(
        default=None, description="PostgreSQL 15 or later. Empty in the demo: an embedded one is started."
    )
    redis_url: str = Field(
        default="", description="Celery's broker, Redis or Valkey. Empty in the demo: an embedded one is started."
    )
    sdi_url: str = Field(
        default="http://127.0.0.1:8090/sagdokumentindeks/6", description="Sags- og Dokumentindeks, SOAP 1.1."
    )
    yi_url: str = Field(default="http://127.0.0.1:8090/ydelseindeks/6", description="Ydelsesindeks, SOAP 1.1.")
    plan_url: str = Field(default="http://127.0.0.1:8090/planindeks/1", description="The plan index.")
    demo_people_url: str = Field(
        default="http://127.0.0.1:8090/_people",
        description="Demo only: where the sign-in page finds the made-up people.",
    )
    source_timeout: float = Field(
        default=5.0, gt=0, description="Seconds one call to an index may take, the whole answer included."
    )
    source_max_bytes: int = Field(
        default=64 * 1024 * 1024, gt=0, description="The largest answer that is read, in bytes."
    )
    source_page_size: int = Field(
        default=1000, gt=0, le=10_000, description="Objects asked for in one call of a bulk sync."
    )
    fresh_minutes: int = Field(
        default=24 * 60, gt=0, description="How old a source's last good reading may be and still be called fresh."
    )
    sync_minutes: int = Field(default=60, gt=0, description="Minutes between two bulk syncs by Celery beat.")
    max_removal_share: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="A bulk sync that would remove more than this share of an authority's rows stops and asks.",
    )

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        """Comma-separated text becomes a list; an empty value counts as not given."""
        given = {key: value for key, value in values.items() if value != ""}
        hosts = given.get("allowed_hosts")
        if isinstance(hosts, str):
            given["allowed_hosts"] = [host.strip() for host in hosts.split(",") if host.strip()]
        return given

    def problems(self) -> list[str]:
        """What keeps these settings from production, one sentence each; empty in the demo and in debug."""
        if self.demo or self.debug:
            return []
        found = []
        if DEMO_SECRET in self.secret_key.get_secret_value():
            found.append("SECRET_KEY is the demo's own: anyone could forge a session. Set 50 random characters.")
        if DEMO_SECRET in self.cpr_keys.get_secret_value():
            found.append(
                "CPR_KEYS is the demo's own: anyone could read the CPR numbers. Set 'id:secret' with a random secret."
            )
        if self.database_url is None:
            found.append("DATABASE_URL is missing: there is nowhere to keep data. Set it to your PostgreSQL.")
        return found


@cache
def load() -> Config:
    """The settings of this process.

    Raises:
        SettingsError: with one sentence for each setting that is missing or unreadable.
    """
    try:
        config = Config()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("The environment cannot be used. " + " ".join(lines) + " See .env.example.") from error
    if problems := config.problems():
        raise SettingsError("Borgerblik does not start. " + " ".join(problems) + " See .env.example.")
    return config
