"""Production does not start on the demo's keys: each missing setting is said in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexes.parse.roles import SdiRoles

ROOT = Path(__file__).parents[2]
OWN = {
    "SECRET_KEY": "fifty characters that only this test knows, or nearly",
    "CPR_KEYS": "1:a secret that only this test knows",
    "SECURITY_CONTACT": "mailto:sikkerhed@kommune.example",
    "DATABASE_URL": "postgresql://borgerblik@db.example/borgerblik",
    "REDIS_URL": "redis://valkey.example:6379/0",
    "SDI_URL": "https://sdi.example/sagdokumentindeks/6",
    "YI_URL": "https://yi.example/ydelseindeks/6",
    "PLAN_URL": "https://plan.example/planindeks/1",
    "SDI_ROLES": "display_class=7d9f0000-0000-4000-8000-000000000001",
    "OIDC_ISSUER": "https://login.example",
    "OIDC_CLIENT_ID": "borgerblik-randers",
    "OIDC_CLIENT_SECRET": "a secret that only the provider knows",
    "TRUSTED_PROXIES": "1",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, with this environment and no other."""
    return subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_keys_of_its_own() -> None:
    ended = start(**OWN)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("SECRET_KEY", "SECRET_KEY is the demo's own: anyone could forge a session. Set 50 random characters."),
        ("CPR_KEYS", "CPR_KEYS is the demo's own: anyone could read the CPR numbers."),
        ("SECURITY_CONTACT", "SECURITY_CONTACT is the demo's own: whoever finds a weakness could tell nobody but"),
        ("DATABASE_URL", "DATABASE_URL is missing: there is nowhere to keep data. Set it to your PostgreSQL."),
        ("REDIS_URL", "REDIS_URL is missing: nothing would be read in the background. Set it to your Redis or Valkey."),
        (
            "TRUSTED_PROXIES",
            "TRUSTED_PROXIES is missing: behind a proxy everybody would count as one sender, and be kept",
        ),
        ("SDI_URL", "SDI_URL is that of the mock: no real data would be read. Set the address of your index."),
        ("YI_URL", "YI_URL is that of the mock: no real data would be read. Set the address of your index."),
        ("PLAN_URL", "PLAN_URL is that of the mock: no real data would be read. Set the address of your index."),
        ("SDI_ROLES", "SDI_ROLES does not hold the real display_class: cases exempt from view would be shown."),
        ("OIDC_ISSUER", "OIDC_ISSUER is that of the demo: nobody could sign in. Set the address of your identity"),
        ("OIDC_CLIENT_ID", "OIDC_CLIENT_ID is the demo's own: nobody could sign in. Set what your identity provider"),
        ("OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET is the demo's own: nobody could sign in. Set what your identity"),
    ],
)
def test_production_refuses_to_start_without(missing: str, sentence: str) -> None:
    ended = start(**{name: value for name, value in OWN.items() if name != missing})
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"METRICS_TOKEN": "short", "METRICS_DIR": "/tmp/metrics"}, "METRICS_TOKEN is too short: it could be guessed."),  # noqa: S108 - no file is made
        ({"METRICS_TOKEN": "x" * 32}, "METRICS_TOKEN is set without METRICS_DIR: each of the pages' processes would"),
    ],
)
def test_production_refuses_metrics_that_tell_the_wrong_one(given: dict[str, str], sentence: str) -> None:
    ended = start(**OWN, **given)
    assert ended.returncode == 1
    assert sentence in ended.stderr


@pytest.mark.parametrize("name", OWN)
def test_what_production_needs_is_said_where_one_looks_first(name: str) -> None:
    assert f"`{name}" in (ROOT / "README.md").read_text("utf-8").partition("## Running it against your own")[2]


