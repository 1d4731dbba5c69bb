"""What every attack on the sign-in begins with and must end with."""

from typing import Any

from django.test import Client

from tests.login.stand_in import StandIn

BEGIN, ANSWER = "/log-ind/start/", "/log-ind/svar/"
REFUSED = "Vi kunne ikke logge dig på"
UNREACHABLE = "Du kan ikke logge på lige nu"


def begin(client: Client, provider: StandIn, **query: str) -> str:
    """Begin to sign in; the state that the answer must bring."""
    return provider.listen_to(client.get(BEGIN, query)["Location"])


def come_back(client: Client, provider: StandIn, **answer: str) -> Any:
    """Begin to sign in and come back with a code; ``answer`` says what else, or otherwise."""
    return client.get(ANSWER, {"code": "a-code", "state": begin(client, provider), **answer})


def assert_nobody(client: Client) -> None:
    """Nobody is signed in in this browser."""
    assert "citizen" not in client.session
    assert "_auth_user_id" not in client.session
    assert client.get("/").status_code == 302


def assert_failed(client: Client, answer: Any, status: int = 400, words: str = REFUSED) -> None:
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert_nobody(client)
