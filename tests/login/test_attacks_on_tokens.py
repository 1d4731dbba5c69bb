"""Attacks on what the provider signs: another algorithm, another key, another token, keys without end.

Each is tried against the whole site by a provider that lies (``stand_in``), for that is who could.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from tests.login.attempts import ANSWER, assert_failed, begin, come_back
from tests.login.stand_in import CLIENT, FIRST, FOREIGN, METTE, SECOND, SECRET, StandIn, packed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"}, private=True)
OTHER_CURVE = ECKey.generate_key("P-384", {"kid": "curve", "use": "sig"}, private=True)
# The key that signs, published as one for something else.
ENCRYPTS, FOR_ANOTHER = (
    RSAKey.import_key({**FIRST.as_dict(private=False), **told}) for told in ({"use": "enc"}, {"alg": "PS256"})
)
SHARED = OctKey.import_key("a secret that both sides know, long enough", {"kid": "first"})


def signed(header: dict[str, Any], said: dict[str, Any], key: Any) -> str:
    """A token. A key of bytes is the secret of an HMAC: the library refuses to take a public key's text for one."""
    if not isinstance(key, bytes):
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        return jwt.encode(header, said, key, registry=registry)
    text = f"{packed(header)}.{packed(said)}"
    digest = hmac.digest(key, text.encode(), {"HS256": "sha256", "HS512": "sha512"}[header["alg"]])
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def said_by(provider: StandIn) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": provider.url, "sub": "mette", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": provider.nonce}


def answer_with(client: Client, provider: StandIn, token: str) -> Any:
    """Come back to a provider that gives this ID token."""
    state = begin(client, provider)
    provider.instead["/token"] = (200, json.dumps({"access_token": "x", "id_token": token}).encode())
    return client.get(ANSWER, {"code": "a-code", "state": state})


@pytest.mark.parametrize(
    ("header", "key", "published"),
    [
        ({"alg": "HS256", "kid": "first"}, FIRST.as_pem(private=False), [FIRST]),
        ({"alg": "HS256"}, FIRST.as_pem(private=False), [FIRST]),
        ({"alg": "HS256"}, FIRST.as_der(private=False), [FIRST]),
        ({"alg": "HS512", "kid": "first"}, FIRST.as_pem(private=False), [FIRST]),
        ({"alg": "HS256", "kid": "first"}, SHARED, [SHARED]),
        ({"alg": "RS256", "kid": "first"}, FIRST, [ENCRYPTS]),
        ({"alg": "RS256", "kid": "first"}, FIRST, [FOR_ANOTHER]),
        ({"alg": "ES256", "kid": "curve"}, CURVE, [FIRST]),
        ({"alg": "ES384", "kid": "curve"}, OTHER_CURVE, [OTHER_CURVE]),
        ({"alg": "RS256"}, SECOND, [FIRST, SECOND]),
        ({"alg": "RS256", "kid": "first", "jwk": FOREIGN.as_dict(private=False)}, FOREIGN, [FIRST]),
        ({"alg": "RS256", "kid": "evil", "jku": "http://127.0.0.1:9/keys"}, FOREIGN, [FIRST]),
        ({"alg": "RS256", "kid": "evil", "x5u": "http://127.0.0.1:9/cert"}, FOREIGN, [FIRST]),
        ({"alg": "RS256", "kid": "../../../../dev/null"}, FOREIGN, [FIRST]),
        ({"alg": "RS256", "kid": "first' or '1'='1"}, FOREIGN, [FIRST]),
        ({"alg": "RS256", "kid": ""}, FOREIGN, [FIRST]),
        ({"alg": "RS256", "kid": "first\x00"}, FOREIGN, [FIRST]),
    ],
    ids=[
        "public key's PEM as a secret",
        "the same without kid",
        "public key's DER as a secret",
        "the same with HS512",
        "a shared secret among the keys",
        "a key for encrypting",
        "a key for another algorithm",
        "a curve's key that is not published",
        "an algorithm that we did not choose",
        "no kid where there are two keys",
        "the attacker's key inside the header",
        "the attacker's keys at an address (jku)",
        "the attacker's certificate at an address (x5u)",
        "kid that is a path",
        "kid that is SQL",
        "an empty kid",
        "kid with a zero byte",
    ],
)
def test_a_signature_by_the_wrong_key_or_algorithm(
    client: Client, liar: StandIn, header: dict[str, Any], key: Any, published: list[Any]
) -> None:
    liar.published = [published]
    state = begin(client, liar)
    token = signed(header, said_by(liar), key)
    liar.instead["/token"] = (200, json.dumps({"access_token": "x", "id_token": token}).encode())
    assert_failed(client, client.get(ANSWER, {"code": "a-code", "state": state}))


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "", None, ["RS256"], {"RS256": 1}, 7, "RS256 "], ids=str
)
def test_a_header_with_an_algorithm_that_is_none(client: Client, liar: StandIn, alg: object) -> None:
    begin(client, liar)
    for signature in ("", "AAAA"):
        token = f"{packed({'alg': alg, 'kid': 'first'})}.{packed(said_by(liar))}.{signature}"
        assert_failed(client, answer_with(client, liar, token))


