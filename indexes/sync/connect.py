"""An index opened as the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from indexes.client import NO_RETRY, IndexClient, Retry
from indexes.records import Source
from indexes.sources import IndexSource, PlanSource, SdiSource, YiSource


@contextmanager
def open_source(source: Source, *, retry: Retry = NO_RETRY) -> Iterator[IndexSource]:
    """One of the three indexes; its connections are closed on the way out."""
    address = {Source.SDI: settings.SDI_URL, Source.YI: settings.YI_URL, Source.PLAN: settings.PLAN_URL}[source]
    with IndexClient(
        address, timeout=settings.SOURCE_TIMEOUT, max_bytes=settings.SOURCE_MAX_BYTES, retry=retry
    ) as client:
        yield _reader(source, client)


def _reader(source: Source, client: IndexClient) -> IndexSource:
    size = settings.SOURCE_PAGE_SIZE
    match source:
        case Source.SDI:
            return SdiSource(client, roles=settings.SDI_ROLES, page_size=size)
        case Source.YI:
            return YiSource(client, roles=settings.YI_ROLES, page_size=size)
        case Source.PLAN:
            return PlanSource(client, page_size=size)
