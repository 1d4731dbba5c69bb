"""What the headers of a request must say before its body is read: that it is XML, and which operation it asks for."""

from email.message import Message

from indexes.mock.answers import Source
from indexes.mock.reading.search import NotUnderstood

ACTIONS = {
    Source.SDI: "http://kombit.dk/sts/sagdokumentindeks/fremsoeg",
    Source.YI: "http://kombit.dk/sts/ydelseindeks/fremsoeg",
}


def unreadable(headers: Message) -> str | None:
    """Why the body cannot be read, or None when it is what SOAP 1.1 asks for (section 6): text/xml, here in UTF-8."""
    kind, charset = headers.get_content_type(), headers.get_content_charset("utf-8")
    if "Content-Type" in headers and kind == "text/xml" and charset == "utf-8":
        return None
    said = headers.get("Content-Type", "of no Content-Type")
    return f"The request is {said}. Send text/xml; charset=utf-8."


def check_action(source: Source, headers: Message) -> None:
    """Raises NotUnderstood when SOAPAction names another operation, or none, of an index that speaks SOAP."""
    wanted = ACTIONS.get(source)
    said = headers.get("SOAPAction")
    if wanted is not None and (said is None or said.strip().strip('"') != wanted):
        raise NotUnderstood(
            f"SOAPAction is {'missing' if said is None else said or 'empty'}. Send SOAPAction: {wanted}"
        )
