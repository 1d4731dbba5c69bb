"""The OpenAPI 3.1 document: the calls from the views, the shapes from the classes they answer with."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from msgspec.json import schema_components
from pydantic import TypeAdapter

from portal.api import problems
from portal.api.summary import Summary, SummaryRequest
from portal.models import SCOPES

REF = "#/components/schemas/{model}"
TOKEN_URL = "/api/v1/oauth/token"  # noqa: S105 - an address, not a secret

PROBLEM = {
    "type": "object",
    "description": "A problem (RFC 9457). `type` leads to what it means and what to do.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": REF.format(model="FieldError")}},
    },
}


def ref(model: type) -> dict[str, str]:
    """A reference to the shape of a class."""
    return {"$ref": REF.format(model=model.__name__)}


def summary_answer() -> dict[tuple[int, str], Any]:
    """The answer both calls give when all is well, as drf-spectacular takes it."""
    return {(200, "application/json"): OpenApiResponse(ref(Summary), description="The overview")}


def problem_answers(*kinds: problems.Kind) -> dict[tuple[int, str], Any]:
    """The problems a call may answer with, as drf-spectacular takes them."""
    shape = {"$ref": REF.format(model="Problem")}
    return {(kind.status, problems.MEDIA_TYPE): OpenApiResponse(shape, description=kind.title) for kind in kinds}


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # typed only in part
    """How a consumer shows who it is."""

    target_class = "portal.api.consumers.BearerToken"
    name = "consumer"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[Any]]:
        return {self.name: list(auto_schema.view.required_scopes)}  # type: ignore[attr-defined]  # ours have it

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002 - its signature
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": TOKEN_URL, "scopes": dict(SCOPES)}}}


class CitizenSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # typed only in part
    """How a citizen's browser shows who is signed in."""

    target_class = "portal.api.consumers.CitizenSession"
    name = "citizen"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002 - its signature
        return {"type": "apiKey", "in": "cookie", "name": "borgerblik"}


def _shapes() -> dict[str, Any]:
    """The JSON Schema (2020-12) of every class that goes in or out, by its name.

    What goes out is described by msgspec, which writes it; what comes in by pydantic, which checks it.
    """
    _, shapes = schema_components([Summary, problems.FieldError], ref_template=REF.format(model="{name}"))
    asked = TypeAdapter(SummaryRequest).json_schema(ref_template=REF)
    return dict(sorted({**shapes, SummaryRequest.__name__: asked, "Problem": PROBLEM}.items()))


@cache
def document() -> dict[str, Any]:
    """The whole OpenAPI document, made once a process."""
    generator = SchemaGenerator(urlconf="portal.api.urls")  # type: ignore[no-untyped-call]  # typed only in part
    made: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    made["paths"] = {f"/api/v1{path}": calls for path, calls in made["paths"].items()}
    made["components"]["schemas"] = _shapes()
    return made