@pytest.mark.parametrize("name", OWN)
def test_an_empty_value_counts_as_not_given(name: str) -> None:
    ended = start(**{**OWN, name: ""})
    assert ended.returncode == 1
    assert name in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "forty-nine characters are one too few for a key..", "SECRET_KEY is too short or too plain:"),
        ("SECRET_KEY", "abab" * 20, "SECRET_KEY is too short or too plain:"),
        ("CPR_KEYS", "a secret without its id", "CPR_KEYS cannot be read, so no CPR number can be kept or found:"),
        ("CPR_KEYS", "1:short", "CPR_KEYS cannot be read, so no CPR number can be kept or found:"),
        ("ALLOWED_HOSTS", "borgerblik.example,*", "ALLOWED_HOSTS holds *: whoever asks by a name of their own"),
        ("SECURITY_CONTACT", "sikkerhed@kommune.example", "SECURITY_CONTACT holds what is no address, so nobody"),
        ("SECURITY_POLICY", "http://kommune.example/", "SECURITY_POLICY is no address that begins with https://"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES: Input should be greater than or equal to 0."),
        ("SDI_ROLES", "owner=7d9f0000-0000-4000-8000-000000000001", "SDI_ROLES does not hold the real display_class"),
        ("SDI_ROLES", f"display_class={SdiRoles().display_class}", "SDI_ROLES does not hold the real display_class"),
        ("SDI_ROLES", "display_class", "SDI_ROLES cannot be read, so relations would be misunderstood:"),
        ("SDI_ROLES", "owner=1,owner=2", "SDI_ROLES cannot be read, so relations would be misunderstood:"),
        ("SDI_ROLES", "display_class=seven", "SDI_ROLES.DISPLAY_CLASS: Input should be a valid UUID"),
        ("SDI_ROLES", "visning=7d9f0000-0000-4000-8000-000000000001", "SDI_ROLES names visning, which means nothing"),
        ("SDI_OUTCOMES", "granted", "SDI_OUTCOMES cannot be read, so relations would be misunderstood:"),
        ("YI_ROLES", "master", "YI_ROLES cannot be read, so relations would be misunderstood:"),
        ("OIDC_ISSUER", "http://login.example", "OIDC_ISSUER does not begin with https://: a sign-in could be read"),
        ("OIDC_ROLES", "king=http://x.example/1", "OIDC_ROLES names king, which is no role here"),
        (
            "OIDC_ROLES",
            "administrator",
            "OIDC_ROLES cannot be read, so nobody could administer anything: give 'role=uri'",
        ),
        ("OIDC_DELEGATIONS", "29189668=Randers", "OIDC_DELEGATIONS holds what is no CVR number"),
        (
            "OIDC_DELEGATIONS",
            "29189668",
            "OIDC_DELEGATIONS cannot be read, so nobody could act for anybody: give 'cvr=cvr'",
        ),
    ],
)
def test_production_refuses_a_value_that_would_harm(name: str, value: str, sentence: str) -> None:
    ended = start(**{**OWN, name: value})
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_production_without_a_proxy_says_so() -> None:
    assert start(**{**OWN, "TRUSTED_PROXIES": "0"}).returncode == 0


@pytest.mark.parametrize("debug", ["false", "true"])
def test_the_demo_starts_on_its_own_keys_for_this_machine(debug: str) -> None:
    assert start(DEMO="true", DEBUG=debug).returncode == 0
    assert start(DEMO="true", DEBUG=debug, ALLOWED_HOSTS="127.0.0.1,localhost,[::1]").returncode == 0


@pytest.mark.parametrize("hosts", ["borgerblik.example", "127.0.0.1"])
def test_production_refuses_to_start_with_debug_pages(hosts: str) -> None:
    """For this machine alone too: a proxy in front would serve them to everybody."""
    ended = start(**OWN, DEBUG="true", ALLOWED_HOSTS=hosts)
    assert ended.returncode == 1
    assert "DEBUG is on without DEMO: behind a proxy anybody could read" in ended.stderr


@pytest.mark.parametrize("hosts", ["borgerblik.example", "localhost,*", ".example", "10.1.2.3"])
def test_others_than_this_machine_are_not_served_with_the_demos_keys(hosts: str) -> None:
    for given in ({}, {"SECRET_KEY": OWN["SECRET_KEY"]}, {"CPR_KEYS": OWN["CPR_KEYS"]}):
        ended = start(DEMO="true", ALLOWED_HOSTS=hosts, **given)
        assert ended.returncode == 1
        assert "DEMO is on with the demo's own keys and ALLOWED_HOSTS holds" in ended.stderr
    assert start(DEMO="1", ALLOWED_HOSTS=hosts, SECRET_KEY=OWN["SECRET_KEY"], CPR_KEYS=OWN["CPR_KEYS"]).returncode == 0


@pytest.mark.parametrize("hosts", ["borgerblik.example", "*"])
def test_debug_pages_are_for_this_machine_alone(hosts: str) -> None:
    ended = start(**OWN, DEMO="true", DEBUG="true", ALLOWED_HOSTS=hosts)
    assert ended.returncode == 1
    assert f"DEBUG is on and ALLOWED_HOSTS holds {hosts}" in ended.stderr


def test_keys_that_cannot_be_used_are_said_at_the_start_also_in_the_demo() -> None:
    ended = start(DEMO="true", CPR_KEYS="1:short")
    assert ended.returncode == 1
    assert "CPR_KEYS cannot be read" in ended.stderr
    assert "1:short" not in ended.stderr


def test_a_value_that_cannot_be_read_is_named_and_nothing_secret_is_printed() -> None:
    ended = start(**OWN, SOURCE_TIMEOUT="soon")
    assert ended.returncode == 1
    assert "SOURCE_TIMEOUT" in ended.stderr
    assert not any(value in ended.stderr for value in OWN.values())
