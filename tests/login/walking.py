"""The way through the demo's provider as a person goes it: the list, a button, and back to the site."""

import re
from typing import Any

import httpx
from django.test import Client

SITE = "http://testserver"
MOST_STEPS = 5


def walk(address: str, person: str) -> httpx.Response:
    """The provider's last answer to whoever was sent to ``address`` and presses the button of ``person``."""
    with httpx.Client(timeout=20) as browser:
        page = browser.get(address, follow_redirects=True)
        assert page.status_code == 200, page.text
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.replace("&amp;", "&")))
        own = str(page.url.copy_with(path="/", query=None))
        answer = browser.post(own, data={**form, "person": person}, headers={"Referer": str(page.url)})
        for _ in range(MOST_STEPS):
            onward = str(answer.url.join(answer.headers.get("location", "")))
            if not answer.is_redirect or not onward.startswith(own):
                return answer
            answer = browser.get(onward)
    raise AssertionError(f"The provider goes round in circles: {onward}")


def choose(address: str, person: str) -> str:
    """Where the provider sends the person who presses the button of ``person``, having been sent to ``address``."""
    answer = walk(address, person)
    assert answer.is_redirect, answer.text
    return answer.headers["location"]


def sign_in(client: Client, person: str, *, wanted: str = "") -> Any:
    """Sign in to the site as one of the demo's people; its answer when they come back."""
    begun = client.get("/log-ind/start/", {"next": wanted})
    assert begun.status_code == 302, begun.content.decode()
    back = choose(begun["Location"], person)
    assert back.startswith(f"{SITE}/log-ind/svar/?")
    return client.get(back.removeprefix(SITE))
