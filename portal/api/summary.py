"""What a REST call takes and answers: the same ``Overview`` as the pages, in another order.

The OpenAPI document is made from these shapes (``schema.py``), so it cannot drift. The pages'
own parts (greeting, key figures that link to places on the page) are left out.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from borgerblik.overview.shapes import (
    AreaStatus,
    Attention,
    CaseSection,
    Contact,
    MoneySection,
    Overview,
    PlanSection,
    SourceStatus,
    When,
)
from portal.api.problems import FieldError, InvalidFields


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRequest:
    """Whose overview is asked for. The CPR number stands here and nowhere else: never in an address."""

    cpr: Annotated[str, Field(pattern=r"^[0-9]{10}$", description="The citizen's CPR number: ten digits, no hyphen.")]
    municipality: Annotated[
        str,
        Field(pattern=r"^[0-9]{4}$", description="The code of the citizen's own municipality.", examples=["0730"]),
    ]
    language: Annotated[Literal["da", "en"], Field(description="The language of the words in the answer.")] = "da"


_ADAPTER = TypeAdapter(SummaryRequest)
_WANTED = {
    "cpr": "Send ten digits without a hyphen, as a string.",
    "municipality": "Send the four digits of a Danish municipality's code as a string, for example 0730.",
    "language": "Send da or en, or leave it out: da then holds.",
}


def unusable(field: str) -> FieldError:
    """What is wanted in a field that cannot be used."""
    return FieldError(pointer=f"/{field}", detail=_WANTED[field])


def read_request(body: object) -> SummaryRequest:
    """The call's body, checked.

    Raises:
        InvalidFields: with one error for each field, in our words: pydantic's would repeat what was sent.
    """
    try:
        return _ADAPTER.validate_python(body)
    except ValidationError as error:
        fields = {str(found["loc"][0]) if found["loc"] else "" for found in error.errors(include_input=False)}
    known = tuple(unusable(name) for name in sorted(fields & _WANTED.keys()))
    foreign = (FieldError(pointer="", detail=f"Send one object with no other fields than {', '.join(_WANTED)}."),)
    raise InvalidFields(known if fields <= _WANTED.keys() else (*known, *foreign))


class Meta(Struct, frozen=True, kw_only=True):
    """How complete and how fresh the answer is. Read this before you call an empty list "nothing"."""

    generated: When
    language: str
    freshness: str
    sources: tuple[SourceStatus, ...]
    areas: tuple[AreaStatus, ...]


class Citizen(Struct, frozen=True, kw_only=True):
    """Who it is about, without a CPR number. ``authority`` is the citizen's own municipality."""

    name: str
    lead: str
    authority: Contact


class Summary(Struct, frozen=True, kw_only=True):
    """One citizen's overview. Amounts are strings with two decimals, in Danish kroner."""

    meta: Meta
    citizen: Citizen
    attention: tuple[Attention, ...]
    cases: CaseSection
    money: MoneySection
    plan: PlanSection


def summary_of(overview: Overview) -> Summary:
    return Summary(
        meta=Meta(
            generated=overview.generated,
            language=overview.language,
            freshness=overview.freshness,
            sources=overview.sources,
            areas=overview.areas,
        ),
        citizen=Citizen(name=overview.name, lead=overview.lead, authority=overview.authority),
        attention=overview.attention,
        cases=overview.cases,
        money=overview.money,
        plan=overview.plan,
    )
