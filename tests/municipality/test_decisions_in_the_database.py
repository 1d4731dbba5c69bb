"""What the database itself promises about decisions, whoever writes to it."""

import pytest
from django.db import IntegrityError

from borgerblik import areas
from borgerblik.models import AreaSetting, AuthoritySettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def randers() -> AuthoritySettings:
    return AuthoritySettings.objects.create(code="0730", etaper=[1, 2, 3, 4])


@pytest.mark.parametrize("code", ["730", "073x", "udk", ""])
def test_an_authority_has_a_code_of_known_shape(code: str) -> None:
    with pytest.raises(IntegrityError, match="authority_code_known_shape"):
        AuthoritySettings.objects.create(code=code)


@pytest.mark.parametrize("etaper", [[0], [5], [1, 2, -1], [1, 99]])
def test_only_the_four_etaper_can_be_on(etaper: list[int]) -> None:
    with pytest.raises(IntegrityError, match="etaper_are_of_the_stage_plan"):
        AuthoritySettings.objects.create(code="0730", etaper=etaper)


@pytest.mark.parametrize("area", ["", "Social", "social støtte", "32.02", "_social", "social_", "social\n"])
def test_an_area_is_named_as_in_the_stage_plan(randers: AuthoritySettings, area: str) -> None:
    with pytest.raises(IntegrityError, match="area_key_shape"):
        AreaSetting.objects.create(authority=randers, area=area)


def test_every_area_of_the_stage_plan_has_a_name_of_that_shape(randers: AuthoritySettings) -> None:
    rows = [AreaSetting(authority=randers, area=area.key) for area in areas.load().all]
    assert len(AreaSetting.objects.bulk_create(rows)) == len(areas.load().all)


@pytest.mark.parametrize("title", ["", "own", "KLE"])
def test_a_title_is_the_plain_one_or_the_cases_own(randers: AuthoritySettings, title: str) -> None:
    with pytest.raises(IntegrityError, match="area_title_is_kle_or_case"):
        AreaSetting.objects.create(authority=randers, area="social", title=title)


def test_an_authority_decides_once_about_an_area(randers: AuthoritySettings) -> None:
    AreaSetting.objects.create(authority=randers, area="social")
    with pytest.raises(IntegrityError, match="one_setting_per_authority_and_area"):
        AreaSetting.objects.create(authority=randers, area="social", shown=True)
