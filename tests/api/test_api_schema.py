"""The OpenAPI document and the documentation page: made from the code, and true of what is answered."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types; drf-spectacular needs it
from pytest_django import Settings

from portal.api.answers import summary_of
from portal.api.paging import MOST, Window
from portal.api.problems import KINDS
from portal.api.rendering import dumps
from portal.api.schema import document
from tests.api.conftest import Answer
from tests.sample_overview import SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


@pytest.fixture(autouse=True)
def plain_static(settings: Settings) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def validator(shape: str) -> Draft202012Validator:
    """Of one shape of the document, with all the others at hand."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{shape}", "components": document()["components"]})


def errors(shape: str, body: bytes) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(shape).iter_errors(orjson.loads(body))]


def test_the_document_is_public_and_of_openapi_3_1(client: Client) -> None:
    found = client.get("/api/v1/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    kinds = {
        "summaries": "summary",
        "cases": "cases",
        "payments": "payments",
        "plans": "plan",
        "access-logs": "access-log",
    }
    of_one = {f"citizen-{many}" for many in kinds} | {f"me/{one}" for one in kinds.values()}
    of_nobody = {"areas", "findUsage", "usagePeriod", "heartbeat"}
    assert found["paths"].keys() == {f"/api/v1/{path}" for path in of_one | of_nobody}
    flows = found["components"]["securitySchemes"]["consumer"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == reverse("api_token")


def test_every_reference_leads_to_a_shape() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [ref for value in part.values() for ref in references(value)]
        return [ref for value in part for ref in references(value)] if isinstance(part, list) else []

    shapes = document()["components"]["schemas"]
    assert {ref.removeprefix("#/components/schemas/") for ref in references(document())} == set(shapes)


def test_every_shape_is_a_schema() -> None:
    for shape in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_overview_fits_the_document(name: str, language: str) -> None:
    assert errors("Summary", dumps(summary_of(SAMPLES[name](language), Window()))) == []


def test_an_answer_fits_the_document(ask: Callable[..., Answer]) -> None:
    assert errors("Summary", ask({"cpr": "6113991234", "municipality": "0730"}).content) == []


def test_a_problem_fits_the_document(ask: Callable[..., Answer]) -> None:
    assert errors("Problem", ask({"cpr": "1"}).content) == []


def test_how_many_items_a_page_may_have_is_told() -> None:
    limit = document()["components"]["schemas"]["CitizenPageRequest"]["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"]) == (1, MOST)


def test_the_page_shows_every_call_every_shape_and_every_problem(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert '<html lang="en"' in page
    for path in document()["paths"]:
        assert path in page
    for shape in document()["components"]["schemas"]:
        assert f'id="shape-{shape}"' in page
    for kind in KINDS:
        assert f'id="{kind.type.partition("#")[2]}"' in page


def test_every_problem_leads_to_the_page() -> None:
    assert all(kind.type.startswith(f"{reverse('api_docs')}#") for kind in KINDS)
