"""Each demo person reads what their story says, on the pages and by REST."""

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import localdate

from borgerblik.models import UsualTime
from tests.indexes.makers import RANDERS
from tests.journeys.visitors import Demo, Visitor

PATHS = ("/", "/sager/", "/penge/", "/plan/")
KIMS_SECRETS = ("Rosenvang", "Ravnsborg", "Hvidkilde")
Visit = Callable[..., Visitor]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_mette_reads_her_cases_her_money_and_her_plan(visit: Visit) -> None:
    text = text_of(visit("mette").page())
    for words in (
        "Sygedagpenge",
        "Opfølgning på din sygdom",
        "Boligstøtte",
        "Børne- og ungeydelse",
        "13.412,00 kr.",
        "Jeg vil have et fleksjob på 15 timer om ugen",
        "Jeg får mere energi i hverdagen",
        "Ringer til lægen",
        "Udbetaling Danmark",
    ):
        assert words in text, words


def test_mettes_page_and_her_summary_are_one_overview(visit: Visit) -> None:
    mette = visit("mette")
    summary, text = mette.summary(), text_of(mette.page("/sager/"))
    titles = [case["title"] for case in summary["cases"]["open"]]
    assert len(titles) >= 6
    assert all(title in text for title in titles)
    assert summary["money"]["next"]["total"] == {"words": "13.412,00 kr.", "value": "13412.00"}
    assert {source["state"] for source in summary["meta"]["sources"]} == {"fresh"}


def test_sara_reads_which_areas_are_not_opened(visit: Visit) -> None:
    sara = visit("sara")
    text = text_of(sara.page())
    assert "Odense Kommune viser ikke de områder nu" in text
    assert "Dagtilbud" in text_of(sara.page("/omraader/"))
    assert "Du har ingen sager" not in text
    assert sara.summary()["cases"]["state"] == "off"


def test_ole_reads_that_there_is_truly_nothing(visit: Visit) -> None:
    ole = visit("ole")
    text = text_of(ole.page())
    assert "Du har ingen sager, som kan vises her. Vi har spurgt kommunen og Udbetaling Danmark." in text
    assert "Du får ingen penge fra kommunen eller Udbetaling Danmark" in text
    assert "Du har ingen samlet plan" in text
    assert [ole.summary()[part]["state"] for part in ("cases", "money", "plan")] == ["empty"] * 3


def test_nothing_of_kims_secrets_is_in_any_page_or_answer(visit: Visit) -> None:
    kim = visit("kim")
    everything = [kim.page(path) for path in PATHS]
    everything += [kim.page(case["href"]) for case in kim.summary()["cases"]["open"]]
    everything.append(str(kim.summary()))
    assert "Sag om støtte i hverdagen" in everything[1]
    for secret in KIMS_SECRETS:
        assert not any(secret in said for said in everything), secret


@pytest.mark.usefixtures("demo", "db")
def test_nothing_of_kims_secrets_is_in_any_column_in_clear() -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~ %s', ["|".join(KIMS_SECRETS)])  # noqa: S608
            assert cursor.fetchone()[0] == 0, table


@pytest.mark.usefixtures("db")
def test_no_cpr_number_is_in_any_column_in_clear(demo: Demo) -> None:
    numbers = "|".join(person["cpr"] for person in demo.people.values())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~ %s', [numbers])  # noqa: S608
            assert cursor.fetchone()[0] == 0, table


def test_another_citizens_case_is_not_found(visit: Visit) -> None:
    href = visit("mette").summary()["cases"]["open"][0]["href"]
    assert visit("bo").client.get(href).status_code == 404
    assert visit("mette").client.get(href).status_code == 200


def test_kims_hidden_case_is_not_found_even_by_kim(visit: Visit) -> None:
    kim = visit("kim")
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid FROM indexes_case WHERE hidden")
        hidden = [row[0] for row in cursor.fetchall()]
    assert hidden
    for uuid in hidden:
        assert kim.client.get(f"/sager/{uuid}/").status_code == 404


