"""The console's pages: what they show, what is saved, and what the administrator is told."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from borgerblik import settings_store
from borgerblik.models import KleEdition, KleTopic, SettingChange
from borgerblik.policy import AreaRule, TitleChoice
from indexes.authorities import by_code
from indexes.models import DefectCount

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def randers() -> None:
    """Randers is on Borgerblik, with etape 1 and 2 and one area shown."""
    settings_store.set_since("0730", date(2020, 6, 1), staff_key="test")
    settings_store.save(
        "0730",
        [
            settings_store.Change(etape=1, on=True),
            settings_store.Change(etape=2, on=True),
            settings_store.Change(area="kontante_ydelser", rule=AreaRule(shown=True)),
        ],
        staff_key="test",
    )
    SettingChange.objects.all().delete()


def text(client: Client, address: str = "/kommune/") -> str:
    return client.get(address).content.decode()


def switches(page: str) -> dict[str, tuple[str, str]]:
    """Address -> (how the switch stands, what pressing it sends)."""
    found = re.findall(r'role="switch" aria-checked="(\w+)"[^>]* value="(\d)" formaction="([^"]+)"', page)
    return {address: (checked, sends) for checked, sends, address in found}


def test_the_matrix_says_what_citizens_see(karen: Client) -> None:
    page = text(karen)
    assert "<h1>Hvad kan borgerne se?</h1>" in page
    assert "borgere i Randers Kommune" in page
    assert "<b>1 af 17</b>" in page
    found = switches(page)
    assert found["/kommune/0730/omraade/kontante_ydelser/vis/"] == ("true", "0")
    assert found["/kommune/0730/omraade/social/vis/"] == ("false", "1")
    assert found["/kommune/0730/etape/2/"] == ("true", "0")
    assert found["/kommune/0730/etape/3/"] == ("false", "1")
    assert not any("udk_" in address or "sundhed" in address or "etape/4" in address for address in found)


def test_an_administrator_of_several_chooses_among_them_only(karen: Client) -> None:
    assert re.findall(r'<option value="(\d{4})"', text(karen)) == ["0730", "0360"]
    assert "borgere i Lolland Kommune" in text(karen, "/kommune/?kommune=0360")


def test_one_authority_is_no_choice(ulla: Client) -> None:
    page = text(ulla)
    assert "borgere i hele landet" in page
    assert 'name="kommune" value="UDK"' in page


def test_a_switch_saves_at_once_and_says_what_citizens_now_see(karen: Client) -> None:
    answer = karen.post("/kommune/0730/omraade/beskaeftigelse/vis/", {"on": "1"})
    assert answer["Location"] == "/kommune/?kommune=0730#omraade-beskaeftigelse"
    assert "Borgere i Randers Kommune kan nu se Job og sygdom." in text(karen, answer["Location"])
    assert settings_store.policy("0730").rules["beskaeftigelse"].shown
    assert "Borgere i Randers" not in text(karen), "it is said once"


def test_a_switch_leaves_the_rest_of_the_decision_alone(karen: Client) -> None:
    rule = AreaRule(shown=True, from_date=date(2024, 1, 1), title=TitleChoice.CASE, fagsystemer=frozenset({"KSD"}))
    settings_store.save("0730", [settings_store.Change(area="social", rule=rule)], staff_key="test")
    karen.post("/kommune/0730/omraade/social/vis/", {"on": "0"})
    left = settings_store.policy("0730").rules["social"]
    assert (left.shown, left.from_date, left.title, left.fagsystemer) == (
        False,
        date(2024, 1, 1),
        TitleChoice.CASE,
        frozenset({"KSD"}),
    )


def test_pressing_twice_equals_pressing_once(karen: Client) -> None:
    for _ in range(2):
        karen.post("/kommune/0730/omraade/beskaeftigelse/vis/", {"on": "1"})
    assert SettingChange.objects.count() == 1
    assert "Der var ikke noget at ændre." in text(karen)


@pytest.mark.parametrize("body", [{}, {"on": "maybe"}, {"on": ""}])
def test_an_unclear_switch_changes_nothing(karen: Client, body: dict[str, str]) -> None:
    karen.post("/kommune/0730/omraade/kontante_ydelser/vis/", body)
    karen.post("/kommune/0730/etape/1/", body)
    assert SettingChange.objects.count() == 0
    assert "Der kom ikke et klart valg med. Prøv igen." in text(karen)


def test_an_etape_is_switched_for_all_its_areas(karen: Client) -> None:
    answer = karen.post("/kommune/0730/etape/1/", {"on": "0"})
    assert "Etape 1 er slået fra. Borgere i Randers Kommune kan ikke længere se: Kontante ydelser." in text(
        karen, answer["Location"]
    )
    assert settings_store.policy("0730").etaper == {2}


@pytest.mark.parametrize("etape", [0, 4, 5])
def test_an_etape_without_anything_to_decide_cannot_be_switched(karen: Client, etape: int) -> None:
    assert karen.post(f"/kommune/0730/etape/{etape}/", {"on": "1"}).status_code == 404
    assert SettingChange.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "saved"), [("2027-01-01", date(2027, 1, 1)), ("01-02-2021", date(2021, 2, 1)), ("", None)]
)
def test_the_day_on_borgerblik_can_be_set_and_taken_away(karen: Client, given: str, saved: date | None) -> None:
    karen.post("/kommune/0730/siden/", {"since": given})
    assert settings_store.policy("0730").since == saved


def test_an_unreadable_day_changes_nothing(karen: Client) -> None:
    karen.post("/kommune/0730/siden/", {"since": "i morgen"})
    assert settings_store.policy("0730").since == date(2020, 6, 1)
    assert "Skriv en dato med dag, måned og år." in text(karen)


DETAILS = {
    "opened": settings_store.digest(AreaRule(shown=True)),
    "shown": "on",
    "from_date": "2024-01-01",
    "active_regardless": "on",
    "title": "case",
    "fagsystem_choice": "some",
    "fagsystemer": ["KSD", "DUBU"],
    "document_titles": "on",
}


def test_how_an_area_is_shown_can_be_decided(karen: Client) -> None:
    answer = karen.post("/kommune/0730/omraade/kontante_ydelser/", DETAILS)
    assert answer["Location"] == "/kommune/?kommune=0730#omraade-kontante_ydelser"
    assert settings_store.policy("0730").rules["kontante_ydelser"] == AreaRule(
        shown=True,
        from_date=date(2024, 1, 1),
        active_regardless=True,
        title=TitleChoice.CASE,
        fagsystemer=frozenset({"KSD", "DUBU"}),
        document_titles=True,
    )
    page = text(karen, answer["Location"])
    assert "Kun sager fra DUBU og KSD tæller." in page
    assert "1. januar 2024" in page


def test_the_form_shows_what_stands(karen: Client) -> None:
    karen.post("/kommune/0730/omraade/kontante_ydelser/", DETAILS)
    page = text(karen, "/kommune/0730/omraade/kontante_ydelser/")
    assert 'name="from_date" value="2024-01-01"' in page
    assert re.search(r'name="title" value="case" checked', page)
    assert re.search(r'name="fagsystem_choice" value="some" checked', page)
    assert set(re.findall(r'name="fagsystemer" value="(\w+)" checked', page)) == {"KSD", "DUBU"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"from_date": "31. februar"}, "Skriv en dato med dag, måned og år"),
        ({"from_date": "2999-01-01"}, "Datoen kan senest være 31. december"),
        ({"fagsystemer": []}, "Vælg mindst ét fagsystem"),
        ({"fagsystemer": ["Ukendt"]}, "Valget findes ikke."),
        ({"title": "other"}, "Valget findes ikke."),
        ({"fagsystem_choice": ""}, "Valget findes ikke."),
    ],
)
def test_what_cannot_be_saved_is_told_and_what_was_written_stays(
    karen: Client, wrong: dict[str, object], told: str
) -> None:
    answer = karen.post("/kommune/0730/omraade/kontante_ydelser/", {**DETAILS, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Indstillingen er ikke gemt" in page
    assert len(re.findall(rf"(?:<a href=\"#\w+\">|</svg>){told}", page)) == 2, "on top, and at the field"
    assert 'name="document_titles" checked' in page
    assert SettingChange.objects.count() == 0


def test_fagsystemer_seen_in_the_data_can_be_chosen(karen: Client) -> None:
    DefectCount.objects.create(
        source="sdi",
        authority_cvr=by_code["0730"].cvr,
        fagsystem="Et nyt system",
        defect="no_unit",
        count=1,
        records=2,
        counted=timezone.now(),
    )
    assert 'value="Et nyt system"' in text(karen, "/kommune/0730/omraade/social/")
    assert 'value="Et nyt system"' not in text(karen, "/kommune/0360/omraade/social/")


def test_each_change_is_in_the_history_with_who_made_it(karen: Client) -> None:
    karen.post("/kommune/0730/omraade/kontante_ydelser/", DETAILS)
    karen.post("/kommune/0730/etape/3/", {"on": "1"})
    karen.post("/kommune/0730/siden/", {"since": ""})
    page = text(karen, "/kommune/aendringer/?kommune=0730")
    assert page.count("Karen Dahl</td>") == 3
    for words in (
        "Fra dato: ingen → 1. januar 2024",
        "Overskrift: almindelige ord → sagens egen titel",
        "Fagsystemer: alle → DUBU og KSD",
        "Titler på dokumenter: nej → ja",
        "Slået: fra → til",
        "På Borgerblik fra: 1. juni 2020 → ingen",
    ):
        assert words in page
    assert "Vises: ja → ja" not in page


def test_the_history_is_of_one_authority(karen: Client) -> None:
    karen.post("/kommune/0730/etape/3/", {"on": "1"})
    assert "Der er ikke ændret noget endnu." in text(karen, "/kommune/aendringer/?kommune=0360")


def test_a_long_history_has_pages(karen: Client) -> None:
    for number in range(60):
        settings_store.save("0730", [settings_store.Change(etape=3, on=number % 2 == 0)], staff_key="gone")
    first = text(karen, "/kommune/aendringer/?kommune=0730")
    assert first.count("Ukendt medarbejder") == 50
    assert "Side 1 af 2" in first
    assert text(karen, "/kommune/aendringer/?kommune=0730&side=2").count("Ukendt medarbejder") == 10


def test_numbers_that_kle_has_dropped_are_reported(karen: Client) -> None:
    edition = KleEdition.objects.create(published=date(2025, 5, 1), loaded=timezone.now())
    numbers = ["32", "32.15", "32.10", "32.12", "32.06", "32.27.05", "32.03", "15", "25.45", "27.35", "27.36.04"]
    numbers += ["27.42", "27", "34", "15.17.30", "28", "23", "29", "17", "54", "02", "05", "07", "25"]
    KleTopic.objects.bulk_create([KleTopic(edition=edition, number=n, title=f"Titel {n}") for n in numbers])
    page = text(karen)
    assert "Delpension: 32.02.24 står ikke i KLE-udgaven af 1. maj 2025." in page
    assert page.count("står ikke i KLE-udgaven") == 1
    assert "15 Titel 15" in page


def test_the_matrix_can_be_searched(karen: Client) -> None:
    page = text(karen, "/kommune/?kommune=0730&soeg=pension")
    assert "omraade-social_pension" in page
    assert "omraade-dagtilbud" not in page
    assert "Ingen områder passer" in text(karen, "/kommune/?kommune=0730&soeg=xyz")
    assert "omraade-dagtilbud" in text(karen, "/kommune/?kommune=0730&etape=abc")
