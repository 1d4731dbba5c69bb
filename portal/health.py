"""Whether the process answers and whether it can do its work, for the load balancer and the operator's monitor.

Neither page asks an index anything, and neither says anything about a person: counts and times only.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from borgerblik.overview.elements import State
from indexes import keys
from indexes.crypto import KeyRingError
from indexes.models import SourcePace, SourceState
from indexes.records import Source
from portal.access import public
from portal.api.rendering import dumps
from portal.databases import SEES_EVERYONE, SeesEveryoneError, sees_everyone

Answer = Callable[[HttpRequest], HttpResponse]
PROBED: Final = frozenset({"/healthz", "/readyz"})


def probed(get_response: Answer) -> Answer:
    """Middleware before what asks for the host's name: a load balancer and a monitor ask by address, as for metrics."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info not in PROBED:
            return get_response(request)
        request.resolver_match = match = resolve(request.path_info)  # its answer counts as a page's
        found: HttpResponse = match.func(request)
        return found

    return answer


@public
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing of the database: a restart would not mend that."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _waiting_migrations() -> int:
    """How many migrations of this version of the code the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _static_is_known() -> bool:
    """Whether this process has read the list of style sheets and scripts; it does so once, when it starts."""
    files: dict[str, str] | None = getattr(staticfiles_storage, "hashed_files", None)
    return settings.DEBUG or files is None or bool(files)  # None: the pages name the files as they are


def _standing(row: Mapping[str, Any]) -> str:
    """One word for an index: fresh everywhere, failed when it was never read, else stale."""
    if not row["last_success"]:
        return State.FAILED
    return State.FRESH if row["fresh"] == row["authorities"] else State.STALE


def _sources() -> dict[str, dict[str, object]]:
    """For each index: how it stands, how many authorities were read lately, how many fail now and since when.

    An index in trouble does not make us unready: the pages show the last good copy and say how old it is. The breaker
    is open for those that are left alone until it is time to try again, and for all of an index that is paused.
    """
    now = timezone.now()
    oldest = now - timedelta(minutes=settings.FRESH_MINUTES)
    rows = SourceState.objects.values("source").annotate(
        authorities=Count("pk"),
        fresh=Count("pk", filter=Q(last_success__gte=oldest, failed_since__isnull=True)),
        failing=Count("pk", filter=Q(failed_since__isnull=False)),
        left_alone=Count("pk", filter=Q(try_after__gt=now)),
        failing_since=Min("failed_since"),
        last_success=Max("last_success"),
    )
    found = {row["source"]: {"state": _standing(row), **row} for row in rows}
    never: dict[str, object] = {"state": State.FAILED, "authorities": 0}
    paces = SourcePace.objects.in_bulk()
    return {
        source.value: found.get(source.value, {**never, "source": source}) | _pace(paces.get(source.value), now)
        for source in Source
    }


def _pace(row: SourcePace | None, now: datetime) -> dict[str, object]:
    """How fast an index is asked, of what the settings allow, and until when it is not asked at all."""
    paused = row.paused_until if row and row.paused_until and row.paused_until > now else None
    return {"pace": row.share if row else 1.0, "paused_until": paused}


def _wrong_keys() -> str:
    try:
        keys.compare()
    except KeyRingError as error:
        return str(error)
    return ""


def _state() -> tuple[bool, dict[str, object]]:
    """Whether we can do our work, and what that rests on."""
    if not _static_is_known():
        return False, {
            "static": "not collected. Every page fails until you run manage.py collectstatic and restart Borgerblik."
        }
    try:
        waiting = _waiting_migrations()
        if waiting:
            return False, {
                "database": "ok",
                "migrations": f"{waiting} wait. Pages may fail until you run manage.py migrate.",
            }
        if sees_everyone():
            return False, {"database": SEES_EVERYONE}
        wrong = _wrong_keys()
        return not wrong, {"database": "ok", "migrations": "ok", "keys": wrong or "ok", "sources": _sources()}
    except SeesEveryoneError:
        return False, {"database": SEES_EVERYONE}
    except DatabaseError as error:
        # Only the kind of error: its message may hold the address and the user of the database.
        reason = f"{type(error).__name__}. Nothing can be shown; check DATABASE_URL and that PostgreSQL runs."
        return False, {"database": reason}


@public
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when we can do our work, else 503, with what that rests on."""
    ready, parts = _state()
    return HttpResponse(dumps({"ready": ready, **parts}), status=200 if ready else 503, content_type="application/json")
