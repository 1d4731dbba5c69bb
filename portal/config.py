"""Every setting the environment may give, typed; ``.env.example`` documents them and a test compares the two.

Only this module reads the environment. The demo and the tests hand in their own values; production refuses to start
without its own, and the demo refuses to serve others than this machine with keys that anyone can read
(``Config.problems``).
"""

import re
from collections.abc import Iterator
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, PostgresDsn, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import NoDecode, SettingsConfigDict

from indexes.crypto import secrets_of
from indexes.parse.roles import SdiRoles, YiRoles, sdi_roles, yi_roles
from indexes.records import Source
from portal.config_events import Events
from portal.config_running import Running

DEMO_SECRET = "demo-only-not-secret"  # noqa: S105 - the marker that production refuses
DEMO_CLIENT = "borgerblik-demo"  # what the demo's identity provider knows us by
STAFF_ROLES = ("administrator", "udk_administrator", "coordinator")  # as models.StaffUser.Role has them

Pairs = Annotated[dict[str, UUID], NoDecode]
Texts = Annotated[dict[str, str], NoDecode]
Numbers = Annotated[dict[str, int], NoDecode]
LISTS = ("allowed_hosts", "security_contact", "events_recipients")
PAIRS = (
    *("sdi_roles", "sdi_outcomes", "yi_roles", "event_roles", "oidc_roles", "oidc_delegations"),
    *("source_calls_at_once", "source_calls_per_second"),
)
CVR = re.compile(r"[0-9]{8}", re.ASCII)
_MEANING = {"OIDC_ROLES": "nobody could administer anything", "OIDC_DELEGATIONS": "nobody could act for anybody"}
_WRITTEN = {
    "OIDC_ROLES": "role=uri",
    "OIDC_DELEGATIONS": "cvr=cvr",
    **dict.fromkeys(("SOURCE_CALLS_AT_ONCE", "SOURCE_CALLS_PER_SECOND"), "index=number"),
}
DEMO_CONTACT = "mailto:security@borgerblik.example"  # of a domain that can be nobody's (RFC 2606)
WEB_ADDRESS = re.compile(r"https://[^\s]+", re.ASCII)
CONTACT = re.compile(r"(?:mailto:[^\s@]+@[^\s@]+|tel:\+?[0-9-]+|https://[^\s]+)", re.ASCII)
INDEXES = ("sdi_url", "yi_url", "plan_url")
MOCK = "http://127.0.0.1:8090"  # in docker-compose.yml //mock:8090
_MOCK = "Empty in the demo: the mock's."
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})
SHORTEST_KEY = 50  # characters, and
FEWEST_DIFFERENT = 5  # of them different: what Django's own check asks for (security.W009)


class SettingsError(SystemExit):
    """The environment does not hold what the program needs; the message says which and what to do."""


