"""Events while whole authorities are read: an index that lags behind its own events takes nothing away."""

import datetime as dt

import pytest

from indexes.models import Case
from indexes.sync import sync_authority
from tests.events.makers import a_case, instant, minutes, take, told
from tests.indexes.fakes import FakeIndex
from tests.indexes.makers import NOW, case, parsed
from tests.indexes.readings import AUTHORITY, TERMS

pytestmark = pytest.mark.django_db


def read(at: dt.datetime) -> None:
    """The index knows one other case."""
    pages = [parsed(case("other"))]
    assert sync_authority(FakeIndex(pages=pages), AUTHORITY, TERMS, clock=lambda: at).trouble is None


def test_what_an_event_brought_just_before_a_reading_waits_for_the_next() -> None:
    new = told(a_case(registered=instant(minutes(-1))), made=minutes(-1))
    take(new, now=NOW)
    read(minutes(1))
    assert Case.objects.count() == 2, "the index may not have heard of it when it was asked"
    read(minutes(62))
    assert Case.objects.count() == 1
    take(new, now=minutes(70))
    assert Case.objects.count() == 1, "sent again it does not come back: the reading knows better"


def test_what_was_registered_long_ago_goes_at_once_however_late_it_came() -> None:
    take(told(a_case(registered=instant(minutes(-500))), made=minutes(-500)), now=NOW)
    read(minutes(1))
    assert Case.objects.count() == 1
