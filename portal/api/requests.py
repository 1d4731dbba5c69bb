"""What a consumer's call takes: the CPR number stands in the body and nowhere else, never in an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config

from borgerblik.words import LANGUAGES
from indexes.authorities import UDK, by_code
from portal.api.paging import MOST, USUAL, CursorError, Window, place_of
from portal.api.problems import FieldError, InvalidFields

Wanted = TypeVar("Wanted", bound="CitizenRequest")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenRequest:
    """Whom a call is about."""

    cpr: Annotated[str, Field(pattern=r"^[0-9]{10}$", description="The citizen's CPR number: ten digits, no hyphen.")]
    municipality: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{4}$",
            description="The code of the citizen's own municipality.",
            examples=["0730"],
            json_schema_extra={"enum": [code for code in by_code if code != UDK]},
        ),
    ]
    language: Annotated[
        Literal[LANGUAGES] | None,  # type: ignore[valid-type]  # what they are is data
        Field(description="The language of the words in the answer; without it Accept-Language holds, else da."),
    ] = None


def _as_json_counts(value: object) -> object:
    """20.0 is a whole number in JSON (JSON Schema 2020-12, section 4.2.3); "20" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenPageRequest(CitizenRequest):
    """Whom a call is about, and which page of the list."""

    limit: Annotated[
        int,
        Field(strict=True, ge=1, le=MOST, description="The most items on a page."),
        BeforeValidator(_as_json_counts),  # last: limits of what stands before one are not told in the schema
    ] = USUAL
    cursor: Annotated[
        str | None, Field(max_length=400, description="`next` of the page before; without it the first page.")
    ] = None


_WANTED: Final = {
    "cpr": "Send ten digits without a hyphen, as a string.",
    "municipality": "Send the four digits of a Danish municipality's code as a string, for example 0730.",
    "language": f"Send one of {', '.join(LANGUAGES)}, or leave it out: then Accept-Language holds, else da.",
    "limit": f"Send a whole number from 1 to {MOST}, or leave it out: {USUAL} then holds.",
    "cursor": "Send `next` of the page before as it was, to the same call, or leave it out for the first page.",
    "periodStart": "Send a date and time with its zone, for example 2026-01-31T10:20:30Z, or leave it out.",
    "periodEnd": "Send a date and time with its zone, for example 2026-01-31T10:20:30Z, or leave it out.",
    "authority": "Send a kommune code such as 0730, or UDK, or leave it out for all.",
    "offset": "Send a whole number from 0, or leave it out.",
    "userCode": "Leave it out: a person is never named in an address. The answer is about whoever is signed in.",
}


def unusable(field: str) -> FieldError:
    """What is wanted in a field that cannot be used."""
    return FieldError(pointer=f"/{field}", detail=_WANTED[field])


def unusable_parameter(name: str) -> InvalidFields:
    """The same of a parameter in the address, which is named and has no pointer."""
    return InvalidFields((FieldError(parameter=name, detail=_WANTED[name]),))


# pydantic's checkers, built once: building one takes twenty times as long as checking a body.
_CHECKERS: Final[Mapping[type, TypeAdapter[Any]]] = {
    model: TypeAdapter(model) for model in (CitizenRequest, CitizenPageRequest)
}


def read_request(body: object, wanted: type[Wanted]) -> Wanted:
    """The call's body, checked.

    Raises:
        InvalidFields: with one error for each field, in our words: pydantic's would repeat what was sent.
    """
    try:
        checked: Wanted = _CHECKERS[wanted].validate_python(body)
    except ValidationError as error:
        fields = {str(found["loc"][0]) if found["loc"] else "" for found in error.errors(include_input=False)}
    else:
        return checked
    names = wanted.__dataclass_fields__
    known = tuple(unusable(name) for name in sorted(fields & names.keys()))
    foreign = (FieldError(pointer="", detail=f"Send one object with no other fields than {', '.join(names)}."),)
    raise InvalidFields(known if fields <= names.keys() else (*known, *foreign))


def window_of(asked: CitizenRequest, *, of: str) -> Window:
    """Which page a body asks for.

    Raises:
        InvalidFields: the cursor is none of this list.
    """
    if not isinstance(asked, CitizenPageRequest):
        return Window()
    try:
        after = place_of(asked.cursor, of=of) if asked.cursor else None
    except CursorError:
        raise InvalidFields((unusable("cursor"),)) from None
    return Window(limit=asked.limit, after=after)


def whole_number(text: str | None, name: str, *, usual: int, lowest: int, most: int) -> int:
    """A number from the address.

    Raises:
        InvalidFields: it is none, or out of its bounds.
    """
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= most):  # noqa: PLR2004 - int4
        raise unusable_parameter(name)
    return int(text)


def window_in_address(parameters: dict[str, str], *, of: str) -> Window:
    """Which page an address asks for.

    Raises:
        InvalidFields: the limit or the cursor cannot be used.
    """
    limit = whole_number(parameters.get("limit"), "limit", usual=USUAL, lowest=1, most=MOST)
    cursor = parameters.get("cursor")
    try:
        after = place_of(cursor, of=of) if cursor is not None else None
    except CursorError:
        raise unusable_parameter("cursor") from None
    return Window(limit=limit, after=after)


IN: Final = (CitizenRequest, CitizenPageRequest)  # every body that a call takes
