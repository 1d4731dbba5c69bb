"""Every address of the site, asked of the site itself: a new one is walked by the tests of the wall at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

from portal.access import access_of
from portal.municipality.urls import ReceiptConverter

NOBODYS = UUID("5a1d2f0e-0000-4000-8000-00000000dead")
SAMPLES: Mapping[str, str] = {"code": "0730", "key": "kontante_ydelser", "etape": "3", "year": "2026", "kind": "sag"}

KINDS: Mapping[type, tuple[str, str]] = {
    UUIDConverter: ("uuid:", str(NOBODYS)),
    IntConverter: ("int:", "1"),
    ReceiptConverter: ("receipt:", "0" * 12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address with something in place of what varies. ``access`` is who may open it, as its view declares."""

    name: str
    path: str
    access: str


def _part(pattern: RoutePattern | RegexPattern | LocalePrefixPattern, given: Mapping[str, str]) -> str:
    """What stands in an address for one pattern."""
    if isinstance(pattern, RegexPattern):
        return "nothing/here"  # whatever is no address before it
    assert isinstance(pattern, RoutePattern)
    route = str(pattern)
    for name, converter in pattern.converters.items():
        kind, usual = KINDS.get(type(converter), ("", "nothing"))
        for spelling in (f"<{kind}{name}>", f"<str:{name}>", f"<slug:{name}>"):
            route = route.replace(spelling, given.get(name, usual))
    assert "<" not in route, f"{route}: say in tests/wall/addresses.py what to put there"
    return route


def addresses(given: Mapping[str, str] = SAMPLES) -> list[Address]:
    """Every address, with ``given`` for what varies, by the names that the patterns use."""
    return list(_walk(get_resolver("portal.urls"), "/", {**SAMPLES, **given}))


def _walk(resolver: URLResolver, before: str, given: Mapping[str, str]) -> Iterator[Address]:
    for one in resolver.url_patterns:
        path = before + _part(one.pattern, given)
        if isinstance(one, URLPattern):
            yield Address(name=one.name or path, path=path, access=str(access_of(one.callback)))
        else:
            yield from _walk(one, path, given)
