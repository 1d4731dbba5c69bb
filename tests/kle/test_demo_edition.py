"""The demo's small KLE edition: our own titles, and exactly the one number gone that the real edition lacks."""

import re

import pytest
from django.test import Client

from borgerblik import areas, words
from borgerblik.models import KleEdition, KleTopic
from portal import demo_data
from tests.staff import employee

pytestmark = pytest.mark.django_db
GONE = "32.02.24"  # the real edition of May 2025 lacks it too


def test_the_console_reports_the_one_number_that_is_gone(client: Client) -> None:
    demo_data.load()
    client.force_login(employee("administrator", "0730"))
    page = client.get("/kommune/").content.decode()
    assert re.findall(r"[\w. ]+: ([\d., og]+) står ikke i KLE-udgaven af 1. maj 2025", page) == [GONE]


def test_every_other_number_of_an_area_is_in_it_under_a_title_of_ours() -> None:
    demo_data.load()
    numbers = {number for area in areas.load().all for number in area.kle} - {GONE}
    titles = dict(KleTopic.objects.filter(number__in=numbers).values_list("number", "title"))
    assert titles == {number: words.load("da").find(f"kle/{number}/title") for number in numbers}


def test_a_loaded_edition_is_left_alone() -> None:
    demo_data.load()
    KleTopic.objects.all().delete()
    demo_data.load()
    assert KleEdition.objects.count() == 1
    assert not KleTopic.objects.exists()
