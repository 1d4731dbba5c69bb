"""The matrix: which rows are there, what is locked and why, and numbers that are true."""

from dataclasses import replace
from datetime import date

import pytest

from borgerblik import areas
from borgerblik.policy import AreaRule, Policy, TitleChoice
from portal.login.reach import Reach
from portal.municipality.kle_in_use import KleInUse
from portal.municipality.matrix import ETAPER, build
from tests.municipality.desks import RANDERS, SHOWN, UDBETALING, desk, policy, row


def test_every_area_of_the_stage_plan_has_one_row() -> None:
    rows = [row.key for group in build(desk(policy())).groups for row in group.rows]
    assert sorted(rows) == sorted(areas.load().by_key)


def test_rows_stand_under_their_main_group_in_order() -> None:
    numbers = [group.number for group in build(desk(policy())).groups]
    assert numbers == sorted(set(numbers))


def test_a_main_group_carries_kles_own_title_when_an_edition_is_loaded() -> None:
    loaded = KleInUse(published=date(2025, 5, 1), titles={"15": "Arbejdsmarked"})
    names = {group.number: group.name for group in build(desk(policy(), kle=loaded)).groups}
    assert names["15"] == "15 Arbejdsmarked"
    assert names["32"].startswith("32 ")


@pytest.mark.parametrize("key", areas.load().by_key)
def test_an_area_has_its_mark_in_its_own_etape_only(key: str) -> None:
    area = areas.load().by_key[key]
    marks = {cell.etape: cell.mark for cell in row(build(desk(policy())), key).cells}
    assert marks == {etape: area.agreement.value if etape == area.etape else "none" for etape in ETAPER}


@pytest.mark.parametrize(
    ("owner", "key", "locked"),
    [
        (RANDERS, "social", None),
        (RANDERS, "social_pension", None),
        (RANDERS, "udk_boligstoette", "Udbetaling Danmark viser det ikke"),
        (RANDERS, "sundhed", "Under analyse. Kan slås til, når det er aftalt"),
        (UDBETALING, "udk_boligstoette", None),
        (UDBETALING, "social_pension", None),
        (UDBETALING, "social", "Kommunerne bestemmer selv"),
        (UDBETALING, "sundhed", "Under analyse. Kan slås til, når det er aftalt"),
    ],
)
def test_a_row_that_cannot_be_changed_says_why(owner: object, key: str, locked: str | None) -> None:
    own = policy(UDBETALING) if owner is UDBETALING else policy()
    assert row(build(desk(own)), key).locked == locked


def test_a_row_that_cannot_be_changed_here_agrees_with_what_may_be_saved() -> None:
    for own in (policy(), policy(UDBETALING)):
        for area in areas.load().all:
            assert (row(build(desk(own)), area.key).locked is None) == area.decided_by(own.owner)


def test_a_municipality_sees_what_udbetaling_danmark_shows() -> None:
    udk = policy(UDBETALING, udk_boligstoette=SHOWN)
    assert row(build(desk(policy(), udk=udk)), "udk_boligstoette").locked == "Udbetaling Danmark viser det"


@pytest.mark.parametrize(
    ("own", "waiting"),
    [
        (policy(social=SHOWN), None),
        (policy(social=AreaRule()), None),
        (policy(etaper=(1, 2), social=SHOWN), "Venter på etape 3"),
        (policy(since=date(2027, 1, 1), social=SHOWN), "Venter på datoen"),
        (policy(since=None, social=SHOWN), "Venter på datoen"),
    ],
)
def test_a_chosen_area_says_what_it_still_waits_for(own: Policy, waiting: str | None) -> None:
    assert row(build(desk(own)), "social").waiting == waiting


def test_what_else_is_decided_stands_beside_the_area() -> None:
    rule = AreaRule(
        shown=True,
        from_date=date(2024, 1, 1),
        active_regardless=True,
        title=TitleChoice.CASE,
        fagsystemer=frozenset({"DUBU", "KSD"}),
        document_titles=True,
    )
    shown = row(build(desk(policy(social=rule))), "social")
    assert shown.from_date == "1. januar 2024"
    assert shown.notes == ("Alle aktive sager", "Sagens egen titel", "2 fagsystemer", "Titler på dokumenter")


