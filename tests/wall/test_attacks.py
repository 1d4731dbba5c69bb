# ruff: noqa: E501 - a table is read row by row
"""Attacks on the running demo, written on the wire as an attacker writes them.

Each row says what is tried, as whom, how, and what must happen: the status, and that nothing of anybody else comes back.
``{mettes_case}`` and the like are filled in with what the attacker might know.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from tests.wall.raw import Answer, ask
from tests.wall.secrets import citizen_ids, secrets_of
from tests.wall.site import Site

JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"
SUMMARIES = "POST /api/v1/citizen-summaries"
NESTED = b"[" * 2000 + b"]" * 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """``without`` must not come back, in head or body; the request's own words do not count as somebody's secrets."""

    what: str
    who: str = "nobody"
    line: str
    headers: tuple[str, ...] = ()
    body: bytes = b""
    must: frozenset[int]
    without: tuple[str, ...] = field(default=())


def row(what: str, who: str, line: str, *must: int, send: tuple[str, ...] = (), **rest: object) -> Attack:
    body = rest.pop("body", b"")
    without = rest.pop("without", ())
    assert not rest
    return Attack(what=what, who=who, line=line, headers=send, body=body, must=frozenset(must), without=without)  # type: ignore[arg-type]


ELSEWHERE = ("elsewhere.example",)
ATTACKS = [
    # what is another's
    row("another's case by its id", "bo", "GET /sager/{mettes_case}/", 404),
    row("another's case in capitals", "bo", "GET /sager/{METTES_CASE}/", 404),
    row("another's case without hyphens", "bo", "GET /sager/{mettescase}/", 404),
    row("another's case, the id twice", "bo", "GET /sager/{mettes_case}/{mettes_case}/", 404),
    row("another's case as an employee", "karen", "GET /sager/{mettes_case}/", 302),
    row("one's own hidden case", "kim", "GET /sager/{kims_hidden_case}/", 404),
    row("another's id as a parameter", "bo", "GET /?citizen_id={mette}&citizen={mette}", 200),
    row("another's id as a header", "bo", "GET /", 200, send=("X-Citizen: {mette}", "X-User: mette", "Remote-User: mette")),
    row("another's id in a cookie", "bo", "GET /sager/", 200, send=("Cookie: {cookie}; citizen={mette}; citizen_id={mette}",)),
    row("the console as a citizen", "bo", "GET /kommune/", 302),
    row("another authority's desk", "karen", "GET /kommune/?kommune=0461", 404),
    row("a desk as a coordinator", "henrik", "GET /kommune/", 403),
    # what is wrong, and who sees it
    row("what is wrong with another's case", "bo", "GET /noget-galt/sag/{mettes_case}/", 404),
    row("what is wrong with one's own hidden case", "kim", "GET /noget-galt/sag/{kims_hidden_case}/", 404),
    row("one's own case as if it were money", "mette", "GET /noget-galt/udbetaling/{mettes_case}/", 404),
    row("one's own case under another name", "mette", "GET /noget-galt/case/{mettes_case}/", 404),
    row("another's report without its secret", "bo", "POST /noget-galt/sag/{mettes_case}/", 403, send=(FORM,), body=b"reason=other"),
    row("a report without its secret", "mette", "POST /noget-galt/sag/{mettes_case}/", 403, send=(FORM,), body=b"reason=other"),
    row("what is wrong, as an employee", "karen", "GET /noget-galt/sag/{mettes_case}/", 302),
    row("markup for a part", "mette", "GET /noget-galt/sag/{mettes_case}/?del=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200, without=("<script>alert",)),
    row("the reports as a citizen", "bo", "GET /kommune/datakvalitet/", 302),
    row("the reports as a coordinator", "henrik", "GET /kommune/datakvalitet/", 403),
    row("the reports to another authority", "karen", "GET /kommune/datakvalitet/?kommune=0461", 404),
    row("the reports to nobody", "karen", "GET /kommune/datakvalitet/?kommune=%00", 404),
    row("the cleaning as a citizen", "bo", "GET /kommune/oprydning/", 302),
    row("the cleaning as a coordinator", "henrik", "GET /kommune/oprydning/", 403),
    row("the cleaning of another authority", "karen", "GET /kommune/oprydning/?kommune=0461", 404),
    row("a fagsystem of another authority", "karen", "GET /kommune/0461/oprydning/fagsystem/?navn=KSD", 404),
    row("a fagsystem by nothing", "karen", "GET /kommune/0730/oprydning/fagsystem/?navn=%00", 404),
    row("a fagsystem is retired without its secret", "karen", "POST /kommune/0730/oprydning/fagsystem/?navn=KSD", 403, send=(FORM,), body=b"typed=KSD"),
    row("a fagsystem is used again by an image", "karen", "GET /kommune/0730/oprydning/fagsystem/igen/", 405),
    row("a receipt that is guessed", "karen", "GET /kommune/0730/oprydning/00000000-0000-4000-8000-000000000000/", 404),
    row("a report to another authority", "karen", "GET /kommune/0461/datakvalitet/000000000000/", 404),
    row("a report that is guessed", "karen", "GET /kommune/0730/datakvalitet/000000000000/", 404),
    row("a report by nothing", "karen", "GET /kommune/0730/datakvalitet/%00/", 404),
    row("an objection by nothing", "karen", "GET /kommune/0730/indsigelser/%00/", 404),
    row("an objection by digits of another script", "karen", "GET /kommune/0730/indsigelser/%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1/", 404),
    row("an entry of a number that none has", "bo", "GET /hvem-har-set/99999999999999999999999/", 404),
    row("a year that no calendar has", "bo", "GET /penge/aar/99999999999999999999999/", 404),
    row("the year nought", "bo", "GET /penge/aar/0/", 404),
    row("an answer without its secret", "karen", "POST /kommune/0730/datakvalitet/000000000000/svar/", 403, send=(FORM,), body=b"words=x"),
    row("a report is taken by an image", "karen", "GET /kommune/0730/datakvalitet/000000000000/ser-paa/", 405),
    row("markup for a state", "karen", "GET /kommune/datakvalitet/?tilstand=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200, without=("<script>alert",)),
    row("a page of reports that is none", "karen", "GET /kommune/datakvalitet/?side=-99999999999999999999999", 200),
    # finding, and languages
    row("markup for a topic", "bo", "GET /sager/?emne=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200, without=("<script>alert",)),
    row("nothing for a topic", "bo", "GET /sager/?emne=%00&omraade=%00&aar=%00&vis=%00", 200, 400),
    row("a year in other digits", "bo", "GET /sager/?aar=%D9%A2%D9%A0%D9%A2%D9%A6", 200),
    row("a year in raised digits", "bo", "GET /sager/?aar=%C2%B2%C2%B2%C2%B2%C2%B2&q=%C2%B2%C2%B2%C2%B2%C2%B2", 200),
    row("a search of many words", "bo", "GET /sager/?q=" + "a+" * 3000, 200, 400, 414),
    row("a page that is none", "bo", "GET /sager/?side=%D9%A3e99", 200),
    row("a language out of its folder", "nobody", "GET /om-dine-data/?sprog=../../../etc/passwd%00", 200, without=("root:",)),
    row("a language with a header in it", "nobody", "GET /om-dine-data/?sprog=en%0d%0aSet-Cookie:%20planted=1", 200, without=("set-cookie: planted",)),
    row("a language on to elsewhere", "nobody", "GET //elsewhere.example/?sprog=en", 302, 404, without=('href="//elsewhere.example', "location: //elsewhere.example")),
    row("markup beside a language", "nobody", "GET /om-dine-data/?sprog=ar&x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200, without=("<script>alert",)),
    row("languages as long as a book", "system", SUMMARIES, 200, 400, 431, send=(JSON, "Accept-Language: " + "en-a;q=0.1," * 3000), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("a language that is none", "system", SUMMARIES, 200, send=(JSON, "Accept-Language: ../../etc/passwd, \xff, *;q=nan"), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("a format that is not spoken", "system", SUMMARIES, 406, send=(JSON, "Accept: text/html"), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("a format that is none", "system", SUMMARIES, 200, 400, 406, send=(JSON, "Accept: ;;;,/;q=*/*, " + "a/b," * 2000), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("a format in the address", "system", SUMMARIES + "?format=html", 200, 404, send=(JSON,), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("whatever tag is known", "system", SUMMARIES, 200, send=(JSON, "If-None-Match: *"), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("tags as long as a book", "system", SUMMARIES, 200, 400, 431, send=(JSON, "If-None-Match: " + 'W/"' * 9000), body=b'{"cpr": "6113990007", "municipality": "0730"}'),
    row("a system's call with a slash more", "system", "POST //api/v1/citizen-summaries", 403, 404, send=(JSON,), body=b"{}"),
    # sessions
    row("a session key of one's own choosing", "nobody", "GET /", 302, send=("Cookie: borgerblik=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)),
    row("the key as the database keeps it", "nobody", "GET /", 302, send=("Cookie: borgerblik={kept_key}",)),
    row("a session in the address", "nobody", "GET /?borgerblik={key}", 302),
    row("a session in another cookie", "nobody", "GET /", 302, send=("Cookie: __Host-borgerblik={key}; sessionid={key}",)),
    row("a language cookie that is forged", "nobody", "GET /om-dine-data/", 200, send=("Cookie: sprog=en:forged",)),
    # systems
    row("a citizen's session asks as a system", "bo", SUMMARIES, 401, send=(JSON,), body=b'{"cpr": "{mettes_cpr}", "municipality": "0730"}'),
    row("a system asks as a citizen", "system", "GET /api/v1/me/summary", 401),
    row("a system opens a page", "system", "GET /sager/{mettes_case}/", 302),
    row("no token", "nobody", SUMMARIES, 401, send=(JSON,), body=b'{"cpr": "{mettes_cpr}", "municipality": "0730"}'),
    row("a token of one's own making", "nobody", SUMMARIES, 401, send=(JSON, "Authorization: Bearer aaaa.bbbb.cccc"), body=b"{}"),
    row("a token that is none", "nobody", SUMMARIES, 401, send=(JSON, "Authorization: Bearer "), body=b"{}"),
    row("a token in the address", "nobody", "POST /api/v1/citizen-summaries?access_token={token}", 401, send=(JSON,), body=b"{}"),
    row("a token in the body", "nobody", SUMMARIES, 401, send=(FORM,), body=b"access_token={token}"),
    row("a CPR number in the address", "system", "GET /api/v1/citizen-summaries?cpr={mettes_cpr}&municipality=0730", 405),
    # what comes is not what it says
    row("a form that says it is JSON", "system", SUMMARIES, 400, send=(JSON,), body=b"cpr={mettes_cpr}&municipality=0730"),
    row("JSON that says it is a form", "system", SUMMARIES, 415, send=(FORM,), body=b'{"cpr": "{mettes_cpr}"}'),
    row("JSON that says it is text", "system", SUMMARIES, 415, send=("Content-Type: text/plain",), body=b"{}"),
    row("XML", "system", SUMMARIES, 415, send=("Content-Type: application/xml",), body=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', without=("root:",)),
    row("JSON nested 2000 deep", "system", SUMMARIES, 400, send=(JSON,), body=NESTED),
    row("a field twice", "system", SUMMARIES, 200, 400, send=(JSON,), body=b'{"cpr": "6113990000", "cpr": "6113990001", "municipality": "0730"}'),
    row("a number for a text", "system", SUMMARIES, 400, send=(JSON,), body=b'{"cpr": 6113990000, "municipality": "0730"}'),
    row("a text that breaks out of SQL", "system", SUMMARIES, 400, send=(JSON,), body=b'{"cpr": "\' OR 1=1 --", "municipality": "0730"}'),
    row("bytes that are no text", "system", SUMMARIES, 400, send=(JSON,), body=b'{"cpr": "\xff\xfe"}'),
    row("a body larger than any call", "system", SUMMARIES, 400, 413, send=(JSON,), body=b'{"cpr": "' + b"6" * 100_000 + b'"}'),
    row("a form of 3 MB", "nobody", "POST /log-af/", 400, 403, 413, send=(FORM,), body=b"a=" + b"x" * 3_000_000),
    row("a form of 5000 fields", "nobody", "POST /api/v1/oauth/token", 400, 413, send=(FORM,), body=b"a=1&" * 5000),
    # another method than it seems
    row("a method in a header", "karen", "POST /kommune/0730/etape/3/", 403, send=("X-HTTP-Method-Override: GET", FORM), body=b"on=0"),
    row("a method in a field", "bo", "POST /sager/", 403, 405, send=(FORM,), body=b"_method=DELETE"),
    row("a method of one's own", "bo", "BREW /sager/", 400, 403, 405),
    row("TRACE", "bo", "TRACE /sager/", 400, 403, 405, without=("{key}",)),
    # hosts, caches, redirects
    row("a foreign host", "nobody", "GET /", 400, send=("Host: elsewhere.example",), without=ELSEWHERE),
    row("a foreign host behind a proxy", "nobody", "GET /log-ind/", 200, send=("X-Forwarded-Host: elsewhere.example",), without=ELSEWHERE),
    row("a foreign host in the line", "nobody", "GET http://elsewhere.example/log-ind/", 200, 400, 404, without=ELSEWHERE),
    row("two hosts", "nobody", "GET /log-ind/", 200, 400, send=("Host: 127.0.0.1", "Host: elsewhere.example"), without=ELSEWHERE),
    row("a cache is told another address", "nobody", "GET /om-dine-data/", 200, send=("X-Original-URL: /kommune/", "X-Rewrite-URL: /kommune/")),
    row("a page dressed up as a file", "bo", "GET /sager/x.css", 404),
    row("a page dressed up as a file, after it", "bo", "GET /sager/;x.css", 404),
    row("a page dressed up as a file, coded", "bo", "GET /penge/%3Fx.css", 404),
    row("on to elsewhere", "nobody", "GET /log-ind/?next=//elsewhere.example/", 200, without=('href="//elsewhere.example',)),
    row("on to elsewhere by a backslash", "bo", "POST /log-ind/bliv/", 403, send=(FORM,), body=b"next=/\\elsewhere.example"),
    row("a script as an address", "nobody", "GET /log-ind/?next=javascript:alert(1)", 200, without=('href="javascript:',)),
    row("markup in a parameter", "bo", "GET /sager/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200, without=("<script>alert",)),
    row("a header in a parameter", "nobody", "GET /?x=%0d%0aSet-Cookie:%20planted=1", 302, without=("set-cookie: planted",)),
    row("a header in a path", "nobody", "GET /%0d%0aSet-Cookie:%20planted=1", 404, without=("set-cookie: planted",)),
    row("another site reads by a script", "bo", "GET /api/v1/me/summary", 200, send=("Origin: https://elsewhere.example",), without=("access-control-allow-origin",)),
    row("another site asks first", "nobody", "OPTIONS /api/v1/me/summary", 200, 401, 403, 405, send=("Origin: https://elsewhere.example", "Access-Control-Request-Method: GET"), without=("access-control-allow",)),
    # files
    row("out of the folder of files", "nobody", "GET /static/../portal/settings.py", 404, without=("SECRET_KEY",)),
    row("out of it, coded", "nobody", "GET /static/%2e%2e/%2e%2e/demo.env", 404, without=("SECRET_KEY",)),
    row("out of it, coded twice", "nobody", "GET /static/%252e%252e%252fdemo.env", 404, without=("SECRET_KEY",)),
    row("out of it by backslashes", "nobody", "GET /static/..%5c..%5cdemo.env", 404, without=("SECRET_KEY",)),
    row("out of it by an overlong dot", "nobody", "GET /static/%c0%ae%c0%ae/demo.env", 404, without=("SECRET_KEY",)),
    row("a file by its full name", "nobody", "GET /static//etc/passwd", 404, without=("root:",)),
    row("the list of files", "nobody", "GET /static/staticfiles.json", 200, 404),
    row("the folder itself", "nobody", "GET /static/", 404),
    row("what is kept beside the code", "nobody", "GET /.env", 404),
    row("the history of the code", "nobody", "GET /.git/config", 404),
    # letters
    row("a slash that looks like one", "bo", "GET /sager%EF%BC%8F{mettes_case}/", 404),
    row("digits of another script in an id", "bo", "GET /sager/%EF%BC%95a1d2f0e-0000-4000-8000-000000000001/", 404),
    row("nothing in the middle", "bo", "GET /sager/?q=%00", 200, 400),
    row("half a letter", "bo", "GET /sager/?q=%ff%fe", 200, 400),
    row("a text that turns round", "bo", "GET /sager/?q=%E2%80%AEtxt", 200, 400),
    row("a search as long as a book", "bo", "GET /sager/?q=" + "a" * 6000, 200, 400, 414),
    row("a header as long as a book", "nobody", "GET /om-dine-data/", 200, 400, 431, send=("X-Long: " + "a" * 60_000,)),
    row("a cookie as long as a book", "nobody", "GET /om-dine-data/", 200, 400, 431, send=("Cookie: sprog=" + "a" * 30_000,)),
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an attacker may know or have, and what must not come back to them."""

    words: Mapping[str, str]
    sends: Mapping[str, tuple[str, ...]]  # by who attacks: the headers that make them it
    secrets: Mapping[str, frozenset[bytes]]


