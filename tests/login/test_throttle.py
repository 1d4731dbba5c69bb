"""How often one may knock at the sign-in: one sender is stopped, and nobody else for it."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
import redis
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from limits import RateLimitItemPerMinute
from pytest_django import Settings

from portal import client_address
from portal.login import throttle
from portal.login.throttle import AWAY, PAGES, STRAYS, Throttle
from tests.login.attempts import ANSWER, BEGIN
from tests.login.stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

MOST = 3
HERE, EVERYWHERE = "Mange prøver at logge på fra det samme net", "Rigtig mange vil logge på lige nu"


@pytest.fixture(autouse=True)
def store(redis_url: str) -> Iterator[redis.Redis]:
    """The counters, empty before each test; nothing is known of a store that was away in another one."""
    throttle._throttle.cache_clear()
    with redis.Redis.from_url(redis_url.replace("redis+socket://", "unix://")) as found:
        if old := found.keys("sign-in:*"):
            found.delete(*old)
        yield found


@pytest.fixture
def provider(liar: StandIn, settings: Settings) -> StandIn:
    settings.CONFIG = settings.CONFIG.model_copy(update={"sign_ins_per_address": MOST})
    return liar


def from_address(address: str, forwarded: str | None = None) -> Client:
    """A browser at an address; ``forwarded`` is what stands in the header of proxies."""
    return Client(REMOTE_ADDR=address, headers=None if forwarded is None else {"x-forwarded-for": forwarded})


def tell(settings: Settings, **told: object) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update=told)


def begin_until_stopped(client: Client) -> Any:
    for _ in range(MOST):
        assert client.get(BEGIN).status_code == 302
    return client.get(BEGIN)


def assert_stopped(answer: Any, words: str = HERE) -> None:
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert words in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("hops", "forwarded", "peer", "address"),
    [
        (0, None, "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (1, "203.0.113.7, 198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (2, "203.0.113.7, 198.51.100.9,192.0.2.2", "192.0.2.1", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, None, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9:51234", "192.0.2.1", "198.51.100.9"),
        (1, "[2001:db8::9]:51234", "192.0.2.1", "2001:db8::9"),
        (1, "2001:db8::9", "192.0.2.1", "2001:db8::9"),
        (1, "::ffff:198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (1, "unknown", "192.0.2.1", None),
        (1, "198.51.100.9, ", "192.0.2.1", None),
        (1, "<script>", "192.0.2.1", None),
        (0, None, "", None),
    ],
)
def test_where_a_request_comes_from(
    settings: Settings, hops: int, forwarded: str | None, peer: str, address: str | None
) -> None:
    tell(settings, trusted_proxies=hops)
    told = None if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory(REMOTE_ADDR=peer, headers=told).get("/")
    assert client_address.address_of(request) == (ip_address(address) if address else None)


def mark(address: str) -> str:
    return client_address.mark_of(RequestFactory().get("/", REMOTE_ADDR=address))


def test_a_mark_tells_senders_apart_and_not_who_they_are() -> None:
    assert mark("192.0.2.1") == mark("192.0.2.1") != mark("192.0.2.2")
    assert mark("2001:db8:0:1::1") == mark("2001:db8:0:1:ffff:ffff:ffff:ffff") != mark("2001:db8:0:2::1")
    assert mark("nonsense") == mark("") != mark("192.0.2.1")
    assert len(mark("192.0.2.1")) == len(mark("2001:db8::1")) == 32


def test_one_who_begins_too_often_waits_and_everybody_else_goes_on(provider: StandIn) -> None:  # noqa: ARG001
    knocking = from_address("192.0.2.1")
    assert_stopped(begin_until_stopped(knocking))
    sessions = Session.objects.count()
    for _ in range(20):
        assert_stopped(Client(REMOTE_ADDR="192.0.2.1").get(BEGIN))
    assert Session.objects.count() == sessions, "whoever is stopped leaves nothing behind"
    assert from_address("192.0.2.2").get(BEGIN).status_code == 302


@pytest.mark.parametrize(
    ("language", "words"), [("da", "Vent et øjeblik, før du logger på"), ("en", "Wait a moment before you sign in")]
)
def test_the_page_says_so_in_plain_words(provider: StandIn, language: str, words: str) -> None:  # noqa: ARG001
    knocking = from_address("192.0.2.1")
    begin_until_stopped(knocking)
    assert words in knocking.get(BEGIN, {"sprog": language}).content.decode()


@pytest.mark.parametrize("hops", [0, 1])
def test_an_invented_sender_in_front_of_the_true_one_changes_nothing(
    provider: StandIn,  # noqa: ARG001
    settings: Settings,
    hops: int,
) -> None:
    tell(settings, trusted_proxies=hops)
    for number in range(MOST):
        invented = f"203.0.113.{number}, 198.51.100.9"
        assert from_address("192.0.2.1", invented).get(BEGIN).status_code == 302
    assert_stopped(from_address("192.0.2.1", "203.0.113.99, 198.51.100.9").get(BEGIN))
    behind = from_address("192.0.2.1", "203.0.113.99, 198.51.100.10").get(BEGIN)
    assert behind.status_code == (302 if hops else 429), "behind our own proxy each sender counts for itself"


def test_whoever_has_begun_comes_through_though_a_neighbour_knocks(provider: StandIn) -> None:
    mette, neighbour = from_address("192.0.2.1"), from_address("192.0.2.1")
    state = provider.listen_to(mette.get(BEGIN)["Location"])
    for _ in range(MOST):
        neighbour.get(BEGIN)
    assert_stopped(neighbour.get(BEGIN))
    for _ in range(STRAYS + 1):
        neighbour.get(ANSWER, {"code": "x", "state": "guessed"})
    assert_stopped(neighbour.get(ANSWER, {"code": "x", "state": "guessed"}))
    assert mette.get(ANSWER, {"code": "a-code", "state": state})["Location"] == "/"


def test_whoever_is_signed_in_can_stay_and_leave_though_a_neighbour_knocks(provider: StandIn) -> None:
    mette, neighbour = from_address("192.0.2.1"), from_address("192.0.2.1")
    mette.get(ANSWER, {"code": "a-code", "state": provider.listen_to(mette.get(BEGIN)["Location"])})
    stopped = next(number for number in range(PAGES + 2) if neighbour.get("/log-ind/tid/").status_code == 429)
    assert stopped == PAGES
    assert_stopped(neighbour.get("/log-ind/"))
    assert_stopped(neighbour.get("/log-ind/logget-af/"))
    assert_stopped(neighbour.post("/log-ind/bliv/"))
    assert mette.get("/log-ind/tid/").status_code == 200
    assert mette.post("/log-ind/bliv/").status_code == 302
    assert mette.get("/log-ind/?next=/kommune/").status_code == 200
    assert mette.post("/log-af/").status_code == 302


def test_guessed_answers_are_stopped_before_the_provider_is_asked(provider: StandIn) -> None:
    guessing = from_address("192.0.2.1")
    answers = [guessing.get(ANSWER, {"code": "x", "state": f"guess {number}"}) for number in range(STRAYS + 1)]
    assert [answer.status_code for answer in answers] == [400] * STRAYS + [429]
    assert provider.asked == []


def test_all_together_are_stopped_too_but_not_by_one_sender(provider: StandIn, settings: Settings) -> None:  # noqa: ARG001
    tell(settings, sign_ins_per_minute=MOST + 2)
    knocking = from_address("192.0.2.1")
    begin_until_stopped(knocking)
    for _ in range(10):
        knocking.get(BEGIN)  # stopped, and so not counted among all
    assert [from_address(f"192.0.2.{n}").get(BEGIN).status_code for n in (2, 3, 4)] == [302, 302, 429]
    assert_stopped(from_address("192.0.2.5").get(BEGIN), EVERYWHERE)


def test_the_log_says_so_once_and_names_nobody(provider: StandIn, caplog: pytest.LogCaptureFixture) -> None:  # noqa: ARG001
    knocking = from_address("198.51.100.77")
    with caplog.at_level(logging.DEBUG, "portal"):
        begin_until_stopped(knocking)
        for _ in range(10):
            knocking.get(BEGIN)
    assert caplog.text.count("Signing in is throttled (begin: more than 3 a minute).") == 1
    assert "198.51.100.77" not in caplog.text


def test_the_counters_hold_no_address_and_are_soon_gone(provider: StandIn, store: redis.Redis) -> None:  # noqa: ARG001
    begin_until_stopped(from_address("198.51.100.77"))
    from_address("198.51.100.77").get("/log-ind/")
    from_address("198.51.100.77").get(ANSWER, {"state": "x"})
    keys = store.keys("sign-in:*")
    assert len(keys) >= 4
    for key in keys:
        assert "198.51" not in f"{key!r} {store.get(key)!r}"
        assert 0 < int(store.ttl(key)) <= 120


THREE = RateLimitItemPerMinute(MOST)
# What the counting asks of the store, and what its script asks within.
INSIDE = {f"cmdstat_{name}" for name in ("evalsha", "pttl", "get", "set", "exists", "incrby", "info")}


def test_processes_count_together(redis_url: str) -> None:
    one, other = Throttle(redis_url), Throttle(redis_url)
    assert [bool(counter.take(THREE, "x")) for counter in (one, other, one, other, one)] == [False] * 3 + [True] * 2


@pytest.mark.parametrize("shared", [True, False])
def test_what_is_left_is_told_by_the_counting(redis_url: str, *, shared: bool) -> None:
    counter = Throttle(redis_url if shared else "")
    counted = [counter.count(THREE, "x") for _ in range(5)]
    assert [told.left for told in counted] == [2, 1, 0, 0, 0]
    assert all(0 < told.reset <= 60 for told in counted)
    assert [told.wait for told in counted] == [0, 0, 0, counted[3].reset, counted[4].reset]


def test_a_new_window_lasts_its_whole_minute(redis_url: str) -> None:
    assert Throttle(redis_url).count(THREE, "x").reset == 60


def test_a_border_between_two_minutes_lets_nobody_through_twice(redis_url: str, store: redis.Redis) -> None:
    counter = Throttle(redis_url)
    assert counter.count(THREE, "x").left == 2
    store.set("sign-in:{LIMITER/x/3/1/minute}/-1", 3, px=50_000)  # three in the minute before, of which 50 s count
    told = counter.count(THREE, "x")
    assert (told.left, told.wait) == (0, told.reset)
    assert 0 < told.wait <= 20, "each of the three counts for 20 s"


def test_the_store_is_asked_once_for_all_that_is_told(redis_url: str, store: redis.Redis) -> None:
    counter = Throttle(redis_url)
    counter.take(THREE, "x")  # it knows the script now
    store.config_resetstat()
    counter.count(THREE, "x")
    asked = store.info("commandstats")
    assert asked["cmdstat_evalsha"]["calls"] == 1
    assert not [name for name in asked if name not in INSIDE and not name.startswith("cmdstat_config")]


def test_a_store_that_was_restarted_is_asked_again_at_once(
    redis_url: str, store: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    counter = Throttle(redis_url)
    assert counter.take(THREE, "x") == 0
    store.script_flush()
    store.client_kill_filter(_type="normal", skipme=True)
    assert [bool(counter.take(THREE, "x")) for _ in range(3)] == [False, False, True]
    assert caplog.text == ""


@contextmanager
def silent_store() -> Iterator[str]:
    """A store that takes a connection and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def assert_counts_for_itself(url: str, caplog: pytest.LogCaptureFixture) -> None:
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        counter = Throttle(url)
        assert [bool(counter.take(THREE, "x")) for _ in range(5)] == [False] * 3 + [True] * 2
    assert time.monotonic() - began < 2  # seconds: asked once, and not again for a while
    assert caplog.text.count("so each process counts for itself") == 1


def test_without_its_store_each_process_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    assert_counts_for_itself("redis+socket:///nowhere/at/all", caplog)


def test_a_store_that_hangs_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    with silent_store() as url:
        assert_counts_for_itself(url, caplog)


@pytest.mark.parametrize("url", ["", "sentinel://127.0.0.1:26379", "nonsense"])
def test_what_is_no_single_store_is_not_asked(url: str) -> None:
    counter = Throttle(url)
    assert [bool(counter.take(THREE, "x")) for _ in range(4)] == [False] * 3 + [True]


def test_a_store_that_is_back_is_asked_again(redis_url: str, store: redis.Redis) -> None:
    now = [0.0]
    counter = Throttle(redis_url, clock=lambda: now[0])
    counters = "sign-in:{LIMITER/x/3/1/minute}"
    store.rpush(counters, "no number")  # it answers, and with an error
    assert counter.take(THREE, "x") == 0
    store.delete(counters)
    assert counter.take(THREE, "x") == 0
    assert store.keys("sign-in:*") == []
    now[0] = AWAY
    assert counter.take(THREE, "x") == 0
    assert len(store.keys("sign-in:*")) == 1
