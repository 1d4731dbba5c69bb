"""From a request's bytes to an answer's, for each of the three indexes.

An answer is encoded object by object and put together once: a page of 1,000 cases is 10 MB, and each copy of it costs
as much time as making some of the cases.

Status codes are StandardRetur's: 20 found (or nothing found), 40 not to be answered, 44 no such UUID.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from indexes.mock.days import instant
from indexes.mock.denmark import Denmark, Page
from indexes.mock.dice import Kind
from indexes.mock.objects import Case, Document, Grant, Payment, Plan, Thing
from indexes.mock.reading.elements import ENVELOPE
from indexes.mock.reading.plan import read_plan
from indexes.mock.reading.search import Criteria, Refused
from indexes.mock.reading.soap import read_sdi, read_yi
from indexes.mock.writing import plan as plan_index
from indexes.mock.writing import sdi, wire, yi

OK, BAD_INPUT, NOT_FOUND = 20, 40, 44
_UNKNOWN = "Et eller flere af de UUID'er, der søges efter, findes ikke i indekset. Kontrollér dem."
_LONG_AGO = timedelta(days=25 * 366)  # how long before today the outdated copies of "duplicate" were registered
_NOTHING = Page(total=0, things=())


class Source(StrEnum):
    """The three indexes."""

    SDI = "sdi"
    YI = "yi"
    PLAN = "plan"


_OUTPUTS = {
    Source.SDI: ("sdi:FremsoegSagDokumentIndeksOutput", sdi.NAMESPACES),
    Source.YI: ("yi:FremsoegYdelseIndeksOutput", yi.NAMESPACES),
}


class _UnknownUuid(Exception):  # noqa: N818  it is an answer: status 44
    """At least one of the UUIDs that were searched for does not exist."""


def failed(source: Source, status: int, words: str) -> bytes:
    """An answer without objects that says why."""
    if source is Source.PLAN:
        return plan_index.answer(status, message=words)
    return _soap(source, status, words=words)


def fault(source: Source, code: str, words: str) -> bytes:
    """A SOAP Fault, or the plan index's own failure. ``code`` is SOAP's Client or Server: whose fault it is."""
    if source is Source.PLAN:
        return plan_index.failure(words)
    words = wire.maybe("faultstring", words)
    return _envelope(f"<soapenv:Fault><faultcode>soapenv:{code}</faultcode>{words}", (), "</soapenv:Fault>")


def _envelope(begin: str, content: Iterable[bytes], end: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="{ENVELOPE}"><soapenv:Body>{begin}'
    return b"".join([head.encode(), *content, f"{end}</soapenv:Body></soapenv:Envelope>".encode()])


def _soap(
    source: Source, status: int, counts: str = "", content: Iterable[bytes] = (), words: str | None = None
) -> bytes:
    tag, namespaces = _OUTPUTS[source]
    begin = (
        f"<{tag} {namespaces}>\n<sd:StandardRetur><sd:StatusKode>{status}</sd:StatusKode>"
        f"{wire.maybe('sd:FejlbeskedTekst', words)}</sd:StandardRetur>\n{counts}"
    )
    return _envelope(begin, content, f"</{tag}>")


def _paging(criteria: Criteria | None) -> tuple[int, int] | None:
    return (criteria.first, criteria.most) if criteria else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Answers requests out of one Denmark.

    ``doubled`` sends every object twice, the second time as it was long ago; ``emptied`` finds nothing at all.
    """

    denmark: Denmark
    today: date
    doubled: bool = False
    emptied: bool = False

    def answer(self, source: Source, body: bytes) -> bytes:
        """The whole XML of an answer. Raises search.NotUnderstood when the bytes are no request to this index."""
        answer = {Source.SDI: self._sdi, Source.YI: self._yi, Source.PLAN: self._plan}[source]
        try:
            return answer(body)
        except Refused as refusal:
            return failed(source, BAD_INPUT, str(refusal))
        except _UnknownUuid:
            return failed(source, NOT_FOUND, _UNKNOWN)

    def _sdi(self, body: bytes) -> bytes:
        search = read_sdi(body)
        if not search.show_case and not search.show_document:
            return _soap(Source.SDI, OK)
        page = self._found(Kind.CASE, search.case_uuids, search.criteria)
        cases = [thing for thing in page.things if isinstance(thing, Case)]
        documents = self._documents(search.document_uuids)
        if search.show_document:
            documents += [document for case in cases for document in case.documents]
        counts = wire.count("sdi", "sager", page.total, _paging(search.criteria))
        counts += wire.count("sdi", "dokumenter", len(documents))
        content = self._written(cases, search.show_case) + self._written(documents, search.show_document)
        return _soap(Source.SDI, OK, counts, content)

    def _yi(self, body: bytes) -> bytes:
        search = read_yi(body)
        if not search.show_grant and not search.show_payment:
            return _soap(Source.YI, OK)
        grants = self._found(Kind.GRANT, search.grant_uuids, search.grants)
        payments = self._found(Kind.PAYMENT, search.payment_uuids, search.payments)
        counts = ""
        if search.grants or search.grant_uuids:
            counts += wire.count("yi", "bevillinger", grants.total, _paging(search.grants))
        if search.payments or search.payment_uuids:
            counts += wire.count("yi", "effektueringer", payments.total, _paging(search.payments))
        content = self._written(grants.things, search.show_grant) + self._written(payments.things, search.show_payment)
        return _soap(Source.YI, OK, counts, content)

    def _plan(self, body: bytes) -> bytes:
        search = read_plan(body)
        page = self._found(Kind.PLAN, search.uuids, search.criteria)
        return plan_index.answer(OK, page.total, self._written(page.things, frozenset({"plan"})))

    def _found(self, kind: Kind, uuids: tuple[str, ...], criteria: Criteria | None) -> Page:
        """What is known by UUID, and after it the page of what the search finds."""
        if self.emptied:
            return _NOTHING
        named = self.denmark.by_uuid(kind, uuids)
        if len(named) < len(uuids):
            raise _UnknownUuid
        page = self.denmark.search(kind, criteria) if criteria else _NOTHING
        return Page(total=len(named) + page.total, things=named + page.things)

    def _documents(self, uuids: tuple[str, ...]) -> list[Document]:
        named = [] if self.emptied else self.denmark.documents(uuids)
        if len(named) < len(uuids) and not self.emptied:
            raise _UnknownUuid
        return list(named)

    def _written(self, things: Iterable[Thing | Document], show: frozenset[str]) -> list[bytes]:
        """The things as XML: nothing when nothing of them is to be shown, each twice when doubled."""
        if not show:
            return []
        ages = (None, instant(self.today - _LONG_AGO, "01:00:00")) if self.doubled else (None,)
        return [_write(thing, show, outdated).encode() for thing in things for outdated in ages]


def _write(thing: Thing | Document, show: frozenset[str], outdated: str | None) -> str:
    match thing:
        case Case():
            return sdi.case_snapshot(thing, show, outdated=outdated)
        case Document():
            return sdi.document_snapshot(thing, show, outdated=outdated)
        case Grant():
            return yi.grant_snapshot(thing, show, outdated=outdated)
        case Payment():
            return yi.payment_snapshot(thing, show, outdated=outdated)
        case Plan():
            return plan_index.plan_element(thing, outdated=outdated)
