"""``load_demo``: what the demo's authorities have decided, made once and never made over."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.models import Application
from pytest_django import Settings

from borgerblik import areas, settings_store
from borgerblik.models import AreaSetting, AuthoritySettings
from borgerblik.policy import AreaRule, TitleChoice
from portal import demo_data
from portal.api import registration
from portal.models import Consumer, ConsumerSecret

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def load(*options: str) -> str:
    said = StringIO()
    call_command("load_demo", *options, stdout=said)
    return said.getvalue()


def opened(code: str) -> set[str]:
    policy = settings_store.policy(code)
    return {area.key for area in areas.load().all if policy.opens(area, TODAY)}


def test_randers_shows_every_area_it_decides_about() -> None:
    load()
    ours = {area.key for area in areas.load().all if area.decided_by(areas.Owner.KOMMUNE)}
    assert opened("0730") == ours
    social = settings_store.policy("0730").rules["social"]
    assert (social.title, social.document_titles) == (TitleChoice.CASE, True)


def test_odense_has_left_most_closed() -> None:
    load()
    assert opened("0461") == {"kontante_ydelser", "social_pension", "beskaeftigelse", "helhedsorienteret_plan"}
    assert settings_store.policy("0461").rules["dagtilbud"].shown is False


def test_lolland_and_udbetaling_danmark_show_theirs() -> None:
    load()
    assert "social" in opened("0360")
    assert "dagtilbud" not in opened("0360")
    assert opened("UDK") == {
        "udk_familieydelse",
        "udk_boligstoette",
        "udk_fleksydelse",
        "udk_delpension",
        "social_pension",
    }


def test_only_areas_of_the_stage_plan_are_named() -> None:
    load()
    for row in AreaSetting.objects.all():
        area = areas.load().by_key[row.area]
        assert area.decided_by(settings_store.owner_of(row.authority_id))


def test_doing_it_twice_equals_doing_it_once() -> None:
    assert load() == "Demo settings: 4 authorities and 32 areas made.\n"
    before = list(AreaSetting.objects.order_by("pk").values())
    assert load() == "Demo settings: 0 authorities and 0 areas made.\n"
    assert list(AreaSetting.objects.order_by("pk").values()) == before


def test_what_an_administrator_has_changed_stays() -> None:
    load()
    hidden = AreaRule(shown=False)
    settings_store.save("0730", [settings_store.Change(area="social", rule=hidden)], staff_key="karen")
    settings_store.save("0730", [settings_store.Change(etape=1, on=False)], staff_key="karen")
    settings_store.set_since("UDK", None, staff_key="ulla")
    load()
    assert settings_store.policy("0730").rules["social"] == hidden
    assert settings_store.policy("0730").etaper == {2, 3}
    assert AuthoritySettings.objects.get(code="UDK").since is None


def test_the_demo_consumer_can_fetch_a_token_with_the_secret_that_is_shown(client: Client) -> None:
    client_id, secret = load("--show-consumer").split()
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    assert client_id == "demo-consumer"
    assert client.post("/api/v1/oauth/token", asked).status_code == 200


def test_the_secret_is_the_same_each_time_and_only_kept_hashed() -> None:
    assert load("--show-consumer") == load("--show-consumer")
    kept = [*Application.objects.values_list(), *ConsumerSecret.objects.values_list()]
    assert demo_data.consumer().secret not in str(kept)
    assert Application.objects.count() == 1


def test_the_demo_consumer_that_was_shut_out_stays_out() -> None:
    demo_data.consumer()
    registration.revoke("demo-consumer")
    demo_data.consumer()
    assert Consumer.objects.get().revoked is not None
    assert not ConsumerSecret.objects.exists()


def test_a_new_secret_key_makes_a_new_secret(settings: Settings) -> None:
    before = demo_data.consumer().secret
    settings.SECRET_KEY = "another"
    after = demo_data.consumer().secret
    assert after != before


def test_it_refuses_where_this_is_not_the_demo(settings: Settings) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"demo": False})
    with pytest.raises(CommandError, match="this is not the demo"):
        load()
    assert AuthoritySettings.objects.count() == 0
