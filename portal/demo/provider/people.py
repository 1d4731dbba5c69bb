"""The made-up people one can sign in as, as the mock indexes list them. Asked for each time and never written down."""

import datetime as dt
from dataclasses import dataclass, field

import httpx
from pydantic import BaseModel, Field, ValidationError

TIMEOUT = 3.0  # seconds; somebody waits for the page


class PeopleError(Exception):
    """The list of people cannot be had. Trying again helps once the mock indexes run."""


class Story(BaseModel):
    da: str
    en: str


class Person(BaseModel):
    """What a citizen and an employee have in common."""

    key: str
    name: str
    story: Story


class Citizen(Person):
    given_name: str
    cpr: str = Field(repr=False)
    birth_date: dt.date
    municipality: str


class Employee(Person):
    """``municipalities`` are kommune codes, the employer's first; none at Udbetaling Danmark."""

    role: str
    municipalities: list[str]


class _Answer(BaseModel):
    citizens: list[Citizen]
    staff: list[Employee]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody one can sign in as."""

    citizens: tuple[Citizen, ...] = field(repr=False)  # they hold CPR numbers
    staff: tuple[Employee, ...]

    def find(self, key: str) -> Citizen | Employee | None:
        everybody: tuple[Citizen | Employee, ...] = (*self.citizens, *self.staff)
        return next((person for person in everybody if person.key == key), None)


def fetch_people(url: str) -> People:
    """Ask the mock indexes who can sign in.

    Raises:
        PeopleError: they do not answer in time, or not with people. Names nobody.
    """
    try:
        answer = httpx.get(url, timeout=TIMEOUT, trust_env=False).raise_for_status()
        read = _Answer.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError) as error:
        # Only the kind of error: its text may hold a person.
        raise PeopleError(
            f"The mock indexes did not say who can sign in ({type(error).__name__}), so nobody can. "
            f"See that they run and that --people is right, then load the page again."
        ) from None
    return People(citizens=tuple(read.citizens), staff=tuple(read.staff))
