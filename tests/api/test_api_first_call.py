"""The programs on the documentation page work as they stand: copied from the page and run against a live server."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import orjson
import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal import demo_data
from portal.api.docs import FIRST_CALLS

pytestmark = pytest.mark.django_db(transaction=True)

PROXIES = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name.casefold() not in PROXIES}


def programs(page: str) -> dict[str, str]:
    """Language -> program, as somebody copies it from the page."""
    found = re.findall(r'<h3 id="first-call-(\w+)">.*?<pre><code>(.*?)</code></pre>', page, flags=re.DOTALL)
    return {language: html.unescape(program) for language, program in found}


def command(language: str, program: str, folder: Path) -> list[str]:
    if language == "curl":
        return ["sh", "-c", program]
    node = shutil.which("node")
    assert node, "Node.js came with the design system (make setup)"
    file = folder / ("first.py" if language == "httpx" else "first.mjs")
    file.write_text(program, encoding="utf-8")
    return [sys.executable if language == "httpx" else node, str(file)]


@pytest.fixture
def page(live_server: LiveServer, settings: Settings) -> str:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    demo_data.consumer()
    return httpx.get(f"{live_server.url}/api/docs/", trust_env=False).raise_for_status().text


@pytest.mark.parametrize("language", [language for language, _ in FIRST_CALLS])
def test_a_first_call_works_as_it_stands(page: str, tmp_path: Path, language: str) -> None:
    run = command(language, programs(page)[language], tmp_path)
    said = subprocess.run(  # noqa: S603 - our own page's program
        run, capture_output=True, timeout=60, env=ENVIRONMENT, check=False
    )
    assert said.returncode == 0, said.stderr.decode()
    assert orjson.loads(said.stdout)["meta"]["language"] == "en"


def test_the_page_is_free_of_script(page: str) -> None:
    main = page[page.index("<main") : page.index("</main>")]
    assert "<script" not in main
    assert " on" not in re.findall(r"<[^>]* on\w+=", main)
    assert "style=" not in main


def test_outside_the_demo_the_page_holds_no_secret(client: object, settings: Settings, live_server: LiveServer) -> None:  # noqa: ARG001 - a page is asked for as anybody does
    settings.CONFIG = settings.CONFIG.model_copy(update={"demo": False})
    told = httpx.get(f"{live_server.url}/api/docs/", trust_env=False).text
    assert demo_data.secret_of_consumer() not in told
    assert "your-secret" in told
