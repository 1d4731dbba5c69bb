"""The OpenAPI 3.1 document: the calls from the views, the shapes from the classes they answer with."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from msgspec.json import schema_components
from pydantic import TypeAdapter

from portal.api import examples, problems
from portal.api.answers import OUT
from portal.api.requests import IN
from portal.models import SCOPES

REF = "#/components/schemas/{model}"
JSON = "application/json"
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
        "instance": {
            "type": "string",
            "format": "uri",
            "description": "Which occurrence this is, when it was our fault: tell it to whoever runs the service.",
        },
        "errors": {"type": "array", "items": {"$ref": REF.format(model="FieldError")}},
    },
}


def ref(model: type) -> dict[str, str]:
    """A reference to the shape of a class."""
    return {"$ref": REF.format(model=model.__name__)}


def answer(shape: type, *, tagged: bool) -> dict[Any, Any]:
    """The answer when all is well, as drf-spectacular takes it; ``tagged``: it has an ETag."""
    told = "The answer, with its ETag" if tagged else "The answer"
    return {(200, JSON): OpenApiResponse(ref(shape), description=told)}


def not_modified() -> dict[Any, Any]:
    return {304: OpenApiResponse(description="The answer you hold still holds (If-None-Match)")}


def problem_answers(*kinds: problems.Kind) -> dict[Any, Any]:
    """The problems a call may answer with, as drf-spectacular takes them; several may have one status."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(kind.title)
    shape = {"$ref": REF.format(model="Problem")}
    return {
        (status, problems.MEDIA_TYPE): OpenApiResponse(shape, description=", or ".join(told))
        for status, told in titles.items()
    }


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
    _, shapes = schema_components([*OUT, problems.FieldError], ref_template=REF.format(model="{name}"))
    taken = {each.__name__: TypeAdapter(each).json_schema(ref_template=REF) for each in IN}
    return dict(sorted({**shapes, **taken, "Problem": PROBLEM}.items()))


def _headers(status: str) -> dict[str, Any]:
    """The headers that every answer with this status may have."""
    told = {
        "RateLimit-Policy": "How often this caller may call: q calls in w seconds.",
        "RateLimit": "How many of them are left (r), and the seconds until there are more (t).",
    }
    if status in {"200", "304", "412"}:
        told["ETag"] = "Names this answer, but for the time it was made; send it back as If-None-Match."
    if status in {"429", "503"}:
        told["Retry-After"] = "The seconds to wait."
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in told.items()}


def _complete(call: dict[str, Any]) -> dict[str, Any]:
    """A call with the headers of its answers, and an example of what is sent and of each answer."""
    for status, told in call["responses"].items():
        told["headers"] = _headers(status)
        for media, shown in told.get("content", {}).items():
            shown["examples"] = examples.of_answer(call["operationId"], int(status), media)
    if "requestBody" in call:
        call["requestBody"]["required"] = True
        call["requestBody"]["content"][JSON]["examples"] = examples.of_request(call["operationId"])
    return call


@cache
def document() -> dict[str, Any]:
    """The whole OpenAPI document, made once a process."""
    generator = SchemaGenerator(urlconf="portal.api.urls")  # type: ignore[no-untyped-call]  # typed only in part
    made: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    made["paths"] = {
        f"/api/v1{path}": {method: _complete(call) for method, call in calls.items()}
        for path, calls in made["paths"].items()
    }
    made["components"]["schemas"] = _shapes()
    return made
