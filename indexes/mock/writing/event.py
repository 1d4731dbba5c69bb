"""An event as Beskedfordeler sends it: Haendelsesbesked, Beskedkuvert 1.0, elements in the order of its schema."""

from uuid import uuid4

from indexes.mock.objects import Case, Grant, Payment
from indexes.mock.writing import roles, sdi, wire, yi

NAMESPACES = 'xmlns:k="urn:oio:besked:kuvert:1.0" xmlns:sd="urn:oio:sagdok:3.0.0"'
_TYPES = {Case: roles.TYPE_CASE, Grant: roles.TYPE_GRANT, Payment: roles.TYPE_PAYMENT}

Told = Case | Grant | Payment


def event(
    thing: Told, *, made: str, removed: str | None = None, recipient: str | None = None, message_id: str | None = None
) -> bytes:
    """A message that tells how an object is now.

    Args:
        thing: the object; its owner is also whom it is meant for, unless ``recipient`` says another CVR number.
        made: the instant at which the message came to be.
        removed: the instant at which the index removed it; None: it is there.
        recipient: another CVR number.
        message_id: the message's own; a new one unless told.
    """
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<k:Haendelsesbesked {NAMESPACES}>'
        f"{wire.by_uuid('k:BeskedId', message_id or str(uuid4()))}<k:BeskedVersion>1.0</k:BeskedVersion>"
        f"<k:Beskedkuvert><k:Filtreringsdata>{wire.by_uuid('k:Beskedtype', roles.EVENT)}"
        f"{wire.by_urn('k:TilladtModtager', roles.CVR_URN + (recipient or thing.owner.cvr))}"
        f"{_registration(thing, removed)}</k:Filtreringsdata>"
        f"<k:Leveranceinformation>{_at('k:Dannelsestidspunkt', made)}"
        f"{wire.by_uuid('k:Sikkerhedsklassificering', roles.CONFIDENTIAL)}</k:Leveranceinformation></k:Beskedkuvert>"
        f"{'' if removed else f'<k:Beskeddata>{_payload(thing)}</k:Beskeddata>'}</k:Haendelsesbesked>"
    ).encode()


def _registration(thing: Told, removed: str | None) -> str:
    kle = thing.kles[0] if thing.kles else None
    return (
        f"<k:ObjektRegistrering>{wire.by_uuid('k:ObjektRegistreringId', str(uuid4()))}"
        f"{_at('k:Registreringstidspunkt', removed or thing.registered)}"
        f"{wire.by_urn('k:ObjektAnsvarligMyndighed', roles.CVR_URN + thing.owner.cvr)}"
        f"{wire.by_uuid('k:ObjektId', thing.uuid)}{wire.by_uuid('k:ObjektType', _TYPES[type(thing)])}"
        f"{wire.by_uuid('k:ObjektHandling', roles.HANDLING_REMOVED if removed else roles.HANDLING_CHANGED)}"
        f"{wire.by_urn('k:OpgaveEmne', roles.KLE_URN + kle) if kle else ''}</k:ObjektRegistrering>"
    )


def _at(tag: str, instant: str) -> str:
    return f"<{tag}><sd:TidsstempelDatoTid>{instant}</sd:TidsstempelDatoTid></{tag}>"


def _payload(thing: Told) -> str:
    match thing:
        case Case():
            return sdi.case_message(thing)
        case Grant():
            return yi.grant_message(thing)
        case Payment():
            return yi.payment_message(thing)
