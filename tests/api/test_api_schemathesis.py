"""Schemathesis calls everything in the OpenAPI document in ways nobody thought of, as everybody; a mismatch fails.

Every kind of visitor: nobody, a citizen, a system that may read all, and one that may read little. What it finds out by
itself – no error of ours, only documented answers in the documented form, nothing unusable taken, nothing usable
refused, no call open to whoever lacks the right – is held for each.
"""

from functools import cache
from typing import Any

import pytest
import schemathesis
from django.conf import settings as of_the_run
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from portal.api.problems import BODY_TOO_LARGE
from portal.api.schema import document
from tests.api.conftest import given_token, registered
from tests.api.test_api_my_summary import signed_in

pytestmark = pytest.mark.django_db

EXAMPLES = 5  # of each call and visitor: with 14 calls and four visitors they take half a minute


@cache
def program() -> Any:
    """Made when the first call is, by when there are static files and requests run under the services' roles."""
    return get_wsgi_application()


def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The program as a server calls it, but that it keeps the test's own connection to the database."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        answer = program()(environ, start_response)
        body = b"".join(answer)
        answer.close()
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return [body]


schema = schemathesis.openapi.from_dict(document())
schema.app = served
quickly = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,  # the same calls each time: what fails fails for everybody
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def visitor(request: pytest.FixtureRequest) -> dict[str, str]:
    """The headers by which somebody is known."""
    return HEADERS[request.param]()  # type: ignore[no-untyped-call]  # typed only in part


def a_citizen() -> dict[str, str]:
    client = signed_in(Client(), "6213991234")
    return {"Cookie": f"{of_the_run.SESSION_COOKIE_NAME}={client.cookies[of_the_run.SESSION_COOKIE_NAME].value}"}


def a_system(**limits: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {given_token(registered(**limits))}"}


HEADERS = {
    "nobody": dict,
    "citizen": a_citizen,
    "system": a_system,
    "narrow system": lambda: a_system(authorities=("0730",), areas=("social",), scopes=("cases",)),
}


@pytest.mark.parametrize("visitor", HEADERS, indirect=True)
@schema.parametrize()
@quickly
def test_the_document_keeps_what_it_says(case: "schemathesis.Case[Any]", visitor: dict[str, str]) -> None:
    answer = case.call(headers=visitor)
    case.validate_response(answer, headers=visitor, excluded_checks=unknowable(case, answer.status_code))


def unknowable(case: "schemathesis.Case[Any]", status: int) -> list[Any]:
    """The checks that ask what no document can say.

    Which cursors we have made: a made-up one is refused, though it is a text. And that a body longer than any call
    needs is refused unread (413), before anybody knows whether it was usable.
    """
    body = case.body if isinstance(case.body, dict) else {}
    made_up = "cursor" in {**body, **(case.query or {})}
    return [*([positive_data_acceptance] * made_up), *([negative_data_rejection] * (status == BODY_TOO_LARGE.status))]