@pytest.fixture(scope="module")
def known(site: Site) -> Known:
    ids = citizen_ids(site)
    asked = "SELECT uuid FROM indexes_case WHERE citizen_id = %s AND hidden = %s ORDER BY uuid LIMIT 1"
    with site.connect() as database, ExitStack() as signed_in:
        (case,) = database.execute(asked, [ids["mette"], False]).fetchone() or ("",)
        (hidden,) = database.execute(asked, [ids["kim"], True]).fetchone() or ("",)
        cookies = {}
        for person in ("bo", "kim", "mette", "karen", "henrik"):
            browser = signed_in.enter_context(site.signed_in(person))
            cookies[person] = f"borgerblik={browser.cookies['borgerblik']}"
        (kept,) = database.execute("SELECT session_key FROM django_session LIMIT 1").fetchone() or ("",)
    token = site.token()
    words = {
        "mette": str(ids["mette"]),
        "mettes_case": str(case),
        "METTES_CASE": str(case).upper(),
        "mettescase": str(case).replace("-", ""),
        "mettes_cpr": str(site.people["mette"]["cpr"]),
        "kims_hidden_case": str(hidden),
        "key": cookies["mette"].partition("=")[2],
        "kept_key": str(kept),
        "token": token,
    }
    sends: dict[str, tuple[str, ...]] = {who: (f"Cookie: {cookie}",) for who, cookie in cookies.items()}
    sends |= {"nobody": (), "system": (f"Authorization: Bearer {token}",)}
    return Known(words=words, sends=sends, secrets=secrets_of(site))


