"""Virkning: facts with random periods make one answer at every instant, and ``holds`` says how long."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.parse import effect, values
from indexes.parse.roles import SdiRoles
from indexes.parse.sdi import parse_sdi
from indexes.records import Case, Item, Parsed, Refused, Withdrawn

ROLES = SdiRoles()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)

# Days around NOON; None is unbounded.
days = st.one_of(st.none(), st.integers(-3, 3))
spans = st.tuples(days, days)
facts = {
    "parties": st.lists(st.tuples(spans, st.sampled_from(["7513804321", "7614804322"])), max_size=3),
    "topics": st.lists(st.tuples(spans, st.sampled_from(["32.24.04", "27.36.04"])), min_size=1, max_size=3),
    "owners": st.lists(st.tuples(spans, st.sampled_from(["11111111", "22222222"])), min_size=1, max_size=2),
    "hiding": st.lists(spans, max_size=2),
}
DaySpan = tuple[int | None, int | None]


def instant(day: int | None) -> datetime | None:
    return None if day is None else NOON + timedelta(days=day)


def virkning(span: DaySpan) -> str:
    start, end = (
        f"<sd:TidsstempelDatoTid>{moment.isoformat()}</sd:TidsstempelDatoTid>"
        if (moment := instant(day))
        else "<sd:GraenseIndikator>true</sd:GraenseIndikator>"
        for day in span
    )
    return (
        f"<gd:Virkning><sd:FraTidspunkt>{start}</sd:FraTidspunkt><sd:TilTidspunkt>{end}</sd:TilTidspunkt></gd:Virkning>"
    )


def relation(tag: str, span: DaySpan, role: UUID, *, urn: str = "", extension: str = "") -> str:
    reference = f"<gd:ReferenceID><sd:URNIdentifikator>{urn}</sd:URNIdentifikator></gd:ReferenceID>" if urn else ""
    return (
        f"<sag:{tag}>{virkning(span)}<gd:Rolle><sd:UUIDIdentifikator>{role}</sd:UUIDIdentifikator></gd:Rolle>"
        f"{reference}<gd:LokalUdvidelseListe>{extension}</gd:LokalUdvidelseListe></sag:{tag}>"
    )


def answer(
    *,
    parties: list[tuple[DaySpan, str]],
    topics: list[tuple[DaySpan, str]],
    owners: list[tuple[DaySpan, str]],
    hiding: list[DaySpan],
) -> bytes:
    key = "<si:SagsklasseLokalUdvidelse><si:BrugervendtNoegle>{}</si:BrugervendtNoegle></si:SagsklasseLokalUdvidelse>"
    cvr = "<si:SagsaktoerLokalUdvidelse><si:CVR-Nummer>{}</si:CVR-Nummer></si:SagsaktoerLokalUdvidelse>"
    relations = [
        *(relation("Sagspart", span, ROLES.primary_party, urn=f"urn:oio:cpr-nr:{cpr}") for span, cpr in parties),
        *(relation("Sagsklasse", span, ROLES.primary_class, extension=key.format(kle)) for span, kle in topics),
        *(relation("Sagsaktoer", span, ROLES.owner, extension=cvr.format(number)) for span, number in owners),
        *(relation("Sagsklasse", span, ROLES.display_class) for span in hiding),
    ]
    return (
        '<sdi:FremsoegSagDokumentIndeksOutput xmlns:sdi="urn:oio:sts:sagdok:sagdokumentindeks:6" '
        'xmlns:sag="urn:oio:sts:sagdok:sag:6" xmlns:si="urn:oio:sts:sagdok:sagindeks:6" '
        'xmlns:gd="urn:oio:sts:generelledefinitioner:6" xmlns:sd="urn:oio:sagdok:3.0.0">'
        "<sd:StandardRetur><sd:StatusKode>20</sd:StatusKode></sd:StandardRetur><sdi:SagFiltreretOejebliksbillede>"
        "<sag:ObjektType><sd:UUIDIdentifikator>3f6c0d0e-5a0d-4a49-9f0e-6f6f3b1b0a01</sd:UUIDIdentifikator>"
        "</sag:ObjektType><sag:Registrering><sd:Tidspunkt>2026-02-01T08:00:00Z</sd:Tidspunkt>"
        "<sd:LivscyklusKode>Importeret</sd:LivscyklusKode><sag:AttributListe/><sag:TilstandListe/>"
        f"<sag:RelationListe>{''.join(relations)}</sag:RelationListe></sag:Registrering>"
        "</sdi:SagFiltreretOejebliksbillede></sdi:FremsoegSagDokumentIndeksOutput>"
    ).encode()


def covers(span: DaySpan, at: datetime) -> bool:
    start, end = (instant(day) for day in span)
    return (start is None or start <= at) and (end is None or at < end)


def backwards(span: DaySpan) -> bool:
    """Whether it ends before it begins."""
    start, end = span
    return start is not None and end is not None and start > end


def read(data: bytes, at: datetime) -> Item:
    (item,) = parse_sdi(data, at=at, roles=ROLES).items
    return item


def decided(item: Item) -> tuple[str, str, str, bool] | None:
    """What decides who may see a case; None if nobody may."""
    if isinstance(item, Parsed) and isinstance(item.record, Case):
        return item.record.cpr, item.record.owner_cvr, item.record.kle, item.record.hidden
    return None


@given(**facts)
def test_one_answer_or_none_and_hiding_wins(
    parties: list[tuple[DaySpan, str]],
    topics: list[tuple[DaySpan, str]],
    owners: list[tuple[DaySpan, str]],
    hiding: list[DaySpan],
) -> None:
    item = read(answer(parties=parties, topics=topics, owners=owners, hiding=hiding), NOON)
    now = [{fact for span, fact in group if covers(span, NOON)} for group in (parties, topics, owners)]
    if isinstance(item, Withdrawn):
        assert not now[0]
        assert not any(backwards(span) for span, _ in parties)
    elif isinstance(item, Refused):
        dated = [span for group in (parties, topics, owners) for span, _ in group]
        assert any(map(backwards, [*dated, *hiding])) or any(len(group) != 1 for group in now)
    else:
        cpr, owner, kle, hidden = decided(item) or pytest.fail("a record that is no case")
        assert now == [{cpr}, {kle}, {owner}]
        assert hidden == any(covers(span, NOON) for span in hiding)
        assert not any(map(backwards, hiding))


@given(**facts)
def test_what_is_read_holds_for_exactly_the_period_it_says(
    parties: list[tuple[DaySpan, str]],
    topics: list[tuple[DaySpan, str]],
    owners: list[tuple[DaySpan, str]],
    hiding: list[DaySpan],
) -> None:
    data = answer(parties=parties, topics=topics, owners=owners, hiding=hiding)
    item = read(data, NOON)
    if not isinstance(item, Parsed):
        return
    holds = item.record.holds
    assert holds.covers(NOON)
    for day in range(-4, 5):
        for at in (NOON + timedelta(days=day), NOON + timedelta(days=day) - TICK):
            if holds.covers(at):
                assert decided(read(data, at)) == decided(item)
    for outside in (holds.start and holds.start - TICK, holds.end):
        if outside:
            assert decided(read(data, outside)) != decided(item)


def test_several_facts_in_effect_stand_in_the_order_they_started() -> None:
    at = [NOON + timedelta(days=day) for day in range(4)]
    facts = [((at[1], values.END), "second"), ((at[0], values.END), "first"), ((at[2], values.END), "later")]
    assert effect.in_effect(facts, at[1]) == ["first", "second"]
    assert effect.latest(facts, at[1]) == "second"
    assert effect.latest(facts, NOON - TICK) is None


def test_a_fact_that_ends_before_it_begins_is_never_in_effect() -> None:
    backwards = [((NOON, NOON - TICK), "never")]
    assert effect.in_effect(backwards, NOON) == []
    assert effect.stable(backwards, NOON) == effect.ALWAYS
