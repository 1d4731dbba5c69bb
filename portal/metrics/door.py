"""Who may read the metrics: whoever sends METRICS_TOKEN, as Prometheus does. Without that setting nobody may."""

from django.conf import settings
from django.utils.crypto import constant_time_compare

_SCHEME = "Bearer "


def is_open() -> bool:
    return bool(settings.METRICS_TOKEN)


def may_read(authorization: str) -> bool:
    """Whether the header Authorization holds the token."""
    told = authorization.removeprefix(_SCHEME)
    return is_open() and told != authorization and constant_time_compare(told, settings.METRICS_TOKEN)