@pytest.mark.parametrize(
    ("own", "also"),
    [
        (policy(), "Udbetaling Danmark bestemmer over sine egne sager her"),
        (policy(UDBETALING), "Kommunerne bestemmer over deres egne sager her"),
    ],
)
def test_an_area_that_two_decide_about_says_so(own: Policy, also: str) -> None:
    assert row(build(desk(own)), "social_pension").also == also
    assert row(build(desk(own)), "social").also is None


def figures(own: Policy, udk: Policy | None = None) -> dict[str, str]:
    return {figure.words: figure.value for figure in build(desk(own, udk=udk)).figures}


def test_the_numbers_count_what_citizens_see() -> None:
    udk = policy(UDBETALING, udk_boligstoette=SHOWN, udk_delpension=SHOWN)
    own = policy(etaper=(1, 2), kontante_ydelser=SHOWN, beskaeftigelse=SHOWN, social=SHOWN)
    found = figures(own, udk)
    assert found["områder kan ses af borgerne"] == "4 af 17"
    assert found["etaper er slået til"] == "2 af 4"
    assert found["valgt til, men venter på en etape"] == "1"


def test_udbetaling_danmark_counts_its_own_areas() -> None:
    found = figures(policy(UDBETALING, udk_boligstoette=SHOWN), policy(UDBETALING, udk_boligstoette=SHOWN))
    assert found["områder kan ses af borgerne"] == "1 af 5"


def test_an_etape_without_anything_to_decide_has_no_switch() -> None:
    assert [head.number for head in build(desk(policy())).etaper if not head.locked] == [1, 2, 3]
    assert [head.number for head in build(desk(policy(UDBETALING))).etaper if not head.locked] == [1, 2]


@pytest.mark.parametrize(
    ("search", "etape", "found"),
    [
        ("pension", None, {"social_pension", "udk_delpension"}),
        ("27.36", None, {"aeldreomsorg", "social"}),
        ("  PENSION ", 1, {"udk_delpension"}),
        ("", 4, {"sundhed", "skole_uddannelse", "teknik", "gaeld"}),
        ("findes ikke", None, set()),
    ],
)
def test_a_search_finds_areas_by_name_and_number(search: str, etape: int | None, found: set[str]) -> None:
    matrix = build(desk(policy()), search=search, etape=etape)
    assert {row.key for group in matrix.groups for row in group.rows} == found


def test_numbers_that_the_edition_lacks_are_told() -> None:
    loaded = KleInUse(published=date(2025, 5, 1), missing={"udk_delpension": ("32.02.24",)})
    told = (
        "Delpension: 32.02.24 står ikke i KLE-udgaven af 1. maj 2025. Gamle sager vises stadig. "
        "Nye sager med andre numre kommer ikke med."
    )
    assert build(desk(policy(), kle=loaded)).missing == (told,)


def test_without_an_edition_nothing_is_called_missing() -> None:
    matrix = build(desk(policy()))
    assert matrix.missing == ()
    assert "ikke kontrolleret" in matrix.edition


@pytest.mark.parametrize(
    ("shown", "told"), [(SHOWN, "Vises. Uden for din rolle"), (AreaRule(), "Skjult. Uden for din rolle")]
)
def test_an_area_outside_the_role_of_whoever_looks_says_how_it_stands(shown: AreaRule, told: str) -> None:
    looking = replace(desk(policy(social=shown, etaper=(1,))), reach=Reach(kle=frozenset({"15"})))
    matrix = build(looking)
    assert row(matrix, "social").locked == told
    assert row(matrix, "beskaeftigelse").locked is None
    assert row(matrix, "udk_boligstoette").locked == "Udbetaling Danmark viser det ikke"
    assert [head.locked for head in matrix.etaper] == [
        "Til. Uden for din rolle",
        "Fra. Uden for din rolle",
        "Fra. Uden for din rolle",
        "Intet at slå til",
    ]
