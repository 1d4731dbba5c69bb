"""A look at everything the mock indexes hold: each page of each owner, with what is untidy in it counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from lxml import etree

from indexes.mock.answers import Answerer, Source
from indexes.mock.synthetic.rates import load_rates
from indexes.mock.tables import load_tables
from tests.mock import asking
from tests.mock.asking import NS
from tests.mock.indexes import CASES, DOCUMENTS, GRANTS, PAYMENTS, UUID, checked, text, texts, total

PAGE = 1000
SECRET_WORDS = ("Rosenvang", "Ravnsborg", "Hvidkilde")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Two groups of dates are possible; a CPR number of the mock has a day from 61 and a month from 13.
_POSSIBLE_CPR = re.compile(r"(?<![0-9])(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}-?[0-9]{4}(?![0-9])")
_CPR_LENGTH = 10
_DEMO = "-d00000000"  # in the UUIDs of the demo people, who are tidy
_SENSITIVE_TOPICS = {"27.36.12", "34.15.25", "34.45.30"}
_HIDDEN = "5a1d2f0e-0000-4000-8000-0000000000a1"
_PRIMARY, _SECONDARY = "d839f26a-d4d1-4441-b2d6-3dbbb12a9404", "5a1d2f0e-0000-4000-8000-000000000003"

_REFERENCES = "gd:Rolle/sd:UUIDIdentifikator"
_REGISTRATION = "sag:Registrering"
_EXAMPLES = {name: set(rate.examples) for name, rate in load_rates().table.items()}


@dataclass
class Survey:
    """``of`` counts what there is of each kind, ``found`` what is untidy, ``words`` and ``possible_cprs`` the rest."""

    of: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    possible_cprs: set[str] = field(default_factory=set)
    longest_grants: Counter[str] = field(default_factory=Counter)

    def count(self, kinds: list[str], findings: dict[str, bool]) -> None:
        self.of.update(kinds)
        self.found.update(name for name, is_so in findings.items() if is_so)


def survey(answerer: Answerer) -> Survey:
    """Everything of every owner."""
    result = Survey()
    tables = load_tables()
    for owner in [*(each.authority for each in tables.municipalities.values()), tables.udk]:
        for look in _looks(owner.cvr):
            for answer in _pages(answerer, look, result):
                for kind, note in look.notes.items():
                    for thing in answer.iterfind(kind, NS):
                        if _DEMO not in (text(thing, UUID[kind]) or ""):
                            note(thing, result)
    result.of["long_grant"] = sum(payments > 2 for payments in result.longest_grants.values())
    return result


@dataclass(frozen=True, kw_only=True)
class _Look:
    """One kind of object of one owner: how it is asked for, and who notes what is untidy."""

    source: Source
    element: str
    request: Callable[..., bytes]
    notes: dict[str, Callable[[etree._Element, Survey], None]]


def _looks(cvr: str) -> list[_Look]:
    grants = partial(asking.yi, cvr=cvr, payment_vis=())
    payments = partial(asking.yi, cvr=cvr, grant_vis=(), payment_vis=["egenskaber"])
    cases = partial(asking.sdi, cvr=cvr)
    plans = partial(asking.plan, cvr=cvr)
    return [
        _Look(source=Source.SDI, element="sager", request=cases, notes={CASES: _case, DOCUMENTS: _document}),
        _Look(source=Source.YI, element="bevillinger", request=grants, notes={GRANTS: _grant}),
        _Look(source=Source.YI, element="effektueringer", request=payments, notes={PAYMENTS: _payment}),
        _Look(source=Source.PLAN, element="planer", request=plans, notes={"plan:Plan": _plan}),
    ]


def _pages(answerer: Answerer, look: _Look, result: Survey) -> Iterator[etree._Element]:
    first, there_are = 0, 1
    while first < there_are:
        answer = answerer.answer(look.source, look.request(first=first, most=PAGE))
        result.words.update({word: answer.count(word.encode()) for word in SECRET_WORDS})
        page = checked(look.source, answer)
        for words in {str(words) for words in page.itertext() if len(words) >= _CPR_LENGTH}:
            result.possible_cprs.update(found[0] for found in _POSSIBLE_CPR.finditer(_UUID.sub("", words)))
        there_are = total(page, look.element) or 0
        first += PAGE
        yield page


def _case(case: etree._Element, result: Survey) -> None:
    current = case.find(_REGISTRATION, NS)
    assert current is not None
    title = text(current, "sag:AttributListe/sag:Egenskaber/sag:Titel")
    index = current.find("sag:AttributListe/gd:LokalUdvidelseListe/si:SagIndeksEgenskaber", NS)
    assert index is not None
    level, created = text(index, "si:Foelsomhed"), text(index, "si:OprettetTidspunkt") or ""
    kle = _topic(current)
    initials = text(current, ".//si:SagsaktoerLokalUdvidelse/si:BrugervendtNoegle")
    parties = texts(current, f"sag:RelationListe/sag:Sagspart/{_REFERENCES}")
    actors = texts(current, f"sag:RelationListe/sag:Sagsaktoer/{_REFERENCES}")
    system = text(current, ".//si:SagsitsystemRelation/si:SystemNavn")
    lifecycle = text(current, "sd:LivscyklusKode")
    udk = text(current, ".//si:SagsaktoerLokalUdvidelse/si:CVR-Nummer") == "33236239"
    kinds = ["case"] + ["kommune_case"] * (not udk) + ["worked_case"] * bool(initials)
    kinds += ["later_case"] * ((text(case, UUID[CASES]) or "")[9:13] != "0000")
    findings = {
        "missing_title": title is None,
        "missing_primary_party": _PRIMARY not in parties,
        "secondary_party": _SECONDARY in parties,
        "missing_kle": kle is None,
        "unknown_kle": kle in _EXAMPLES["unknown_kle"],
        "expired_kle": kle in _EXAMPLES["expired_kle"],
        "cpr_in_title": bool(re.search(r"[0-9]{6}-[0-9]{4}", title or "")),
        "initials_in_title": initials is not None and f"({initials})" in (title or ""),
        "caseworker": initials is not None,
        "missing_unit": "a1263342-d348-44ba-a566-233f37c4cb67" not in actors,
        "impossible_created": created[:4] in {"0001", "9999"},
        "duplicate_registration": len(case.findall(_REGISTRATION, NS)) > 1,
        "hidden_case": _HIDDEN in texts(current, "sag:RelationListe/sag:Sagsklasse/gd:ReferenceID/*"),
        "secret_title": current.find("sag:AttributListe/sag:Egenskaber/sag:OffentlighedUndtaget", NS) is not None,
        "sensitive": level == "FOELSOMME_PERSONOPLYSNINGER" and kle not in _SENSITIVE_TOPICS,
        "vip": level == "VIP_SAGER",
        "missing_sensitivity": level is None,
        "passive": lifecycle == "Passiveret",
        "deleted": lifecycle == "Slettet",
        "missing_system": system is None,
        "unknown_system": system in _EXAMPLES["unknown_system"],
        "related": current.find("sag:RelationListe/sag:Sagsrelation", NS) is not None,
    }
    result.count(kinds, findings)
    _progress(current, result)


def _topic(current: etree._Element) -> str | None:
    path = "sag:RelationListe/sag:Sagsklasse/gd:LokalUdvidelseListe/si:SagsklasseLokalUdvidelse"
    return text(current, f"{path}[si:Facettitel='KLE-emne']/si:BrugervendtNoegle")


def _progress(current: etree._Element, result: Survey) -> None:
    states = [
        (
            text(state, "sag:Virkning/sd:FraTidspunkt/sd:TidsstempelDatoTid") or "",
            text(state, "sag:Virkning/sd:TilTidspunkt/sd:TidsstempelDatoTid"),
        )
        for state in current.iterfind("sag:TilstandListe/sag:Fremdrift", NS)
    ]
    # The day is enough: a gap or an overlap lasts for days.
    pairs = [(end[:10] if end else None, start[:10]) for (_, end), (start, _) in pairwise(states)]
    findings = {
        "no_states": not states,
        "gap": any(end is not None and end < start for end, start in pairs),
        "overlap": any(end is not None and end > start for end, start in pairs),
        "several_current_states": any(end is None for end, _ in pairs),
    }
    result.count(["long_case"] * (len(states) > 1), findings)


def _document(document: etree._Element, result: Survey) -> None:
    findings = {
        "hidden_document": _HIDDEN in texts(document, ".//di:Dokumentklasse/gd:ReferenceID/*"),
        "missing_document_title": document.find(".//di:Titel", NS) is None,
        "secret_document_title": document.find(".//di:OffentlighedUndtaget", NS) is not None,
    }
    result.count(["document"], findings)


def _grant(grant: etree._Element, result: Survey) -> None:
    findings = {
        "impossible_grant_date": (text(grant, ".//bi:Bevillingstartdato") or "") in _EXAMPLES["impossible_grant_date"],
        "missing_grant_sensitivity": grant.find(".//bi:Foelsomhed", NS) is None,
        "grant_without_case": grant.find(".//bi:Bevillingssag", NS) is None,
    }
    result.count(["grant"], findings)


def _payment(payment: etree._Element, result: Survey) -> None:
    gross, after_tax, sent, paid = (
        text(payment, f".//oef:{name}")
        for name in ("SamletBruttobeloeb", "BeloebEfterSkatATP", "BeloebSendtTilUdbetaling", "BeloebUdbetalt")
    )
    if gross is not None and gross.startswith("-"):
        result.count([], {"corrected": True})
        return
    result.longest_grants[(text(payment, ".//oef:BrugervendtNoegle") or "").partition("/")[0]] += 1
    if paid is None:
        return
    why = text(payment, ".//oef:UdbetaltTekst")
    findings = {
        "debt": why == "Modregning fra Gældsstyrelsen",
        "reversed": paid == "0.00" and why is not None,
        "withheld": sent != after_tax and text(payment, ".//oef:SendtTilUdbetalingTekst") is not None,
        "unexplained": paid != sent and why is None,
    }
    result.count(["paid_payment"], findings)


def _plan(plan: etree._Element, result: Survey) -> None:
    state = text(plan, "plan:Samtykke/plan:Tilstand")
    findings = {"consent_withdrawn": state == "trukket", "consent_missing": state == "mangler"}
    result.count(["plan"], findings)
