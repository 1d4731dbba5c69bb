"""What the terminal says when the demo is ready: where it is, who can sign in, how another system asks, how it ends."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import httpx

from portal.demo.errors import DemoError


class Story(TypedDict):
    da: str
    en: str


class Someone(TypedDict):
    """A made-up person of the mock indexes, as far as the terminal tells of them."""

    name: str
    story: Story


class MadeUpCitizen(Someone):
    given_name: str
    cpr: str  # an impossible date
    municipality: str


class People(TypedDict):
    citizens: list[MadeUpCitizen]
    staff: list[Someone]


def fetch_people(indexes_url: str) -> People:
    """Who can sign in.

    Raises:
        DemoError: the mock indexes do not say.
    """
    try:
        answer = httpx.get(f"{indexes_url}/_people", timeout=10, trust_env=False).raise_for_status()
        people: People = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise DemoError(
            f"The mock indexes do not say who can sign in ({type(error).__name__}), so the demo has no people. "
            "Look at .data/logs/mock.log."
        ) from error
    return people


def welcome(*, url: str, people: People, consumer: str, logs: Path) -> str:
    """The block of text.

    Args:
        url: where the pages are, without a slash at the end.
        people: who can sign in.
        consumer: the REST consumer's id and secret with a space between, or nothing.
        logs: the folder with the log files.
    """
    lines = ["", f"Borgerblik is ready:  {url}/", "", "Sign in as one of these; nobody here is real:"]
    lines += _table(people["citizens"])
    lines += ["", f"Or as staff, for the console at {url}/kommune/:", *_table(people["staff"])]
    if consumer.strip() and people["citizens"]:
        lines += ["", *_rest(f"{url}/api", consumer.strip(), people["citizens"][0])]
    return "\n".join([*lines, "", f"Logs: {logs}    Ctrl-C ends everything.", ""])


def _rest(api: str, consumer: str, whom: MadeUpCitizen) -> list[str]:
    """Two lines to copy into another terminal: a token, and one citizen's overview by it."""
    client_id, _, secret = consumer.partition(" ")
    asked = json.dumps({"cpr": whom["cpr"], "municipality": whom["municipality"], "language": "en"})
    credentials = f"-u {client_id}:{secret} -d grant_type=client_credentials"
    read_it = r"""sed 's/.*"access_token": *"\([^"]*\)".*/\1/'"""
    headers = """-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'"""
    return [
        f"Or as another system, by REST ({api}/docs/); paste both lines to read about {whom['given_name']}:",
        f"  TOKEN=$(curl -s {credentials} {api}/v1/oauth/token | {read_it})",
        f"  curl {headers} -d '{asked}' {api}/v1/citizen-summaries",
    ]


def _table(people: Sequence[Someone]) -> list[str]:
    width = max((len(person["name"]) for person in people), default=0)
    return [f"  {person['name']:<{width}}  {person['story']['en']}" for person in people]
