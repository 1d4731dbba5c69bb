"""A server of sample pages without a database, and a template engine that bears no unknown name."""

import threading
from collections.abc import Iterator
from copy import deepcopy
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from pytest_django import Settings

PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last.

    Playwright keeps an event loop running in the tests' thread, and where a loop runs, Django opens a database
    connection of its own (asgiref's ``Local``) that nobody closes: the test database could not be dropped.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


class Undefined(str):
    """What a template prints for a name it does not know: a failure that says the name."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        pytest.fail(f"A template prints {name}, which nobody has given it.")


@pytest.fixture
def strict_templates(settings: Settings) -> None:
    """Unknown names fail; style sheets keep their plain names."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined")
    settings.TEMPLATES = templates
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC}


@pytest.fixture
def sample_addresses(settings: Settings) -> None:
    """The addresses of ``sample_urls``, for requests within the process."""
    settings.ROOT_URLCONF = "tests.pages.sample_urls"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """The test says what went wrong."""


@pytest.fixture(scope="module")
def sample_site() -> Iterator[str]:
    """The address of a server of ``sample_urls``: the real middleware and files; sessions in cookies, no database."""
    with override_settings(
        ROOT_URLCONF="tests.pages.sample_urls",
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        STATIC_ROOT=django_settings.STATIC_ROOT,
    ):
        server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=_Silent)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()