def filled(text: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def attack_with(site: Site, attack: Attack, known: Known) -> Answer:
    own = known.sends[attack.who]
    words = {**known.words, "cookie": own[0].removeprefix("Cookie: ") if own else ""}
    headers = [filled(header, words) for header in attack.headers]
    headers += [header for header in own if not any(one.startswith("Cookie") for one in headers)]
    body = attack.body.replace(b"{mettes_cpr}", words["mettes_cpr"].encode()).replace(
        b"{token}", words["token"].encode()
    )
    return ask(site.url, filled(attack.line, words), *headers, body=body)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.what} ({attack.who})")
def test_an_attack_gains_nothing(site: Site, known: Known, attack: Attack) -> None:
    answer = attack_with(site, attack, known)
    assert answer.status in attack.must, answer.body[:300]
    said = (answer.head.encode() + answer.body).replace(b"\xc2\xa0", b" ")
    sent = filled(attack.line + "".join(attack.headers), known.words).encode()
    for whose, secrets in known.secrets.items():
        if whose != attack.who:
            assert not [
                secret
                for secret in secrets
                if secret in said and secret not in filled(sent.decode(), known.words).encode()
            ]
    for words in attack.without:
        assert filled(words, known.words).lower().encode() not in said.lower()
    assert "access-control-allow-origin" not in answer.head
    assert answer.header("x-content-type-options") == "nosniff" or answer.status in {400, 414, 431}


def test_a_stranger_and_somebody_without_anything_are_answered_alike(site: Site) -> None:
    """By REST nobody can find out who is known: status, headers and shape are the same."""
    with site.browser() as browser:
        headers = {"Authorization": f"Bearer {site.token()}"}
        told = [
            browser.post("/api/v1/citizen-summaries", json={"cpr": cpr, "municipality": "0730"}, headers=headers)
            for cpr in ("6113990007", str(site.people["ole"]["cpr"]))
        ]
    assert {answer.status_code for answer in told} == {200}
    assert set(told[0].headers) == set(told[1].headers)
    assert set(told[0].json()) == set(told[1].json())


def test_there_are_enough_of_them() -> None:
    assert len({attack.what for attack in ATTACKS}) == len(ATTACKS) >= 40
