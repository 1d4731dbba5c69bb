"""The SOAP 1.1 envelope and the one hardened XML parser: bytes in, the message's own root element out.

What the message means belongs in ``parse/``; how it travels, in ``client``.
"""

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from lxml import etree
from lxml.etree import _Element

from indexes.errors import BadAnswer, Fault, Flaw, ServerFault

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_HEADER = "http://kombit.dk/xml/schemas/RequestHeader/1/"
_ENVELOPE = f"{{{_SOAP}}}Envelope"
_BODY = f"{{{_SOAP}}}Body"
_FAULT = f"{{{_SOAP}}}Fault"
# SOAP 1.1, section 4.4.1. A faultcode is one of these, with a prefix and, after a full stop, whatever a server finds to
# say: only these words are repeated in a message.
_SERVER = "Server"
_FAULT_CODES = frozenset({"VersionMismatch", "MustUnderstand", "Client", _SERVER})


def envelope(message: str, *, transaction: UUID) -> bytes:
    """``message`` (XML without declaration) in a SOAP 1.1 envelope with KOMBIT's RequestHeader, as UTF-8."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soap:Envelope xmlns:soap="{_SOAP}"><soap:Header>'
        f'<h:RequestHeader xmlns:h="{_HEADER}"><h:TransactionUUID>{transaction}</h:TransactionUUID></h:RequestHeader>'
        f"</soap:Header><soap:Body>{message}</soap:Body></soap:Envelope>"
    ).encode()


HARDENED: Final[Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_blank_text": True,
    "remove_comments": True,
    "remove_pis": True,
}
"""How every parser of ours is made: no DTD, no entities, no network; nesting and text lengths bounded by libxml2.

Comments, processing instructions and the white space between elements are left out.
"""


def parse_xml(data: bytes) -> _Element:
    """The root element of an untrusted document, read as ``HARDENED`` says.

    Raises:
        BadAnswer: not well-formed, cut off, nested too deep, or it carries a DTD.
    """
    try:
        root = etree.fromstring(data, etree.XMLParser(**HARDENED))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswer(Flaw.NOT_XML) from error
    check_no_dtd(root)
    return root


def check_no_dtd(element: _Element) -> None:
    """Nothing if the document of an element carries no DTD.

    Raises:
        BadAnswer: NOT_XML.
    """
    if element.getroottree().docinfo.internalDTD is not None:
        raise BadAnswer(Flaw.NOT_XML)


def message_of(data: bytes, expected: str) -> _Element:
    """The message named ``expected`` (Clark name), in a SOAP envelope or bare.

    Raises:
        Fault, ServerFault: the envelope holds a SOAP Fault.
        BadAnswer: not XML, or another message than the expected.
    """
    return message_in(parse_xml(data), expected)


def message_in(root: _Element, expected: str) -> _Element:
    """As ``message_of``, for a document that has been parsed."""
    if root.tag == _ENVELOPE:
        bodies = [child for child in root if child.tag == _BODY]
        if len(bodies) != 1 or len(bodies[0]) != 1:
            raise BadAnswer(Flaw.WRONG_SHAPE)
        root = bodies[0][0]
    if root.tag == _FAULT:
        raise _fault_of(root)
    if root.tag != expected:
        raise BadAnswer(Flaw.WRONG_SHAPE)
    return root


def raise_fault(data: bytes) -> None:
    """Raises the Fault that ``data`` is, if it is one: servers send it with HTTP 500 (SOAP 1.1, section 6.2)."""
    with suppress(BadAnswer):
        message_of(data, expected=_FAULT)


def _fault_of(fault: _Element) -> Fault | ServerFault:
    text = next((child.text or "" for child in fault if child.tag == "faultcode"), "").strip()
    code = text.rpartition(":")[2].partition(".")[0]
    if code == _SERVER:
        return ServerFault()
    return Fault(code if code in _FAULT_CODES else "unknown")
