"""A server of sample pages without a database, and a template engine that bears no unknown name."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from pytest_django import Settings

from tests.pages.sample_server import sample_server

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


@pytest.fixture(scope="module")
def sample_site() -> Iterator[str]:
    with sample_server() as address:
        yield address
