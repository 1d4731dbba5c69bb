"""The copy of everything: whole, readable for everybody, logged before it is sent, and telling nothing it must not."""

import datetime as dt
import io
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace
from pypdf import PdfReader

from borgerblik import languages, words
from borgerblik.models import AccessEntry, AreaSetting, AuthoritySettings, PowerOfAttorney
from borgerblik.wanted import wanted
from indexes.models import SourceState
from indexes.records import Period, Record, Source
from indexes.store import save
from tests.indexes.makers import BO, METTE, RANDERS, UDK, case, full_case, full_plan, grant, parsed, payment
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("randers")]
COPY = "/om-dine-data/kopi/"


@pytest.fixture
def randers() -> None:
    """Randers has opened benefits; the plan and the rest are closed."""
    for code in ("0730", "UDK"):
        authority = AuthoritySettings.objects.create(code=code, since=dt.date(2020, 1, 1), etaper=[1])
        AreaSetting.objects.create(authority=authority, area="kontante_ydelser", shown=True)
    now = timezone.now()
    for source in Source:
        for cvr in (RANDERS, UDK):
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=now, last_success=now)


def hold(*records: Record) -> None:
    lasting = (replace(record, holds=Period()) for record in records)
    save(parsed(*lasting), wanted=wanted(), now=timezone.now())


def signed_in(language: str = "da", client: Client | None = None) -> Client:
    browser = client or Client()
    sign_in_as(browser, a_citizen(METTE, name="Mette Lund", birth_date=dt.date(1980, 1, 2)), language)
    return browser


def fetched(form: str, language: str = "da") -> Any:
    answer = signed_in(language).post(COPY, {"form": form})
    assert answer.status_code == 200, answer.content[:300]
    return answer


def as_json() -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(fetched("json").content)
    return told


def as_pdf(language: str = "da") -> PdfReader:
    return PdfReader(io.BytesIO(fetched("pdf", language).content))


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def languages_of(pdf: PdfReader) -> set[str]:
    """Those that the parts of the document say they are in."""
    parts: list[Any] = [pdf.get_object(number) for number in range(1, int(pdf.trailer["/Size"]))]  # type: ignore[call-overload]
    return {str(part["/Lang"]) for part in parts if isinstance(part, dict) and "/Lang" in part}


def test_what_only_a_closed_area_hides_goes_along_and_says_that_no_page_shows_it() -> None:
    hold(case("shown"), case("closed", kle="15.17.06"), full_plan(), grant(case_uuid=None), payment())
    told = as_json()
    shown = {record["kle"]: record["shown"] for record in told["records"]["cases"]}
    assert shown == {"32.30.04": True, "15.17.06": False}
    assert [len(told["records"][kind]) for kind in ("grants", "payments", "plans")] == [1, 1, 1]
    assert "15.17.06" not in text_of(as_pdf())  # a topic has a name
    assert "Det, som ikke står på siderne endnu" in text_of(as_pdf())


def test_what_is_exempt_is_in_neither_and_the_words_are_the_same() -> None:
    bare = as_json()["notes"]
    hidden = replace(
        full_case(),
        hidden=True,
        title=None,
        number=None,
        status_text=None,
        unit=None,
        outcome=None,
        documents=(),
        related=(),
        kle="32.30.08",
    )
    hold(hidden)
    told = fetched("json").content.decode()
    assert str(hidden.uuid) not in told
    assert "32.30.08" not in told
    assert orjson.loads(told)["notes"] == bare
    assert any("holdt tilbage" in note for note in bare)


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_it_is_written_down_once_before_anything_is_sent(form: str) -> None:
    told = fetched(form)
    entries = list(AccessEntry.objects.values_list("actor", "what"))
    assert entries == [("citizen", "export")]
    if form == "json":  # the log in it tells of this very reading
        assert [entry["what"] for entry in orjson.loads(told.content)["access_log"]["entries"]] == ["export"]
    else:
        body = text_of(PdfReader(io.BytesIO(told.content)))
        assert "Alt, hvad vi har om dig, til at gemme" in " ".join(body.split())


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_no_cache_keeps_it_and_its_name_tells_of_nobody(form: str) -> None:
    answer = fetched(form)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="borgerblik-{timezone.localdate()}.{form}"'
    assert METTE.encode() not in answer.content


