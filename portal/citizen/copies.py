"""Everything held of the signed-in citizen, for them to keep: as PDF to read, as JSON for a machine (GDPR art. 15, 20).

A POST and not a link: it is written into the access log, and neither a program that fetches links ahead nor another
site may make that happen.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import orjson
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from msgspec import Struct, to_builtins

from borgerblik import words
from borgerblik.everything import Everything, everything_of
from borgerblik.overview.material import Person
from borgerblik.readable import document, notes
from borgerblik.words import Words
from borgerblik.your_data import DataRow, of_citizens, rows
from indexes.personal import Datum
from portal.access import citizens_only
from portal.declared import EVERYWHERE
from portal.language import known_of
from portal.login.identity import CitizenIdentity
from portal.pdf import render
from portal.retention import days

FORMAT: Final = "borgerblik-copy-1"  # raised when a program that reads it must be changed
TYPES: Final = {"pdf": "application/pdf", "json": "application/json"}


@citizens_only
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, citizen: CitizenIdentity) -> HttpResponse:
    """The copy as a file, whose name tells nothing about whose it is. By GET, as after signing in anew, its page."""
    if request.method != "POST":
        return redirect("your_data")
    form = request.POST.get("form", "")
    if form not in TYPES:
        raise BadRequest
    # In the reader's language where all of it is written there, else in Danish: a page has said so.
    now, told = timezone.localtime(), words.load(known_of(request).tag_of("copy"))
    person = citizen.person
    held = everything_of(citizen.leave, person, language=told.language, now=now)
    body = as_pdf(held, told, now) if form == "pdf" else as_json(held, person, told, now)
    name = f"borgerblik-{now:%Y-%m-%d}.{form}"
    return HttpResponse(
        body, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def as_pdf(held: Everything, told: Words, now: dt.datetime) -> bytes:
    """To read."""
    powers = held.powers.given + held.powers.held
    parts = document(
        held.overview, held.records, held.log, held.reports, powers, rows=_rows(told), names=held.names, words=told
    )
    return render(parts, made=now)


def as_json(held: Everything, person: Person, told: Words, now: dt.datetime) -> bytes:
    """For a machine: ``data`` says of every field what it is."""
    return orjson.dumps(
        {
            "format": FORMAT,
            "made": now,
            "language": told.language,
            "notes": notes(held.overview.authority, told),
            "person": person,
            "records": held.records,
            "sources": held.overview.sources,
            "access_log": {
                "words": held.log.words,
                "entries": held.entries,
                "objections": held.log.objections,
            },
            "reports": held.reports,
            "powers_of_attorney": held.powers,
            "data": _data(_rows(told)),
        },
        option=orjson.OPT_INDENT_2,
        default=_plain,
    )


def _plain(told: object) -> object:
    """Finished words as names and values, and any other value as it is written."""
    return to_builtins(told) if isinstance(told, Struct) else str(told)


def _rows(told: Words) -> tuple[DataRow, ...]:
    return rows(EVERYWHERE, days=days(), words=told)


def _data(told: Iterable[DataRow]) -> list[dict[str, Any]]:
    """Each kind of information with its fields: what they are, how private, and where they come from."""
    declared = dict(of_citizens(EVERYWHERE))
    return [
        {
            "where": row.label,
            "what": row.what,
            "kept": row.kept,
            "fields": {name: _field(datum) for name, datum in declared[row.label].fields.items() if datum.personal},
        }
        for row in told
    ]


def _field(datum: Datum) -> dict[str, Any]:
    told: dict[str, Any] = {"says": datum.says, "kind": datum.kind, "from": datum.origin}
    return {**told, "inside": {name: _field(one) for name, one in datum.inside.items()}} if datum.inside else told
