"""An index that has been taken over, or stands in for one: what it sends must be bounded and must read nothing of ours.

Each row is put into a message that is otherwise in order, of each of the three indexes.
"""

import time
from pathlib import Path

import pytest

from indexes.errors import BadAnswer, SourceError
from indexes.records import Answer, Parsed
from tests.indexes.parse.test_golden import GOLDEN, PARSERS, plain_item

PLAIN = {"sdi": "sdi/plain.xml", "yi": "yi/both.xml", "plan": "plan/full.xml"}
SECRET = "only-in-a-file-of-ours"
SECONDS = 5.0  # a busy machine; each takes milliseconds
INSIDE = {  # what stands right after the first tag of the message
    "a file by XInclude": '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>',
    "another base": '<a xml:base="{file}"/>',
    "a program for the reader": '<?xml-stylesheet href="{file}" type="text/xsl"?>',
    "a schema from elsewhere": '<a xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="a {file}"/>',
    "100,000 attributes": "<a {attributes}/>",
    "100,000 empty elements": "{elements}",
    "a hundred thousand names": "{names}",
    "a text of 11 MB": "<a>{long}</a>",
    "a name of 1 MB": "<{name}/>",
    "markup that is text": "<a><![CDATA[</Sag><Sag>]]></a>",
}
BEFORE = {  # what stands before the message
    "an entity that is a file": '<!DOCTYPE a [<!ENTITY x SYSTEM "{file}">]>',
    "an entity of the DTD that is a file": '<!DOCTYPE a [<!ENTITY % x SYSTEM "{file}"> %x;]>',
    "a DTD that is a file": '<!DOCTYPE a SYSTEM "{file}">',
    "entities that grow": '<!DOCTYPE a [<!ENTITY a "{ten}"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    "an attribute that has a default": '<!DOCTYPE a [<!ATTLIST a b CDATA "{file}">]>',
}


@pytest.fixture
def words(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET, "utf-8")
    return {
        "file": file.as_uri(),
        "ten": "x" * 10,
        "attributes": " ".join(f'a{number}="x"' for number in range(100_000)),
        "elements": "<a/>" * 100_000,
        "names": "".join(f"<n{number}/>" for number in range(100_000)),
        "long": "x" * 11_000_000,
        "name": "n" * 1_000_000,
    }


def message(source: str) -> str:
    written = (GOLDEN / PLAIN[source]).read_text("utf-8")
    return written[written.index("?>") + 2 :] if written.startswith("<?xml") else written


def filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def read(source: str, data: bytes) -> Answer | SourceError:
    began = time.monotonic()
    try:
        return PARSERS[source](data)
    except SourceError as error:
        return error
    finally:
        assert time.monotonic() - began < SECONDS


def into(written: str, what: str) -> str:
    """``what`` right after the first tag of the message."""
    start = written.index("<", written.rindex("-->") + 3 if "-->" in written else 0)
    end = written.index(">", start) + 1
    return written[:end] + what + written[end:]


@pytest.mark.parametrize("what", INSIDE)
@pytest.mark.parametrize("source", PLAIN)
def test_what_stands_in_a_message_reads_nothing_and_ends(source: str, what: str, words: dict[str, str]) -> None:
    answer = read(source, into(message(source), filled(INSIDE[what], words)).encode())
    assert SECRET not in str(answer)
    assert isinstance(answer, Answer | BadAnswer)


@pytest.mark.parametrize("what", BEFORE)
@pytest.mark.parametrize("source", PLAIN)
def test_a_message_with_a_dtd_is_not_believed(source: str, what: str, words: dict[str, str]) -> None:
    answer = read(source, (filled(BEFORE[what], words) + message(source)).encode())
    assert isinstance(answer, BadAnswer)
    assert SECRET not in str(answer)


@pytest.mark.parametrize("said", ["UTF-7", "IBM037", "UTF-32", "ISO-8859-1", "US-ASCII", "Shift_JIS"])
@pytest.mark.parametrize("source", PLAIN)
def test_a_message_that_lies_about_its_letters_is_not_misread(source: str, said: str) -> None:
    """What is read may look odd; a number or an id in it is none that was not sent."""
    answer = read(source, f'<?xml version="1.0" encoding="{said}"?>{message(source)}'.encode())
    honest = PARSERS[source](message(source).encode())
    if isinstance(answer, Answer):
        assert [item.record.cpr for item in answer.items if isinstance(item, Parsed)] == [
            item.record.cpr for item in honest.items if isinstance(item, Parsed)
        ]


@pytest.mark.parametrize("splitter", ["<!-- -->", "<?a b?>", "<![CDATA[]]>"])
@pytest.mark.parametrize("source", PLAIN)
def test_a_text_is_never_cut_at_what_nobody_sees(source: str, splitter: str) -> None:
    """A comment in a CPR number must not make another number of it, nor hide one in a text."""
    honest = PARSERS[source](message(source).encode())
    (record,) = {item.record.cpr for item in honest.items if isinstance(item, Parsed)}
    answer = read(source, message(source).replace(record, record[:5] + splitter + record[5:]).encode())
    assert isinstance(answer, Answer)
    assert {item.record.cpr for item in answer.items if isinstance(item, Parsed)} <= {record}
    assert record[:5] not in {str(plain_item(item).get("cpr")) for item in answer.items}
