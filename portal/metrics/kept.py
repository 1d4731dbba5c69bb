"""Where the processes that serve the pages keep their counts, so that any of them can tell of all.

prometheus-client does that with a file a process, mapped into memory, in one folder (METRICS_DIR). It reads where from
the environment when it is first imported, so the others have what they use of it from here. Without a folder each
process counts for itself: enough for a server with one.
"""

import os
from pathlib import Path
from typing import Final

from django.conf import settings


def _prepare(folder: str) -> None:
    if folder:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


_prepare(settings.METRICS_DIR)

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE  # noqa: E402 - see above
from prometheus_client import CollectorRegistry, Histogram, generate_latest  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

__all__ = ["CONTENT_TYPE", "OWN", "CollectorRegistry", "Histogram", "told"]
OWN: Final = CollectorRegistry()  # of this process alone; not the library's global one, which tells of this process


def told() -> bytes:
    """What has been counted by all processes, as Prometheus reads it."""
    if not settings.METRICS_DIR:
        return generate_latest(OWN)
    together = CollectorRegistry()
    MultiProcessCollector(together, settings.METRICS_DIR)  # type: ignore[no-untyped-call]
    return generate_latest(together)
