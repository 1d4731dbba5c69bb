"""``import_kle``: what is stored, what is said, and that doing it twice equals doing it once."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from borgerblik import areas
from borgerblik.models import KleEdition, KleTopic
from tests.kle.makers import Emne, emneplan

Load = Callable[[bytes], str]
pytestmark = pytest.mark.django_db

OLD = emneplan(
    Emne(nr="32.02.24", title="Delpension"),
    Emne(nr="32.30.04", title="Dagpenge"),
    Emne(nr="15.17.22", title="Forløb"),
    published="2024-11-01",
)
NEW = emneplan(
    Emne(nr="32.30.04", title="Udbetaling af sygedagpenge"),
    Emne(nr="15.17.22", title="Forløb [udgår 2026]"),
    Emne(nr="15.17.30", title="Helhedsorienteret plan"),
)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Import an edition and give back what the command said."""

    def run(xml: bytes) -> str:
        file = tmp_path / "kle.xml"
        file.write_bytes(xml)
        said = StringIO()
        call_command("import_kle", str(file), stdout=said)
        return said.getvalue()

    return run


def stored() -> list[tuple[object, ...]]:
    rows = KleTopic.objects.order_by("edition__published", "number")
    return list(rows.values_list("edition__published", "number", "title", "ends", "deletion"))


def test_an_edition_is_stored_with_its_numbers(load: Load) -> None:
    said = load(NEW)
    assert said.startswith("KLE of 2025-05-01: 7 numbers, loaded.")
    topic = KleTopic.objects.get(number="15.17.22")
    assert (topic.title, topic.ends, topic.deletion) == ("Forløb", 2026, "P1825D")


def test_doing_it_twice_equals_doing_it_once(load: Load) -> None:
    load(NEW)
    once = stored()
    assert "was loaded already; nothing changed" in load(NEW)
    assert stored() == once
    assert KleEdition.objects.count() == 1


def test_what_changed_against_the_edition_before_is_said(load: Load) -> None:
    load(OLD)
    said = load(NEW)
    assert "Against the edition of 2024-11-01:" in said
    assert "  new 1: 15.17.30" in said
    assert "  gone 2: 32.02, 32.02.24" in said
    assert "  renamed 1\n    32.30.04 Dagpenge -> Udbetaling af sygedagpenge" in said


def test_areas_that_point_at_numbers_that_are_gone_are_said(load: Load) -> None:
    said = load(NEW)
    assert "The area udk_delpension points at 32.02.24, which this edition lacks" in said
    assert "The area kontante_ydelser" not in said
    assert said.count("points at") == len(areas.load().missing_from(KleTopic.objects.values_list("number", flat=True)))


def test_an_older_edition_does_not_replace_the_one_in_use(load: Load) -> None:
    load(NEW)
    assert "A newer edition is loaded, and stays the one in use." in load(OLD)


def test_an_edition_given_out_again_with_corrections_replaces_itself(load: Load) -> None:
    load(NEW)
    load(NEW.replace(b"Udbetaling af sygedagpenge", b"Sygedagpenge"))
    assert KleTopic.objects.get(number="32.30.04").title == "Sygedagpenge"
    assert KleEdition.objects.count() == 1


@pytest.mark.parametrize("broken", [NEW[:-60], NEW.replace(b"32.30.04", b"32.30.4"), b"PK\x03\x04"])
def test_a_broken_file_changes_nothing_and_says_so(load: Load, broken: bytes) -> None:
    load(OLD)
    before = stored()
    with pytest.raises(CommandError, match=r"^Nothing was loaded from kle\.xml: .+ Fetch it again from KLE-Online\.$"):
        load(broken)
    assert stored() == before


@pytest.mark.parametrize("number", ["", "3", "32.2", "32.02.", "A2"])
def test_the_database_takes_no_number_of_another_shape(load: Load, number: str) -> None:
    load(NEW)
    with pytest.raises(IntegrityError, match="kle_number_shape"):
        KleTopic.objects.create(edition=KleEdition.objects.get(), number=number, title="x")


def test_the_database_holds_a_number_once_in_an_edition(load: Load) -> None:
    load(NEW)
    with pytest.raises(IntegrityError, match="one_topic_per_edition_and_number"):
        KleTopic.objects.create(edition=KleEdition.objects.get(), number="32.30.04", title="x")


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match=r"^Nothing was loaded: nowhere\.xml cannot be opened"):
        call_command("import_kle", "nowhere.xml")
