"""Where a request comes from: the one thing by which somebody who is not signed in can be told from others.

Behind proxies that is what the outermost of ours has written down. How many there are is a setting (TRUSTED_PROXIES):
what stands further left in ``X-Forwarded-For`` was written by whoever asked. An address is a person's: it is kept
nowhere, only ``mark_of`` it, and that for minutes.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

Address = IPv4Address | IPv6Address
PREFIX = 64  # bits of an IPv6 address: what one household gets; the rest it chooses itself, as often as it likes
UNKNOWN = "unknown"  # all who come without an address that can be read are one
MARK = 32  # characters of a mark: 128 bits
_BRACKETED = "["


def address_of(request: HttpRequest) -> Address | None:
    """The address a request comes from; None when it cannot be read.

    Fewer entries than proxies: it came by a way that does not pass all of them, so nothing in the header is ours.
    """
    hops: int = settings.CONFIG.trusted_proxies or 0
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    behind = hops > 0 and "HTTP_X_FORWARDED_FOR" in request.META and len(forwarded) >= hops
    told = forwarded[-hops].strip() if behind else request.META.get("REMOTE_ADDR", "")
    return _read(told)


def _read(told: str) -> Address | None:
    """An address as proxies write it: alone, with a port, or in brackets with a port (RFC 7239, section 6)."""
    if told.startswith(_BRACKETED):
        told = told[1:].partition("]")[0]
    elif told.count(":") == 1:
        told = told.partition(":")[0]
    try:
        address = ip_address(told)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def mark_of(request: HttpRequest) -> str:
    """What tells addresses apart without telling which they are: only who holds SECRET_KEY could try them all."""
    address = address_of(request)
    if isinstance(address, IPv6Address):
        whose = str(ip_network((address, PREFIX), strict=False))
    else:
        whose = str(address or UNKNOWN)
    return salted_hmac("portal.client_address", whose, algorithm="sha256").hexdigest()[:MARK]
