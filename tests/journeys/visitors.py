"""Who goes on a journey: the demo's people, each with a browser of their own."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.login.walking import sign_in
from tests.ops.mock_indexes import MockIndexes


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The running mock indexes and the people in them."""

    indexes: MockIndexes
    people: dict[str, dict[str, Any]]


class Visitor:
    """Somebody with a browser, signed in through the identity provider as one of the demo's people."""

    def __init__(self, key: str, *, staff: bool = False) -> None:
        self.client = Client()
        answer = sign_in(self.client, key)
        assert answer.status_code == 302, answer.content.decode()
        assert answer["Location"] == ("/kommune/" if staff else "/")

    def page(self, path: str = "/") -> str:
        """A page's HTML, with hard spaces made soft."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode().replace("\xa0", " ")

    def summary(self) -> dict[str, Any]:
        """The same overview by REST."""
        answer = self.client.get("/api/v1/me/summary")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found