@pytest.mark.parametrize("kid", [7, ["first"], {"first": 1}, None, True], ids=str)
def test_a_kid_that_is_no_text(client: Client, liar: StandIn, kid: object) -> None:
    liar.published = [[FIRST, SECOND]]
    begin(client, liar)
    token = f"{packed({'alg': 'RS256', 'kid': kid})}.{packed(said_by(liar))}.AAAA"
    assert_failed(client, answer_with(client, liar, token))


def tampered(token: str, **said: object) -> str:
    head, body, signature = token.split(".")
    old = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{head}.{packed({**old, **said})}.{signature}"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: tampered(token, sub="another"),
        lambda token: tampered(token, **METTE),
        lambda token: token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB"),
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.rpartition(".")[0],
        lambda token: f"{token}.{token}",
        lambda token: f"{token}..",
        lambda token: json.dumps({"payload": token.split(".")[1], "signatures": []}),
        lambda token: packed({"alg": "RS256", "kid": "first", "crit": ["exp"], "exp": 1}) + token[token.index(".") :],
        lambda token: (
            packed({"alg": "RS256", "kid": "first", "b64": False, "crit": ["b64"]}) + token[token.index(".") :]
        ),
        lambda token: packed({"alg": "dir", "enc": "A256GCM"}) + ".AA.AA.AA.AA" + token[:0],
    ],
    ids=[
        "another subject",
        "claims put in",
        "another signature",
        "an empty signature",
        "no signature",
        "two tokens in one",
        "too many parts",
        "a token in JSON",
        "a critical header that we do not know",
        "a body that is not encoded",
        "an encrypted token",
    ],
)
def test_a_token_that_was_changed_on_its_way(client: Client, liar: StandIn, change: Any) -> None:
    begin(client, liar)
    assert_failed(client, answer_with(client, liar, change(liar.id_token())))


def test_a_signature_of_nothing_but_zeros(client: Client, liar: StandIn) -> None:
    """CVE-2022-21449: r and s of zero, which a careless library takes for a good signature of anything."""
    liar.published = [[CURVE]]
    begin(client, liar)
    nothing = base64.urlsafe_b64encode(bytes(64)).decode().rstrip("=")
    token = f"{packed({'alg': 'ES256', 'kid': 'curve'})}.{packed(said_by(liar))}.{nothing}"
    assert_failed(client, answer_with(client, liar, token))


@pytest.mark.parametrize("kid", ["first", "curve"])
def test_the_algorithms_that_we_chose_are_taken(client: Client, liar: StandIn, kid: str) -> None:
    """What shows that the attacks above fail for their own reason."""
    liar.published = [[FIRST, CURVE]]
    liar.header = {"alg": "RS256" if kid == "first" else "ES256", "kid": kid}
    liar.key = FIRST if kid == "first" else CURVE
    assert come_back(client, liar)["Location"] == "/"