def test_jens_finds_his_case_from_2014(visit: Visit) -> None:
    jens = visit("jens")
    cases = jens.summary()["cases"]
    assert cases["open_total"] + cases["closed_total"] == 300
    assert len(cases["open"]) + len(cases["closed"]) == 12
    found = text_of(jens.page("/sager/?q=bil"))
    assert "Støtte til bil" in found


def test_lis_reads_why_she_got_less(visit: Visit) -> None:
    text = text_of(visit("lis").page("/penge/"))
    assert "1.100,00 kr. gik til at betale din gæld. Gældsstyrelsen bad om det." in text
    assert "Ring til Gældsstyrelsen om gælden: 70 15 73 04" in text
    assert "Det er 1.100,00 kr. mere." in text, "in the month after"
    assert "Du fik penge 2 gange i" in text
    assert "Du har fået 850,00 kr. for meget udbetalt" in text
    assert "kunne ikke sættes ind, fordi din konto er lukket" in text


def test_per_reads_that_his_consent_is_withdrawn(visit: Visit) -> None:
    assert "Du trak dit samtykke tilbage den" in text_of(visit("per").page("/plan/"))


def test_freja_reads_that_she_turns_18(visit: Visit) -> None:
    assert "Du bliver snart 18 år" in text_of(visit("freja").page())


def test_amina_reads_it_in_english(visit: Visit) -> None:
    amina = visit("amina")
    text = text_of(amina.page("/?sprog=en"))
    assert "Cash assistance" in text
    assert "Kontanthjælp" not in text


@pytest.mark.parametrize("key", ["bo", "amina", "jens", "freja", "per", "lis"])
def test_every_page_opens_for_everybody(visit: Visit, key: str) -> None:
    visitor = visit(key)
    for path in PATHS:
        assert visitor.page(path)


@pytest.mark.usefixtures("db")
def test_a_second_reading_changes_nothing_and_says_so(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.people
    call_command("sync_indexes", municipality=["0730", "UDK"])
    said = capsys.readouterr().out
    for line in said.splitlines():
        assert ", 0 new, 0 changed, " in line, line
        assert ", 0 removed, " in line, line


def test_mette_takes_her_payments_along(demo: Demo, visit: Visit) -> None:
    mette = visit("mette")
    assert 'href="/penge/udbetalinger.csv"' in mette.page("/penge/")
    answer = mette.client.get("/penge/udbetalinger.csv")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="borgerblik-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store, private"
    assert answer.content.startswith(b"\xef\xbb\xbfDag;")
    text = answer.content.decode()
    assert ";13412,00" in text
    assert demo.people["mette"]["cpr"] not in text
    assert "dine udbetalinger" in text_of(mette.page("/hvem-har-set/")).casefold()


def test_mette_reads_each_of_her_years(visit: Visit) -> None:
    mette = visit("mette")
    years = re.findall(r'href="(/penge/aar/(\d{4})/)"', mette.page("/penge/"))
    assert years
    for path, year in years:
        assert f"Dine penge i {year}" in mette.page(path)
    assert mette.client.get("/penge/aar/1999/").status_code == 404


def test_a_file_never_says_nothing(visit: Visit) -> None:
    ole = visit("ole")
    assert "udbetalinger.csv" not in ole.page("/penge/")
    assert ole.client.get("/penge/udbetalinger.csv").status_code == 404


def test_mette_reads_how_long_cases_like_hers_take(visit: Visit) -> None:
    """Of her decided case in one sentence of its own; of what nobody has counted, nothing."""
    mette = visit("mette")
    href = {case["kle"]: case["href"] for case in mette.summary()["cases"]["open"]}
    assert "Hvor lang tid tager det?" not in mette.page(href["27.60.04"])
    for year in (localdate().year, localdate().year - 1):
        UsualTime.objects.create(owner_cvr=RANDERS, kle="27.60.04", year=year, cases=60, low=21, high=48)
    text = text_of(mette.page(href["27.60.04"]))
    assert "Hver anden sag fik svar efter 3 til 7 uger." in text
    assert "Du fik svar efter 6 uger." in text
    assert "Vi har set på 60 sager om hjælpemiddel hos Randers Kommune." in text
    assert "Hvor lang tid tager det?" not in mette.page(href["15.17.06"])
