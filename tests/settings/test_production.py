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
    "DATABASE_URL": "postgresql://borgerblik@db.example/borgerblik",
    "SDI_ROLES": "display_class=7d9f0000-0000-4000-8000-000000000001",
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
        ("DATABASE_URL", "DATABASE_URL is missing: there is nowhere to keep data. Set it to your PostgreSQL."),
        ("SDI_ROLES", "SDI_ROLES does not hold the real display_class: cases exempt from view would be shown."),
    ],
)
def test_production_refuses_to_start_without(missing: str, sentence: str) -> None:
    ended = start(**{name: value for name, value in OWN.items() if name != missing})
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", OWN)
def test_an_empty_value_counts_as_not_given(name: str) -> None:
    ended = start(**{**OWN, name: ""})
    assert ended.returncode == 1
    assert name in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SDI_ROLES", "owner=7d9f0000-0000-4000-8000-000000000001", "SDI_ROLES does not hold the real display_class"),
        ("SDI_ROLES", f"display_class={SdiRoles().display_class}", "SDI_ROLES does not hold the real display_class"),
        ("SDI_ROLES", "display_class", "SDI_ROLES cannot be read, so relations would be misunderstood:"),
        ("SDI_ROLES", "owner=1,owner=2", "SDI_ROLES cannot be read, so relations would be misunderstood:"),
        ("SDI_ROLES", "display_class=seven", "SDI_ROLES.DISPLAY_CLASS: Input should be a valid UUID"),
        ("SDI_ROLES", "visning=7d9f0000-0000-4000-8000-000000000001", "SDI_ROLES names visning, which means nothing"),
        ("SDI_OUTCOMES", "granted", "SDI_OUTCOMES cannot be read, so relations would be misunderstood:"),
        ("YI_ROLES", "master", "YI_ROLES cannot be read, so relations would be misunderstood:"),
    ],
)
def test_production_refuses_a_value_that_would_harm(name: str, value: str, sentence: str) -> None:
    ended = start(**{**OWN, name: value})
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_demo_starts_on_its_own_keys() -> None:
    assert start(DEMO="true").returncode == 0


def test_a_value_that_cannot_be_read_is_named_and_nothing_secret_is_printed() -> None:
    ended = start(**OWN, SOURCE_TIMEOUT="soon")
    assert ended.returncode == 1
    assert "SOURCE_TIMEOUT" in ended.stderr
    assert not any(value in ended.stderr for value in OWN.values())
