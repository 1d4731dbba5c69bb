"""What of a citizen's records they may take along: pure, case by case."""

import pytest
from msgspec.structs import replace

from borgerblik.areas import load
from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.release import GIVEN, LEFT_OUT, Records, release
from borgerblik.visibility import Judged, Reason, Verdict
from indexes.declared import DECLARED
from indexes.personal import paths_in
from indexes.records import Document, Record
from tests.indexes.makers import case, full_case, full_grant, full_payment, full_plan, grant, line, payment, uuid

AREA = next(iter(load().by_key.values()))
OPEN = AreaRule(shown=True, title=TitleChoice.CASE, document_titles=True)


def verdict(reason: Reason = Reason.SHOWN, rule: AreaRule = OPEN) -> Verdict:
    return Verdict(reason=reason, area=AREA, rule=rule)


def released(
    *cases: tuple[Record, Verdict],
    grants: tuple[tuple[Record, Verdict], ...] = (),
    payments: tuple[tuple[Record, Verdict], ...] = (),
    plans: tuple[tuple[Record, Verdict], ...] = (),
) -> Records:
    return release(Judged(cases=cases, grants=grants, payments=payments, plans=plans))  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", Reason)
def test_what_the_law_or_doubt_hides_stays_hidden_and_the_rest_goes_along(reason: Reason) -> None:
    given = bool(released((case(), verdict(reason))).cases)
    assert given == (reason in GIVEN)
    assert given == (
        reason
        in {
            Reason.SHOWN,
            Reason.NOT_ON_BORGERBLIK,
            Reason.ETAPE_OFF,
            Reason.AREA_OFF,
            Reason.UNDER_ANALYSIS,
            Reason.BEFORE_FROM_DATE,
            Reason.FAGSYSTEM_NOT_COUNTED,
            Reason.CONSENT_NOT_GIVEN,
        }
    )


def test_titles_go_along_where_the_authority_shows_them() -> None:
    (told,) = released((full_case(), verdict())).cases
    assert (told["title"], [one["title"] for one in told["documents"]]) == ("Sygedagpenge", ["Afgørelse"])
    (silent,) = released((full_case(), verdict(rule=AreaRule()))).cases
    assert (silent["title"], [one["title"] for one in silent["documents"]]) == (None, [None])


def test_a_hidden_document_and_free_words_do_not_go_along() -> None:
    hidden = Document(uuid=uuid("secret"), title=None, kind=None, date=None, hidden=True)
    (told,) = released((replace(full_case(), documents=(hidden,)), verdict())).cases
    assert told["documents"] == []
    assert "status_text" not in told


def test_nothing_points_at_a_case_that_does_not_go_along() -> None:
    secret = (case("secret"), verdict(Reason.EXEMPT_FROM_VIEW))
    records = released(
        secret,
        (case("open", related=(uuid("secret"),)), verdict()),
        grants=((grant(case_uuid=uuid("secret")), verdict()),),
        plans=((replace(full_plan(), case_uuids=(uuid("secret"), uuid("open"))), verdict()),),
    )
    assert str(uuid("secret")) not in str(records)
    assert records.plans[0]["case_uuids"] == [uuid("open")]


def test_a_payment_goes_along_only_when_each_line_belongs_to_a_grant_that_does() -> None:
    """All lines are hidden, one for a closed area and one for a secret: the verdict tells of the first."""
    mixed = payment(lines=(line(grant_uuid=uuid("closed")), line(grant_uuid=uuid("secret"))))
    grants = (
        (grant("closed"), verdict(Reason.AREA_OFF)),
        (grant("secret"), verdict(Reason.VIP)),
    )
    assert not released(grants=grants, payments=((mixed, verdict(Reason.AREA_OFF)),)).payments
    whole = payment(lines=(line(grant_uuid=uuid("closed")),))
    assert released(grants=grants, payments=((whole, verdict(Reason.AREA_OFF)),)).payments
    nameless = payment(lines=(line(grant_uuid=None),))
    assert not released(grants=grants, payments=((nameless, verdict(Reason.AREA_OFF)),)).payments


RENAMED = {"starts": "start", "ends": "end"}  # the columns' names for what the records call otherwise
FULL = {
    "indexes.Case": released((replace(full_case(), related=(full_case().uuid,)), verdict())).cases,
    "indexes.Grant": released(grants=((full_grant(), verdict()),)).grants,
    "indexes.Payment": released(
        grants=((grant(), verdict()),),
        payments=((replace(full_payment(), lines=(line(grant_uuid=uuid("grant")),)), verdict()),),
    ).payments,
    "indexes.Plan": released(plans=((full_plan(), verdict()),)).plans,
}


@pytest.mark.parametrize("label", FULL)
def test_every_declared_field_goes_along_or_it_is_said_why_not(label: str) -> None:
    fields = DECLARED[label].fields
    declared = {name for name, datum in fields.items() if datum.personal and not datum.inside}
    wanted = {RENAMED.get(name, name) for name in (declared | set(fields["facts"].inside)) - set(LEFT_OUT)}
    told = {path.removesuffix("[]") for path in paths_in(FULL[label][0])}
    assert not {name.removesuffix("[]") for name in wanted} - told
