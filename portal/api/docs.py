"""The documentation page's content, drawn from the OpenAPI document: the calls, the shapes and the problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from portal import demo_data
from portal.api import examples
from portal.api.schema import document

_PLACEHOLDERS: Final = {"client_id": "your-id", "secret": "your-secret"}
_WHOM: Final = {"cpr": examples.ASKED["cpr"], "municipality": examples.ASKED["municipality"]}
FIRST_CALLS: Final = (
    ("curl", "curl"),
    ("httpx", "Python, with httpx"),
    ("javascript", "JavaScript: Node.js 18 or later"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCall:
    """A program to copy: it fetches a token and reads one overview."""

    language: str
    title: str
    program: str


def first_calls(base: str) -> Iterator[FirstCall]:
    """In each language; in the demo with what its consumer is known by, so that it works as it stands."""
    known = _PLACEHOLDERS
    if settings.CONFIG.demo:
        known = {"client_id": demo_data.CONSUMER, "secret": demo_data.secret_of_consumer()}
    for language, title in FIRST_CALLS:
        program = get_template(f"api/first_call/{language}.txt").template  # type: ignore[attr-defined]  # Django's own
        told = program.render(Context({"base": base, **known, **_WHOM}, autoescape=False))
        yield FirstCall(language=language, title=title, program=told.rstrip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``answers``: (status, what comes). ``example``: a line for the terminal."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    access: str
    example: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    type: str
    shape: str | None  # the shape to look up, when it is one of ours
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    name: str
    description: str
    fields: tuple[Field, ...]
    values: tuple[str, ...]  # of an enumeration


def _access(security: list[Mapping[str, list[str]]]) -> str:
    if not security[0]:
        return "Nothing: anybody may ask"
    scheme, scopes = next(iter(security[0].items()))
    return f"A token with the scope {', '.join(scopes)}" if scopes else f"The session of a signed-in {scheme}"


def _example(path: str, call: Mapping[str, Any]) -> str:
    parts = [f'curl "$BORGERBLIK{path}"']
    if "requestBody" in call:
        body = orjson.dumps(examples.of_request(call["operationId"])["one citizen"]["value"]).decode()
        parts += ['--header "Authorization: Bearer $TOKEN"', f"--json '{body}'"]
    elif call["security"][0]:
        parts += ['--cookie "borgerblik=$SESSION"']
    return " \\\n  ".join(parts)


def _name(ref: str) -> str:
    return ref.rsplit("/", 1)[-1]


def calls() -> Iterator[Call]:
    for path, methods in document()["paths"].items():
        for method, call in methods.items():
            answers = (
                (status, _name(shape["schema"]["$ref"]))
                for status, answer in call["responses"].items()
                for shape in answer.get("content", {}).values()
            )
            yield Call(
                id=call["operationId"],
                method=method.upper(),
                path=path,
                summary=call["summary"],
                description=call["description"],
                access=_access(call["security"]),
                example=_example(path, call),
                answers=tuple(answers),
            )


def _type(schema: Mapping[str, Any]) -> tuple[str, str | None]:
    """A field's type in words, and the shape it names."""
    if "$ref" in schema:
        name = _name(schema["$ref"])
        return name, name
    if "anyOf" in schema:
        parts = [_type(part) for part in schema["anyOf"]]
        return " or ".join(words for words, _ in parts), next((shape for _, shape in parts if shape), None)
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"])), None
    if schema.get("type") == "array":
        words, shape = _type(schema["items"])
        return f"list of {words}", shape
    return str(schema.get("type", "any")), None


def _fields(shape: Mapping[str, Any]) -> Iterator[Field]:
    required = shape.get("required", ())
    for name, schema in shape.get("properties", {}).items():
        words, named = _type(schema)
        yield Field(name=name, type=words, shape=named, required=name in required)


def shapes() -> Iterator[Shape]:
    for name, shape in document()["components"]["schemas"].items():
        yield Shape(
            name=name,
            description=" ".join(shape.get("description", "").split()).replace("``", ""),
            fields=tuple(_fields(shape)),
            values=tuple(shape.get("enum", ())),
        )
