"""The elements of a request: parsed without reach to the outside, found by namespace, read as text or number."""

import re
from collections.abc import Collection

from lxml import etree

from indexes.mock.reading.search import LARGEST_UUID_LIST, NotUnderstood, Refused

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
PLAN = "urn:borgerblik:planindeks:1"
NS = {
    "soap": ENVELOPE,
    "sdi": "urn:oio:sts:sagdok:sagdokumentindeks:6",
    "sag": "urn:oio:sts:sagdok:sag:6",
    "si": "urn:oio:sts:sagdok:sagindeks:6",
    "yi": "urn:oio:sts:ydelse:ydelseindeks:6",
    "bi": "urn:oio:sts:ydelse:bevillingindeks:6",
    "oef": "urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6",
    "gd": "urn:oio:sts:generelledefinitioner:6",
    "sd": "urn:oio:sagdok:3.0.0",
    "plan": PLAN,
}

_WHOLE = re.compile(r"[0-9]{1,9}")


def tree(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotUnderstood(f"The request is not well-formed XML: {error.msg}. Send a well-formed one.") from error


def texts(node: etree._Element, path: str) -> tuple[str, ...]:
    return tuple((found.text or "").strip() for found in node.iterfind(path, NS))


def text(node: etree._Element, path: str) -> str | None:
    return next(iter(texts(node, path)), None)


def local_name(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def prefixed(node: etree._Element) -> str:
    """The element's name as this module's paths write it."""
    name = etree.QName(node)
    return f"{next((prefix for prefix, uri in NS.items() if uri == name.namespace), '?')}:{name.localname}"


def only(node: etree._Element, known: Collection[str], repeated: Collection[str] = ()) -> None:
    """Raises Refused when ``node`` holds anything but the ``known`` once and the ``repeated`` as often as it likes."""
    said: set[str] = set()
    for child in node:
        name = prefixed(child)
        if name in repeated:
            continue
        if name not in known:
            raise Refused(f"{local_name(child)} i {local_name(node)} forstås ikke. Udelad det.")
        if name in said:
            raise Refused(f"Der er mere end én {local_name(child)} i {local_name(node)}. Angiv én.")
        said.add(name)


def uuids(node: etree._Element, path: str) -> tuple[str, ...]:
    found = texts(node, path)
    if len(found) > LARGEST_UUID_LIST:
        raise Refused(f"Der er {len(found)} UUID'er i søgningen. Søg efter højst {LARGEST_UUID_LIST} ad gangen.")
    return found


def whole(node: etree._Element, path: str, *, default: int, least: int) -> int:
    words = text(node, path)
    if words is None:
        return default
    if not _WHOLE.fullmatch(words) or int(words) < least:
        raise Refused(f"{path.partition(':')[2]} er '{words}'. Angiv et helt tal på mindst {least}.")
    return int(words)
