"""Trying again what lies in quarantine, on the terms of today. The command and the console's task call this."""

from django.utils import timezone

from borgerblik import eventing
from indexes.mending import InEach, Mended, Progress, Which
from indexes.mending import try_again as _try_again


def try_again(
    which: Which,
    *,
    after: int = 0,
    in_each: InEach = lambda _mended, _last: None,
    progress: Progress = lambda _number: None,
) -> Mended:
    """Read messages again by the parser as it is now, and save what can be used."""
    return _try_again(
        which, terms=eventing.terms(), clock=timezone.now, after=after, in_each=in_each, progress=progress
    )
