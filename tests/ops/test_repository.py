"""Rules on the repository's own files: the make targets, the lock files, the containers, the design system."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal.config import INDEXES, Config

ROOT = Path(__file__).resolve().parents[2]
DKFDS = ROOT / "static" / "vendor" / "dkfds"
DRAWN, NAMED = re.compile(r'{% icon "([a-z-]+)"'), re.compile(r'\bicon\s*=\s*"([a-z-]+)"')
OURS = ("bo-", "console", "api-", "is-", "alert-body")  # of bo.css and console.css, and what has no rule of its own
CONTRACT = {"help", "setup", "demo", "test", "check", "bench", "fuzz", "screens", "lock", "clean-data", "audit"}
INTERNAL = {"rabbitmq", "python", "chromium"}  # steps of the others


def make_targets() -> dict[str, str]:
    """Each target of the Makefile with its one line of help, or nothing."""
    text = (ROOT / "Makefile").read_text()
    return dict(re.findall(r"^([a-z-]+):[^=#\n]*(?:## (.+))?$", text, re.MULTILINE))


def test_every_target_of_the_contract_is_there_and_no_other() -> None:
    assert set(make_targets()) == CONTRACT | INTERNAL


@pytest.mark.parametrize("target", sorted(CONTRACT))
def test_make_alone_lists_the_target_with_one_line(target: str) -> None:
    make = shutil.which("make")
    assert make is not None
    said = subprocess.run(  # noqa: S603 - our own
        [make, "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert make_targets()[target]
    assert re.search(rf"^  make {target} +{re.escape(make_targets()[target])}$", said, re.MULTILINE)


def test_no_target_is_taken_for_a_file() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert set(phony.group(1).split()) == set(make_targets())


def check_locks(*names: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, ROOT / "scripts" / "check_locks.py", *names], capture_output=True, text=True, check=False
    )


def test_lock_files_hold_no_address() -> None:
    done = check_locks()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.example/simple",
        "-i https://registry.example/simple",
        "amqp @ file:///somewhere/amqp.whl",
        '      "resolved": "https://registry.example/dkfds.tgz",',
    ],
)
def test_an_address_in_a_lock_file_is_found(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text(f"amqp==5.4.2 \\\n    --hash=sha256:93\n{line}\n")
    done = check_locks(lock)
    assert done.returncode == 1
    assert done.stderr == "some.lock, line 3 holds an address. Make the lock file anew with `make lock`.\n"


def pins() -> dict[str, set[str]]:
    """Each package of the development lock, with the extras it is pinned with."""
    found = (
        Requirement(line.partition(" \\")[0])
        for line in (ROOT / "requirements-dev.lock").read_text().splitlines()
        if line and not line.startswith((" ", "#"))
    )
    return {canonicalize_name(requirement.name): requirement.extras for requirement in found}


def extras_asked_for() -> Iterator[Requirement]:
    """What the installed packages ask of each other with extras, on this machine."""
    asked = (Requirement(line) for package in metadata.distributions() for line in package.requires or ())
    yield from (r for r in asked if r.extras and (r.marker is None or r.marker.evaluate({"extra": ""})))


def test_extras_that_a_package_asks_for_are_pinned_with_it() -> None:
    """The pip of Python 3.11 (before 23.3) takes the newest release for a pin without the extra that is asked for."""
    missing = [str(r) for r in extras_asked_for() if not r.extras <= pins().get(canonicalize_name(r.name), set())]
    assert missing == []


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def settings_names() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_containers_are_the_parts_of_a_production() -> None:
    ours = {"web", "worker", "quick", "upkeep", "beat", "prepare", "metrics", "events"}
    servers = {"postgres", "valkey"}
    stand_ins = {"mock", "provider", "rabbitmq"}
    watching = {"prometheus", "grafana"}
    services = compose()["services"]
    assert set(services) == ours | servers | stand_ins | watching
    assert {name for name, service in services.items() if "profiles" in service} == watching | stand_ins | {"events"}


def test_every_queue_has_a_worker_and_whoever_signs_in_waits_behind_no_bulk_load() -> None:
    taken = {
        name: argument.removeprefix("--queues=").split(",")
        for name, service in compose()["services"].items()
        for argument in service.get("command", [])
        if argument.startswith("--queues=")
    }
    assert sorted(queue for queues in taken.values() for queue in queues) == sorted(settings.QUEUES)
    assert (taken["worker"], taken["quick"]) == ([settings.LOADS], [settings.CITIZENS])


def test_the_document_lists_what_is_done_by_the_clock() -> None:
    told = (ROOT / "docs" / "operations.md").read_text("utf-8").partition("## By the clock")[2].partition("\n## ")[0]
    tasks = {str(entry["task"]).rpartition(".")[2] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert set(re.findall(r"`([a-z_]+)`", told.partition("\n\n`upkeep`")[0])) == tasks


def test_the_documents_archive_command_copies_whole_files_and_once(tmp_path: Path) -> None:
    """As PostgreSQL asks: a file that is there counts if it is the same, another is never written over."""
    (told,) = re.findall(
        r"^archive_command = '(.*)'$", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.MULTILINE
    )
    archive, segment = tmp_path / "archive", tmp_path / "0001"
    archive.mkdir()
    command = told.replace("/archive", str(archive)).replace("%f", "0001").replace("%p", str(segment))

    def archived(content: str) -> bool:
        segment.write_text(content)
        return subprocess.run(["/bin/sh", "-c", command], check=False).returncode == 0  # noqa: S603 - our own

    (archive / "0001.part").write_text("cut o")
    assert [archived("whole"), archived("whole"), archived("another")] == [True, True, False]
    assert [(file.name, file.read_text()) for file in archive.iterdir()] == [("0001", "whole")]


def test_what_watches_is_reached_from_this_machine_alone() -> None:
    services = compose()["services"]
    assert "ports" not in services["metrics"]
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", []))


def test_every_container_says_whether_it_is_well() -> None:
    for name, service in compose()["services"].items():
        assert "healthcheck" in service, name


def test_no_container_waits_for_one_that_is_not_there() -> None:
    services = compose()["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)


def test_nothing_needs_a_container_that_stands_in_for_the_real_thing() -> None:
    services = compose()["services"]
    plain = {name: service for name, service in services.items() if "profiles" not in service}
    for service in plain.values():
        assert set(service.get("depends_on", {})) <= set(plain)


def test_a_migrate_that_fails_fails_what_the_pages_wait_for(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python").chmod(0o755)
    _, _, command = compose()["services"]["prepare"]["command"]
    for demo in ("false", "true"):
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DEMO": demo}
        done = subprocess.run(["/bin/sh", "-c", command.replace("$$", "$")], env=environment, check=False, timeout=20)  # noqa: S603 - our own
        assert done.returncode == 1


def test_production_in_containers_has_nothing_of_the_demo_unless_told() -> None:
    """What compose gives where .env says nothing must not be what production refuses, or would believe."""
    environment = compose()["services"]["web"]["environment"]
    assert (environment["DEMO"], environment["OIDC_DELEGATIONS"]) == ("${DEMO:-false}", "${OIDC_DELEGATIONS:-}")
    told = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", environment[name.upper()]) for name in INDEXES}
    refused = " ".join(Config.model_validate({"demo": False, "debug": False, **told}).problems())
    assert all(f"{name.upper()} is that of the mock" in refused for name in INDEXES)


def test_every_volume_is_declared_and_every_mounted_file_is_there() -> None:
    loaded = compose()
    for service in loaded["services"].values():
        sources = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        files = {source for source in sources if source.startswith("./")}
        assert sources - files <= set(loaded["volumes"])
        assert all((ROOT / file).is_file() for file in files)


def test_the_containers_know_every_setting_and_no_other() -> None:
    given = set(compose()["services"]["web"]["environment"])
    assert given == settings_names() - {"DEBUG"}, "debug pages have no place in a container"


def test_every_value_from_outside_is_a_setting_or_has_a_sentence_when_missing() -> None:
    own = {"POSTGRES_PASSWORD", "WEB_PASSWORD", "SYNC_PASSWORD", "CONSOLE_PASSWORD", "PORT", "VERSION"}
    own |= {"WORKERS", "GRAFANA_PASSWORD"}
    asked = re.findall(r"(?<!\$)\$\{([A-Z_]+)(:[-?][^}]*)?\}", (ROOT / "docker-compose.yml").read_text())
    assert {name for name, _ in asked} <= settings_names() | own
    for secret in ("SECRET_KEY", "CPR_KEYS", "POSTGRES_PASSWORD"):
        assert any(name == secret and fallback.startswith(":?") for name, fallback in asked), secret


def test_images_are_pinned_and_never_the_latest() -> None:
    for service in compose()["services"].values():
        image = service["image"]
        assert "build" in service or re.search(r":v?\d", image), image


def style_sheet() -> str:
    return (DKFDS / "css" / "dkfds.css").read_text()


def addresses() -> Iterator[str]:
    yield from re.findall(r"""url\(["']?([^"')]+)""", style_sheet())


def test_the_design_system_names_only_files_that_are_there() -> None:
    missing = [name for name in addresses() if not name.startswith("data:") and not (DKFDS / "css" / name).exists()]
    assert missing == []


def test_browsers_are_offered_the_small_font_files_only() -> None:
    assert {Path(name).suffix for name in addresses() if "fonts" in name} == {".woff2"}
    assert "sourceMappingURL" not in style_sheet()


def test_no_mark_of_borger_dk_is_shown() -> None:
    assert not [name for name in addresses() if "logo" in name]
    assert not list(DKFDS.rglob("*logo*"))


@pytest.mark.parametrize(
    ("licence", "says"),
    [
        ("LICENSE.md", "MIT license"),
        ("fonts/OFL.txt", "SIL OPEN FONT LICENSE"),
        ("fonts/OFL-Arabic.txt", "SIL OPEN FONT LICENSE"),
        ("img/Apache-2.0.txt", "Apache License"),
    ],
)
def test_the_licences_lie_beside_what_they_license(licence: str, says: str) -> None:
    assert says in (DKFDS / licence).read_text(encoding="utf-8")


def test_the_mirrored_style_sheet_is_the_same_one_with_its_sides_exchanged_and_arabic_letters() -> None:
    here, there = style_sheet(), (DKFDS / "css" / "dkfds.rtl.css").read_text()
    pads = re.compile(r"[{;]padding-(left|right):")
    sides = [[match[1] for match in pads.finditer(sheet)] for sheet in (here, there)]
    assert sides[0]
    assert sides[1] == [{"left": "right", "right": "left"}[side] for side in sides[0]]
    arabic = re.findall(r"url\((\.\./fonts/ibm-plex-sans-arabic[^)]*)\)", there)
    assert [name for name in arabic if (DKFDS / "css" / name).exists()] == arabic
    assert len(arabic) == len(re.findall(r"unicode-range:U\+0600-06FF", there)) > 0
    assert "ibm-plex-sans-arabic" not in here


def test_what_the_templates_use_of_the_design_system_was_not_left_out() -> None:
    """``scripts/design_system.py`` names the components that no page has; a page that begins to has them taken off."""
    classes: set[str] = set()
    for template in (*(ROOT / "templates").rglob("*.html"), *(ROOT / "portal").rglob("*.html")):
        for found in re.findall(r'class="([^"]*)"', template.read_text("utf-8")):
            classes.update(re.sub(r"\{[{%].*?[}%]\}", "_", found).split())
    theirs = {name for name in classes if "_" not in name and not name.startswith(OURS)}
    assert {name for name in theirs if f".{name}" not in style_sheet()} == set()


def test_every_symbol_that_a_page_draws_is_in_the_sprite() -> None:
    """A new one is added to ``ICONS`` in ``scripts/design_system.py``."""
    told = {
        *(found for page in (ROOT / "templates").rglob("*.html") for found in DRAWN.findall(page.read_text("utf-8"))),
        *(found for data in (ROOT / "borgerblik").rglob("*.toml") for found in NAMED.findall(data.read_text("utf-8"))),
        *(found for code in (ROOT / "borgerblik").rglob("*.py") for found in NAMED.findall(code.read_text("utf-8"))),
    }
    sprite = (DKFDS / "img" / "all-svg-icons.svg").read_text("utf-8")
    assert len(told) > 20
    assert told - set(re.findall(r'<symbol id="([^"]+)"', sprite)) == set()
