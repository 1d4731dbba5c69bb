"""What an answer as a whole can be: hostile, broken, refused, a fault. Single objects are for the golden pairs."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.errors import BadAnswer, Fault, Flaw, ServerFault, SourceError, SourceRefused
from indexes.parse.plan import parse_plan
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import parse_sdi
from indexes.parse.yi import parse_yi
from indexes.records import Answer

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 3, 1, tzinfo=UTC)
SECRET = "7513804321"

Parse = Callable[[bytes], Answer]
PARSERS: dict[str, Parse] = {
    "sdi": lambda data: parse_sdi(data, at=AT, roles=SdiRoles()),
    "yi": lambda data: parse_yi(data, at=AT, roles=YiRoles()),
    "plan": lambda data: parse_plan(data, at=AT),
}
EMPTY = {name: (GOLDEN / name / "empty.xml").read_bytes() for name in PARSERS}
each_parser = pytest.mark.parametrize("source", PARSERS)


def flaw_of(parse: Parse, data: bytes) -> Flaw:
    with pytest.raises(BadAnswer) as caught:
        parse(data)
    assert SECRET not in f"{caught.value!r} {caught.value}"
    return caught.value.flaw


@each_parser
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"<html><body>Service unavailable",
        f"Borger {SECRET} findes ikke".encode(),
        b"\x1f\x8b\x08\x00",
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b'<?xml version="1.0" encoding="klingon"?><a/>',
    ],
    ids=["nothing", "spaces", "cut off", "no XML", "packed", "nested too deep", "unknown encoding"],
)
def test_what_is_no_xml_is_a_bad_answer(source: str, data: bytes) -> None:
    assert flaw_of(PARSERS[source], data) is Flaw.NOT_XML


@each_parser
def test_an_answer_cut_off_anywhere_is_a_bad_answer(source: str) -> None:
    whole = EMPTY[source].rstrip()
    for length in range(0, len(whole), 7):
        assert flaw_of(PARSERS[source], whole[:length]) is Flaw.NOT_XML


@each_parser
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
    ids=["own entities", "a DTD elsewhere", "an entity elsewhere"],
)
def test_a_dtd_is_never_accepted(source: str, doctype: str) -> None:
    declaration, rest = EMPTY[source].split(b"?>\n", 1)
    assert flaw_of(PARSERS[source], declaration + b"?>" + doctype.encode() + rest) is Flaw.NOT_XML


def test_entities_that_multiply_end_at_once() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 50 if n else "x" * 50}">' for n in range(12))
    data = f"<!DOCTYPE a [{entities}]><a>&a11;</a>".encode()
    assert flaw_of(PARSERS["sdi"], data) is Flaw.NOT_XML


@each_parser
def test_an_answer_to_something_else_is_a_bad_answer(source: str) -> None:
    for other, data in EMPTY.items():
        if other != source:
            assert flaw_of(PARSERS[source], data) is Flaw.WRONG_SHAPE


@pytest.mark.parametrize(
    ("written", "told"),
    [
        *(("s:Server", "Server"), ("Client", "Client"), (" s:MustUnderstand ", "MustUnderstand")),
        *((f"s:Server.{SECRET}", "Server"), (f"p{SECRET}:Server.Authentication.1", "Server")),
        *((f"s:{SECRET}", "unknown"), (f"Borger {SECRET}", "unknown"), (f"Server{SECRET}", "unknown")),
        *(("s:server", "unknown"), ("", "unknown")),
    ],
)
@pytest.mark.parametrize("source", ["sdi", "yi"])
def test_a_soap_fault_is_told_by_the_codes_of_soap_alone(source: str, written: str, told: str) -> None:
    fault = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        f"<faultcode>{written}</faultcode><faultstring>Borger {SECRET}</faultstring>"
        "</s:Fault></s:Body></s:Envelope>"
    )
    with pytest.raises((Fault, ServerFault)) as caught:
        PARSERS[source](fault.encode())
    assert caught.value.retryable is (told == "Server")
    assert f"({told})" in str(caught.value) or f"SOAP fault {told})" in str(caught.value)
    assert SECRET not in f"{caught.value!r} {caught.value}"


def test_an_envelope_holds_one_message() -> None:
    envelope = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{}</s:Envelope>'
    for inside in ("", "<s:Body/>", "<s:Body><a/><b/></s:Body>", "<s:Body><a/></s:Body><s:Body><a/></s:Body>"):
        assert flaw_of(PARSERS["sdi"], envelope.format(inside).encode()) is Flaw.WRONG_SHAPE


@each_parser
def test_any_status_but_20_is_a_refusal(source: str) -> None:
    sentence = f"Ukendt borger {SECRET}"
    prefix = b"" if source == "plan" else b"sd:"
    told = b"</%bStatusKode><%bFejlbeskedTekst>%b</%bFejlbeskedTekst>" % (prefix, prefix, sentence.encode(), prefix)
    data = EMPTY[source].replace(b"20</%bStatusKode>" % prefix, b"44" + told)
    with pytest.raises(SourceRefused) as caught:
        PARSERS[source](data)
    assert (caught.value.status, caught.value.text, caught.value.retryable) == (44, sentence, False)
    assert SECRET not in f"{caught.value!r} {caught.value}"


@each_parser
def test_an_answer_without_a_readable_status_is_bad(source: str) -> None:
    for status in (b"", b"tyve", b"2000", "２０".encode()):
        data = EMPTY[source].replace(b"StatusKode>20<", b"StatusKode>" + status + b"<")
        assert flaw_of(PARSERS[source], data) is Flaw.WRONG_SHAPE


@pytest.mark.parametrize("source", ["sdi", "yi"])
def test_an_answer_without_a_status_is_bad(source: str) -> None:
    data = EMPTY[source].replace(b"StandardRetur", b"AndenRetur")
    assert flaw_of(PARSERS[source], data) is Flaw.WRONG_SHAPE


@each_parser
def test_a_count_that_cannot_be_read_is_bad(source: str) -> None:
    data = EMPTY[source].replace(b"Antal>0<", b"Antal>mange<")
    assert flaw_of(PARSERS[source], data) is Flaw.WRONG_SHAPE


def test_a_count_of_something_unknown_is_passed_over() -> None:
    assert PARSERS["sdi"](EMPTY["sdi"].replace(b">sager<", b">mapper<")).total == {}


def test_other_encodings_are_read() -> None:
    text = (GOLDEN / "sdi" / "plain.xml").read_text("utf-8").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert PARSERS["sdi"](text.encode("utf-16")) == PARSERS["sdi"]((GOLDEN / "sdi" / "plain.xml").read_bytes())


def test_comments_and_instructions_do_not_split_a_value() -> None:
    plain = (GOLDEN / "sdi" / "plain.xml").read_bytes()
    split = plain.replace(b"cpr-nr:7513", b"cpr-nr:75<!-- x --><?y z?>13").replace(b"32.24.04", b"32.<![CDATA[24.]]>04")
    assert PARSERS["sdi"](split) == PARSERS["sdi"](plain)


WHOLE = [(path.parent.name, path.read_bytes()) for path in sorted(GOLDEN.glob("*/*.xml"))]


@given(
    pair=st.sampled_from(WHOLE),
    edits=st.lists(
        st.tuples(st.integers(0, 20_000), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4
    ),
)
def test_broken_bytes_raise_nothing_but_the_error_tree(
    pair: tuple[str, bytes], edits: list[tuple[int, int, bytes]]
) -> None:
    source, data = pair
    for place, length, instead in edits:
        start = place % len(data)
        data = data[:start] + instead + data[start + length :]
    try:
        answer = PARSERS[source](data)
    except SourceError as error:
        assert SECRET not in f"{error!r} {error}"  # noqa: PT017 - both endings are right; neither may tell the number
    else:
        assert isinstance(answer, Answer)


@given(
    pair=st.sampled_from(WHOLE),
    start=st.integers(0, 20_000),
    text=st.sampled_from([b"x", b"0", b"-1", b"", b" ", b"9999-12-31T23:59:59Z", b"true", "ø".encode()]),
)
def test_broken_values_raise_nothing_but_the_error_tree(pair: tuple[str, bytes], start: int, text: bytes) -> None:
    """As above, but mostly well-formed: one text is replaced, so that the readers behind the parser are met."""
    source, data = pair
    opening = data.find(b">", start % len(data))
    closing = data.find(b"<", opening)
    if 0 < opening < closing:
        data = data[: opening + 1] + text + data[closing:]
    try:
        assert isinstance(PARSERS[source](data), Answer)
    except SourceError as error:
        assert SECRET not in f"{error!r} {error}"  # noqa: PT017 - as above
