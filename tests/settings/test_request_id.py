"""The id of a request: a proxy's own, or made here; in each line of the log, and with what went wrong."""

import logging
from uuid import UUID

import pytest
from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from portal import request_id
from portal.api import problems
from portal.logs import JsonFormatter, MaskingFormatter

PROXYS = "0a1b2c3d000040008000aabbccddeeff"
SPELLED = "0a1b2c3d-0000-4000-8000-aabbccddeeff"


@pytest.fixture
def _behind_a_proxy(settings: Settings) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"trusted_proxies": 1})


def answered(status: int = 200, **meta: str) -> tuple[list[str | None], HttpResponse]:
    """What the id was, twice while a request was answered, and the answer."""
    seen: list[str | None] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.extend([request_id.current(), request_id.current()])
        return HttpResponse(status=status)

    request = HttpRequest()
    request.META = dict(meta)
    return seen, request_id.identified(view)(request)


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize("given", [PROXYS, SPELLED, SPELLED.upper()])
def test_a_proxys_id_is_kept(given: str) -> None:
    assert answered(HTTP_X_REQUEST_ID=given)[0] == [SPELLED, SPELLED]


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize("given", ["", "6113011234", "x" * 32, PROXYS * 2, f"{{{SPELLED}}}", f"{SPELLED[:-1]}\n"])
def test_what_is_no_uuid_is_not_believed(given: str) -> None:
    first, second = answered(HTTP_X_REQUEST_ID=given)[0]
    assert first == second != SPELLED
    assert UUID(first)


def test_without_a_proxy_of_ours_nobodys_is_believed(settings: Settings) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"trusted_proxies": 0})
    assert answered(HTTP_X_REQUEST_ID=PROXYS)[0][0] != SPELLED


@pytest.mark.usefixtures("_behind_a_proxy")
def test_only_what_went_wrong_says_its_id() -> None:
    assert answered(500, HTTP_X_REQUEST_ID=PROXYS)[1]["X-Request-ID"] == SPELLED
    assert "X-Request-ID" not in answered(404, HTTP_X_REQUEST_ID=PROXYS)[1]
    request_finished.send(None)
    assert request_id.current() is None


@pytest.mark.urls("tests.api.urls")
def test_what_django_writes_of_an_error_says_it_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(MaskingFormatter("{name} {message}", style="{"))
    answer = client.get("/api/broken")
    assert answer.status_code == 500
    assert f"django.request Internal Server Error: /api/broken [request {answer['X-Request-ID']}]" in caplog.text


@pytest.mark.usefixtures("_behind_a_proxy")
def test_lines_and_problems_say_it_too() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "It failed.", None, None)
    said: list[object] = []

    def view(_request: HttpRequest) -> HttpResponse:
        said.append(MaskingFormatter("{message}", style="{").format(record))
        said.append(f'"request": "{SPELLED}"' in JsonFormatter().format(record))
        said.append(problems.body(problems.SERVER_ERROR)["instance"])
        said.append("instance" in problems.body(problems.NOT_FOUND))
        return HttpResponse()

    request = HttpRequest()
    request.META = {"HTTP_X_REQUEST_ID": PROXYS}
    request_id.identified(view)(request)
    assert said == [f"It failed. [request {SPELLED}]", True, f"urn:uuid:{SPELLED}", False]
