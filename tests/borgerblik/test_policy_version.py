"""What has been decided is read again when it has changed, and only then."""

import datetime as dt

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from borgerblik.models import AreaSetting, AuthoritySettings, PolicyVersion
from borgerblik.settings_store import policies_called

pytestmark = pytest.mark.django_db
RANDERS = "0730"


def called() -> str:
    return str(PolicyVersion.objects.get().version)


@pytest.fixture
def authority() -> AuthoritySettings:
    return AuthoritySettings.objects.create(code=RANDERS, since=dt.date(2020, 1, 1))


def test_every_change_of_a_decision_gives_all_of_them_another_name(authority: AuthoritySettings) -> None:
    names = [called()]
    area = AreaSetting.objects.create(authority=authority, area="social")
    names.append(called())
    AreaSetting.objects.update(shown=True)
    names.append(called())
    area.delete()
    names.append(called())
    AuthoritySettings.objects.update(etaper=[1])
    names.append(called())
    assert len(set(names)) == len(names)


def test_they_are_read_again_only_when_they_are_called_otherwise(
    authority: AuthoritySettings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    area = AreaSetting.objects.create(authority=authority, area="social", shown=False)
    with django_assert_num_queries(1):
        name = called()
    with django_assert_num_queries(1):
        assert not policies_called(name)[RANDERS].rules["social"].shown
    with django_assert_num_queries(0):
        assert not policies_called(name)[RANDERS].rules["social"].shown
    area.shown = True
    area.save()
    assert policies_called(called())[RANDERS].rules["social"].shown
    assert policies_called(None)[RANDERS].rules["social"].shown, "whoever knows no name reads"


def test_a_change_that_is_rolled_back_leaves_its_name_to_nothing(authority: AuthoritySettings) -> None:
    before = called()
    with transaction.atomic():
        AreaSetting.objects.create(authority=authority, area="social", shown=True)
        assert "social" in policies_called(called())[RANDERS].rules
        transaction.set_rollback(True)
    assert called() == before
    assert "social" not in policies_called(before)[RANDERS].rules