def test_the_json_says_of_every_field_what_it_is() -> None:
    told = as_json()
    assert told["format"] == "borgerblik-copy-1"
    assert told["person"]["birth_date"] == "1980-01-02"
    of_cases = next(one for one in told["data"] if one["where"] == "indexes.Case")
    assert of_cases["fields"]["opened"] == {"says": "when the case was opened", "kind": "ordinary", "from": "sdi"}
    assert "progress[].status" in of_cases["fields"]["facts"]["inside"]


@pytest.mark.parametrize("language", [one.code for one in languages.load().values() if one.code == one.tag])
def test_a_screen_reader_can_read_the_pdf(language: str) -> None:
    """Tagged, with a title, a language and PDF/UA-1's own mark; every font is inside."""
    hold(case())
    pdf = as_pdf(language)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == words.load(language).texts["copy/title"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    inside = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert inside
    assert all({"/FontFile2", "/FontFile3"} & set(one) for one in inside)


def test_easy_danish_is_danish_in_the_copy() -> None:
    assert as_pdf("da-simple").trailer["/Root"]["/Lang"] == "da"  # type: ignore[index]


@pytest.mark.parametrize("language", ["en", "ar", "uk", "de", "pl"])
def test_what_a_register_says_is_marked_as_danish(language: str) -> None:
    """So that it is read aloud as Danish."""
    AreaSetting.objects.update(title="case")
    hold(case(title="Kørestol og rollator"))
    assert languages_of(as_pdf(language)) == {language, "da"}


def test_danish_letters_and_what_looks_like_markup_stay_as_they_are() -> None:
    AreaSetting.objects.update(title="case")
    hold(case(title="Æblegrød på Ærø: #eval(1) *stjerne* $x$ <a> @b"))
    assert "Æblegrød på Ærø: #eval(1) *stjerne* $x$ <a> @b" in " ".join(text_of(as_pdf()).split())


def test_a_link_or_another_site_cannot_make_it_happen() -> None:
    browser = signed_in(client=Client(enforce_csrf_checks=True))
    answer = browser.get(COPY)
    assert (answer.status_code, answer["Location"]) == (302, "/om-dine-data/")
    assert browser.post(COPY, {"form": "json"}).status_code == 403
    assert not AccessEntry.objects.exists()


def test_nobody_else_gets_it(client: Client) -> None:
    answer = client.post(COPY, {"form": "json"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/log-ind/")


def test_another_form_is_a_bad_request() -> None:
    assert signed_in().post(COPY, {"form": "exe"}).status_code == 400
    assert not AccessEntry.objects.exists()


def test_the_page_offers_it_to_whoever_is_signed_in(client: Client) -> None:
    assert COPY not in client.get("/om-dine-data/").content.decode()
    assert signed_in().get("/om-dine-data/").content.decode().count(f'action="{COPY}"') == 1


def test_what_is_said_for_a_machine_is_in_names_and_values() -> None:
    """Of finished words too: a machine can do nothing with the text of an object of ours."""
    hold(case())
    assert {(source["source"], source["state"]) for source in as_json()["sources"]} >= {("sdi", "fresh")}


def test_whom_they_let_see_their_pages_and_whom_they_help_goes_along() -> None:
    now = timezone.now()
    given_to, helped = signed_in(), Client()
    sign_in_as(helped, a_citizen(BO, name="Bo Hansen"))
    for client, name in ((given_to, "Karen Lund"), (helped, "Mette")):
        form = {"name": name, "day": 2, "month": 1, "year": 1980, "areas": ["kontante_ydelser"], "months": 6}
        assert client.post("/hjaelpere/giv/", form).status_code == 302
    code = helped.session["power_made"]["code"]
    assert given_to.post("/hjaelpere/kode/", {"code": code, "svar": "ja"}).status_code == 302
    told = as_json()["powers_of_attorney"]
    assert [one["name"] for one in told["given"]] == ["Karen Lund"]
    assert [one["name"] for one in told["held"]] == ["Bo Hansen"]
    assert PowerOfAttorney.objects.filter(made__gte=now).count() == 2
    for name in ("Karen Lund", "Bo Hansen"):
        assert name in text_of(as_pdf())
