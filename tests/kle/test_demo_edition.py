"""The demo's small KLE edition: our own titles, and exactly the one number gone that the real edition lacks."""

import pytest

from borgerblik import areas
from borgerblik.models import KleEdition, KleTopic
from portal import demo_data

pytestmark = pytest.mark.django_db


def test_the_areas_lack_one_number() -> None:
    demo_data.load()
    numbers = KleTopic.objects.values_list("number", flat=True)
    assert areas.load().missing_from(numbers) == {"udk_delpension": ("32.02.24",)}


def test_a_loaded_edition_is_left_alone() -> None:
    demo_data.load()
    KleTopic.objects.all().delete()
    demo_data.load()
    assert KleEdition.objects.count() == 1
    assert not KleTopic.objects.exists()