class Config(Running, Events):
    """The environment, read once.

    Raises:
        ValidationError: a value is missing or cannot be read; ``load`` turns it into one sentence a line.
    """

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    debug: bool = Field(default=False, description="Django's debug pages: in the demo alone.")
    demo: bool = Field(
        default=False, description="The demo: made-up people, keys that anyone can read, a banner on each page."
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
    security_contact: Annotated[list[str], NoDecode] = Field(
        default=[DEMO_CONTACT],
        description="Whom to tell of a weakness (/.well-known/security.txt): addresses with mailto:, https: or tel:, "
        "separated by commas, the preferred one first.",
    )
    security_policy: str = Field(
        default="", description="The page that says how you take such reports, with https:. Empty: there is none."
    )
    database_url: PostgresDsn | None = Field(
        default=None,
        description="PostgreSQL 15 or later, as the role of what is run: borgerblik_web for the pages, borgerblik_sync "
        "for worker and sync, the owner for migrate. Empty in the demo: an embedded one is started.",
    )
    console_database_url: PostgresDsn | None = Field(
        default=None, description="The same database as borgerblik_console; for the pages, which serve the console too."
    )
    redis_url: str = Field(
        default="", description="Celery's broker, Redis or Valkey. Empty in the demo: an embedded one is started."
    )
    sdi_url: str = Field(f"{MOCK}/sagdokumentindeks/6", description=f"Sags- og Dokumentindeks, SOAP 1.1. {_MOCK}")
    yi_url: str = Field(default=f"{MOCK}/ydelseindeks/6", description=f"Ydelsesindeks, SOAP 1.1. {_MOCK}")
    plan_url: str = Field(default=f"{MOCK}/planindeks/1", description=f"The plan index. {_MOCK}")
    sdi_roles: Pairs = Field(
        default={},
        description="Role UUIDs of Sags- og Dokumentindeks, 'name=uuid' separated by commas, for those that are not as "
        "in KOMBIT's test environment (names and defaults: indexes/parse/roles.py). Production must give "
        "display_class: the role of Visningsklasse, by which a case says that it is exempt from view.",
    )
    sdi_outcomes: Pairs = Field(
        default={},
        description="The classes a decision can have on the role outcome_class: granted, partly, refused and annulled, "
        "'name=uuid' separated by commas. Without them no outcome is shown.",
    )
    yi_roles: Pairs = Field(
        default={},
        description="Role UUIDs of Ydelsesindeks, 'name=uuid' separated by commas, for those that are not as in "
        "KOMBIT's test environment.",
    )
    oidc_issuer: str = Field(
        default="http://127.0.0.1:8095",
        description="The identity provider that citizens and staff sign in by (OpenID Connect), as it spells itself.",
    )
    oidc_client_id: str = Field(default=DEMO_CLIENT, description="What the identity provider knows us by.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(DEMO_SECRET), description="The secret that the identity provider knows us from."
    )
    oidc_municipality_claim: str = Field(
        default="https://borgerblik.dk/claims/municipality",
        description="The claim that holds the kommune code of where a citizen lives.",
    )
    oidc_roles: Texts = Field(
        default={role: f"http://borgerblik.dk/roles/usersystemrole/{role}/1" for role in STAFF_ROLES},
        description="The privileges that make an employee something here, 'role=uri' separated by commas. A role left "
        "out is nobody's.",
    )
    oidc_delegations: Texts = Field(
        default={},
        description="Whose staff may act for another authority that has granted them a privilege: 'cvr=cvr' separated "
        "by commas, the authority first. Without it privileges count in one's own organisation alone.",
    )
    api_calls_per_minute: int = Field(
        default=600,
        gt=0,
        description="Calls of the API that one consumer, or one address without a token, may make in a minute.",
    )
    oidc_timeout: float = Field(
        default=5.0, gt=0, description="Seconds one call to the identity provider may take, the whole answer included."
    )
    trusted_proxies: int | None = Field(
        default=None,
        ge=0,
        le=10,
        description="How many proxies of ours stand in front, each adding to X-Forwarded-For where a request came "
        "from; 0 when there is none. One too few takes everybody for one sender, one too many believes whatever a "
        "sender writes.",
    )
    sign_ins_per_address: int = Field(
        default=120,
        gt=0,
        description="Sign-ins that may be begun in a minute from one address; a library or a mobile network is one.",
    )
    sign_ins_per_minute: int = Field(
        default=3000, gt=0, description="Sign-ins that may be begun in a minute by everybody together."
    )
    lock_timeout: float = Field(
        default=15.0,
        ge=0.1,
        description="Seconds a statement waits for a lock that another session of the database holds; "
        "a batch of a bulk sync holds its own for about one.",
    )
    source_timeout: float = Field(
        default=5.0, gt=0, description="Seconds that one call waits for an index, the whole answer included."
    )
    source_max_bytes: int = Field(
        default=64 * 1024 * 1024, gt=0, description="The largest answer that is read, in bytes."
    )
    source_page_size: int = Field(
        default=1000, ge=2, le=10_000, description="Objects asked for in one call of a bulk sync."
    )
    source_portion_size: int = Field(
        default=2000,
        ge=2,
        le=100_000,
        description="Objects that one worker reads, holds in memory and stores at a time in a bulk sync.",
    )
    source_calls_at_once: Numbers = Field(
        default={"sdi": 8, "yi": 8, "plan": 8},
        description="How many calls a bulk sync may have open at an index at once, over all workers: 'index=number' "
        "separated by commas, sdi, yi and plan. Fewer are used by itself while the index is slow or refuses.",
    )
    source_calls_per_second: Numbers = Field(
        default={"sdi": 50, "yi": 50, "plan": 50},
        description="How many calls a bulk sync may begin at an index in a second, likewise.",
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
        """Comma-separated text becomes a list, or names with values; an empty value counts as not given."""
        given = {key: value for key, value in values.items() if value != ""}
        for name in LISTS:
            if isinstance(listed := given.get(name), str):
                given[name] = [one.strip() for one in listed.split(",") if one.strip()]
        for name in PAIRS:
            if isinstance(text := given.get(name), str):
                given[name] = _pairs(name.upper(), text)
        return given

    @model_validator(mode="after")
    def _check_shapes(self) -> Self:
        """Keys and roles that cannot be used are said at the start, not at first use."""
        secrets_of(self.cpr_keys.get_secret_value())
        self.roles_of_sdi()
        self.roles_of_yi()
        self._check_contacts()
        self._check_calls()
        if unknown := self.oidc_roles.keys() - set(STAFF_ROLES):
            raise ValueError(
                f"OIDC_ROLES names {', '.join(sorted(unknown))}, which is no role here, so it would be nobody's: use "
                f"{', '.join(STAFF_ROLES)}."
            )
        if not all(CVR.fullmatch(number) for pair in self.oidc_delegations.items() for number in pair):
            raise ValueError(
                "OIDC_DELEGATIONS holds what is no CVR number, so nobody could act for anybody: give eight digits each."
            )
        return self

    def _check_contacts(self) -> None:
        if not all(CONTACT.fullmatch(contact) for contact in self.security_contact):
            raise ValueError(
                "SECURITY_CONTACT holds what is no address, so nobody could tell of a weakness: give mailto:, https: "
                "or tel: before each."
            )
        if self.security_policy and not WEB_ADDRESS.fullmatch(self.security_policy):
            raise ValueError(
                "SECURITY_POLICY is no address that begins with https://, so nobody could read it: give one, or none."
            )

    def _check_calls(self) -> None:
        given = {
            "SOURCE_CALLS_AT_ONCE": self.source_calls_at_once,
            "SOURCE_CALLS_PER_SECOND": self.source_calls_per_second,
        }
        for name, calls in given.items():
            if calls.keys() != set(Source) or min(calls.values()) < 1:
                raise ValueError(
                    f"{name} must give each of {', '.join(Source)} a number of 1 or more, or it would never be read: "
                    "write them as in .env.example."
                )

    def roles_of_sdi(self) -> SdiRoles:
        return sdi_roles(self.sdi_roles, self.sdi_outcomes)

    def roles_of_yi(self) -> YiRoles:
        return yi_roles(self.yi_roles)

    def problems(self) -> list[str]:
        """What keeps the program from starting with these settings, one sentence each."""
        if self.debug:
            return list(self._problems_of_debug())
        if self.demo:
            return list(self._problems_of_demo())
        return [
            *self._problems_of_keys(),
            *self._problems_of_addresses(),
            *self._problems_of_contacts(),
            *self._problems_of_roles(),
            *self._problems_of_oidc(),
            *self.problems_of_watching(),
            *self.problems_of_events(),
        ]

    def _problems_of_debug(self) -> Iterator[str]:
        if not self.demo:
            yield (
                "DEBUG is on without DEMO: behind a proxy anybody could read settings and people's data on an error "
                "page. Switch DEBUG off, or look for the fault in the demo (DEMO=1)."
            )
        if foreign := self._foreign_hosts():
            yield (
                f"DEBUG is on and ALLOWED_HOSTS holds {foreign}: whoever comes there could read settings and data on "
                "an error page. Switch DEBUG off, or serve 127.0.0.1 and localhost only."
            )

    def _problems_of_demo(self) -> Iterator[str]:
        keys = self.secret_key.get_secret_value() + self.cpr_keys.get_secret_value()
        if DEMO_SECRET in keys and (foreign := self._foreign_hosts()):
            yield (
                f"DEMO is on with the demo's own keys and ALLOWED_HOSTS holds {foreign}: whoever comes there could "
                "forge a session. Set SECRET_KEY and CPR_KEYS, or serve 127.0.0.1 and localhost only."
            )

    def _foreign_hosts(self) -> str:
        return ", ".join(host for host in self.allowed_hosts if host not in THIS_MACHINE)

    def _problems_of_keys(self) -> Iterator[str]:
        key = self.secret_key.get_secret_value()
        if DEMO_SECRET in key:
            yield "SECRET_KEY is the demo's own: anyone could forge a session. Set 50 random characters."
        elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT:
            yield "SECRET_KEY is too short or too plain: a session could be forged. Set 50 random characters."
        if DEMO_SECRET in self.cpr_keys.get_secret_value():
            yield "CPR_KEYS is the demo's own: anyone could read the CPR numbers. Set 'id:secret' with a random secret."

    def _problems_of_addresses(self) -> Iterator[str]:
        if "*" in self.allowed_hosts:
            yield (
                "ALLOWED_HOSTS holds *: whoever asks by a name of their own gets links to it. "
                "Set the names that Borgerblik is served by."
            )
        if self.database_url is None:
            yield "DATABASE_URL is missing: there is nowhere to keep data. Set it to your PostgreSQL."
        if not self.redis_url:
            yield "REDIS_URL is missing: nothing would be read in the background. Set it to your Redis or Valkey."
        if self.trusted_proxies is None:
            yield (
                "TRUSTED_PROXIES is missing: behind a proxy everybody would count as one sender, and be kept from "
                "signing in. Set how many proxies stand in front, 0 when there is none."
            )
        for name in INDEXES:
            if getattr(self, name).replace("//mock:", "//127.0.0.1:") == Config.model_fields[name].default:
                yield f"{name.upper()} is that of the mock: no real data would be read. Set the address of your index."

    def _problems_of_contacts(self) -> Iterator[str]:
        if DEMO_CONTACT in self.security_contact:
            yield (
                "SECURITY_CONTACT is the demo's own: whoever finds a weakness could tell nobody but the public. Set an "
                "address that somebody reads."
            )

    def _problems_of_roles(self) -> Iterator[str]:
        if self.roles_of_sdi().display_class == SdiRoles().display_class:
            yield (
                "SDI_ROLES does not hold the real display_class: cases exempt from view would be shown. Set "
                "'display_class=uuid' with the role of Visningsklasse in your Sags- og Dokumentindeks."
            )

    def _problems_of_oidc(self) -> Iterator[str]:
        if self.oidc_issuer == Config.model_fields["oidc_issuer"].default:
            yield "OIDC_ISSUER is that of the demo: nobody could sign in. Set the address of your identity provider."
        elif not self.oidc_issuer.startswith("https://"):
            yield "OIDC_ISSUER does not begin with https://: a sign-in could be read or forged on its way. Use TLS."
        if self.oidc_client_id == DEMO_CLIENT:
            yield "OIDC_CLIENT_ID is the demo's own: nobody could sign in. Set what your identity provider knows us by."
        if self.oidc_client_secret.get_secret_value() == DEMO_SECRET:
            yield "OIDC_CLIENT_SECRET is the demo's own: nobody could sign in. Set what your identity provider gave us."


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _pairs(setting: str, text: str) -> dict[str, str]:
    """'name=value' separated by commas as names with texts, which pydantic makes UUIDs of where they are to be that."""
    found: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not name or not equals or name in found:
            raise ValueError(
                f"{setting} cannot be read, so {_MEANING.get(setting, 'relations would be misunderstood')}: give "
                f"'{_WRITTEN.get(setting, 'name=uuid')}' separated by commas, each name once."
            )
        found[name] = value
    return found


def _sentence(problem: ErrorDetails) -> str:
    """A sentence of ours as it is: it names its setting. Pydantic's own after the name of the setting."""
    own = problem.get("ctx", {}).get("error")
    if isinstance(own, ValueError):
        return str(own)
    return f"{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}."


def load() -> Config:
    """The settings of this process; ``settings.py`` asks once.

    Raises:
        SettingsError: with one sentence for each setting that is missing or unreadable.
    """
    try:
        config = Config()
    except ValidationError as error:
        lines = " ".join(_sentence(problem) for problem in error.errors(include_input=False))
        raise SettingsError(f"The environment cannot be used. {lines} See .env.example.") from error
    if problems := config.problems():
        raise SettingsError("Borgerblik does not start. " + " ".join(problems) + " See .env.example.")
    return config
