"""The demo's own sign-in: made-up people, listed by the mock indexes, each a button. Only active when DEMO is set.

Everything that knows about it is in here; an OIDC provider takes its place by calling ``identity.sign_in`` itself.
"""

import datetime as dt
from dataclasses import dataclass, field

import httpx
from pydantic import BaseModel, Field, ValidationError

from indexes.identity import citizen_id_for
from portal.login.identity import CitizenIdentity, StaffIdentity

TIMEOUT = 3.0  # seconds; somebody waits for the page


class PeopleError(Exception):
    """The list of the demo's people cannot be had. Trying again helps once the mock indexes run."""


class _Story(BaseModel):
    da: str
    en: str


class _Citizen(BaseModel):
    key: str
    name: str
    given_name: str
    cpr: str = Field(repr=False)
    birth_date: dt.date | None = None
    municipality: str
    story: _Story


class _Staff(BaseModel):
    key: str
    name: str
    role: str
    municipalities: list[str]
    story: _Story


class _Answer(BaseModel):
    citizens: list[_Citizen]
    staff: list[_Staff]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody one can sign in as, as the page lists them."""

    key: str
    name: str
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPeople:
    """Everybody one can sign in as."""

    answer: _Answer = field(repr=False)  # holds CPR numbers

    def citizens(self, language: str) -> tuple[Choice, ...]:
        return tuple(Choice(key=p.key, name=p.name, story=getattr(p.story, language)) for p in self.answer.citizens)

    def staff(self, language: str) -> tuple[Choice, ...]:
        return tuple(Choice(key=p.key, name=p.name, story=getattr(p.story, language)) for p in self.answer.staff)

    def citizen(self, key: str) -> CitizenIdentity | None:
        """The identity of a citizen, whose row is made if it is not there; None when nobody has this key."""
        person = next((p for p in self.answer.citizens if p.key == key), None)
        if person is None:
            return None
        return CitizenIdentity(
            citizen_id=citizen_id_for(person.cpr),
            name=person.name,
            given_name=person.given_name,
            birth_date=person.birth_date,
            municipality=person.municipality,
        )

    def employee(self, key: str) -> StaffIdentity | None:
        """The identity of an employee; None when nobody has this key."""
        person = next((p for p in self.answer.staff if p.key == key), None)
        if person is None:
            return None
        return StaffIdentity(
            key=person.key, name=person.name, role=person.role, municipalities=tuple(person.municipalities)
        )


def fetch_people(url: str) -> DemoPeople:
    """Ask the mock indexes who can sign in.

    Raises:
        PeopleError: they do not answer in time, or not with people. Names nobody.
    """
    try:
        answer = httpx.get(url, timeout=TIMEOUT, trust_env=False).raise_for_status()
        return DemoPeople(answer=_Answer.model_validate_json(answer.content))
    except (httpx.HTTPError, ValidationError) as error:
        # Only the kind of error: its text may hold a person.
        raise PeopleError(
            f"The mock indexes did not say who can sign in ({type(error).__name__}), so nobody can. "
            f"See that they run and that DEMO_PEOPLE_URL is right, then load the page again."
        ) from None
