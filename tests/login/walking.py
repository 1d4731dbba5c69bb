"""The way through the demo's provider as a person goes it: the list, a button, and back to the site."""

import re

import httpx

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
