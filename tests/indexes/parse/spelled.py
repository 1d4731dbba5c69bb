"""Answers as indexes write them, and in how many ways each may be changed."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.etree import _Element

from indexes.parse.roles import SdiRoles
from indexes.parse.sdi import SdiAnswer, SdiSpellings
from indexes.stream import Found, in_pieces

AT = datetime(2027, 3, 1, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
CASE_END = b"</sdi:SagFiltreretOejebliksbillede>"
CVR = "64942212"


def written(root: _Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8")


def objects_of(data: bytes) -> list[Found]:
    stream = SdiAnswer(at=AT, spellings=SdiSpellings(SdiRoles()))._stream
    found = [found for piece in in_pieces(data) for found in stream.feed(piece)]
    return [one for one in found if one.tag.endswith("FiltreretOejebliksbillede")]


def changed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The document once for each element and way of changing that one element."""
    root = etree.fromstring(data)
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if parent is None:
            continue
        name, place = etree.QName(element.tag), parent.index(element)
        element.tag = f"{{{name.namespace}}}{name.localname}Ny"
        yield f"{name.localname} renamed", written(root)
        element.tag = f"{{urn:oio:sagdok:3.0.0}}{name.localname}"
        yield f"{name.localname} of another schema", written(root)
        element.tag = name.text
        parent.remove(element)
        yield f"{name.localname} missing", written(root)
        parent.insert(place, element)
        twin = etree.fromstring(etree.tostring(element))
        parent.insert(place, twin)
        yield f"{name.localname} twice", written(root)
        parent.remove(twin)
        kept, element.text = element.text, None if len(element) else ""
        yield f"{name.localname} without text", written(root)
        element.text = kept
        element.append(etree.Element(name.text))
        yield f"{name.localname} with another in it", written(root)
        del element[-1]
        if place:
            parent.insert(place - 1, element)
            yield f"{name.localname} before its sibling", written(root)
            parent.insert(place, element)
