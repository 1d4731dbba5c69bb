"""What these tests share with those of the pages, and a provider that lies."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from pydantic import SecretStr
from pytest_django import Settings

from tests.login.stand_in import CLIENT, SECRET, StandIn, stand_in
from tests.pages.conftest import pytest_collection_modifyitems, sample_site, strict_templates

__all__ = ["pytest_collection_modifyitems", "sample_site", "strict_templates"]


@pytest.fixture
def liar(settings: Settings) -> Iterator[StandIn]:
    """The site's identity provider is one that says what a test tells it to."""
    with stand_in() as standing:
        told: dict[str, object] = {
            "oidc_issuer": standing.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
            "oidc_timeout": 1.5,
        }
        settings.CONFIG = django_settings.CONFIG.model_copy(update=told)
        yield standing