def test_the_id_token_of_another_sign_in_is_good_for_nothing(client: Client, liar: StandIn) -> None:
    """Nonce reuse: a token that was good a moment ago, of the same person at the same provider, brought again."""
    state = begin(client, liar)
    caught = liar.id_token()
    assert client.get(ANSWER, {"code": "a-code", "state": state})["Location"] == "/"
    client.post("/log-af/")
    assert_failed(client, answer_with(client, liar, caught))


@pytest.mark.parametrize(
    "near",
    [
        lambda ours: [ours],
        lambda ours: {ours: 1},
        lambda ours: f"{ours} ",
        lambda ours: ours.swapcase(),
        lambda ours: ours[:-1],
        lambda _: [],
        lambda _: "",
        lambda _: 0,
        lambda _: True,
    ],
    ids=[
        "in a list",
        "as a name",
        "with a space",
        "in other letters",
        "cut short",
        "an empty list",
        "empty",
        "0",
        "true",
    ],
)
def test_a_nonce_that_is_nearly_ours(client: Client, liar: StandIn, near: Callable[[str], object]) -> None:
    state = begin(client, liar)
    liar.token = {"nonce": near(liar.nonce)}
    assert_failed(client, client.get(ANSWER, {"code": "a-code", "state": state}))


def test_no_two_sign_ins_share_a_secret(client: Client, liar: StandIn) -> None:
    begun = [(begin(client, liar), liar.nonce, liar.challenge) for _ in range(5)]
    assert len({secret for secrets in begun for secret in secrets}) == 15


def test_somebody_who_signed_in_at_the_provider_before_is_not_taken_over(client: Client, liar: StandIn) -> None:
    """The one before at a library's computer: a provider that passes over ``prompt=login`` says so by ``auth_time``."""
    liar.token = {"auth_time": int(time.time()) - 3600}
    assert_failed(client, come_back(client, liar))
    liar.token = {"auth_time": float("nan")}
    assert_failed(client, come_back(client, liar))
    liar.token = {"auth_time": int(time.time())}
    assert come_back(client, liar)["Location"] == "/"


def test_tokens_of_unknown_keys_do_not_make_us_ask_for_keys_without_end(client: Client, liar: StandIn) -> None:
    """Every token names another key. Asked anew each time, the provider would be flooded by way of us."""
    for number in range(6):
        liar.header, liar.key = {"alg": "RS256", "kid": f"key {number}"}, SECOND
        assert_failed(client, come_back(client, liar))
    assert liar.asked.count("/keys") == 2


def test_a_key_that_was_withdrawn_is_not_believed_after_the_keys_were_read_anew(client: Client, liar: StandIn) -> None:
    liar.published = [[FIRST], [SECOND]]
    come_back(client, liar)
    client.post("/log-af/")
    liar.header, liar.key = {"alg": "RS256", "kid": "second"}, SECOND
    assert come_back(client, liar)["Location"] == "/"
    client.post("/log-af/")
    liar.header, liar.key = {"alg": "RS256", "kid": "first"}, FIRST
    assert_failed(client, come_back(client, liar))


def test_the_number_of_keys_is_not_the_attackers_to_choose(client: Client, liar: StandIn) -> None:
    many = KeySet([FIRST]).as_dict(private=False)["keys"] * 2000
    liar.instead["/keys"] = (200, json.dumps({"keys": many}).encode())
    assert_failed(client, come_back(client, liar), 503, "Du kan ikke logge på lige nu")


def test_our_own_secret_stays_ours(client: Client, liar: StandIn) -> None:
    state = begin(client, liar)
    assert SECRET not in str(dict(client.session.items()))
    assert SECRET not in client.get(ANSWER, {"code": "a-code", "state": state}).content.decode()
