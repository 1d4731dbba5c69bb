"""What lies in quarantine of Randers, what its fagsystemer hold, and one that was retired."""

from dataclasses import replace

from django.utils import timezone

from borgerblik import cleaning
from borgerblik.models import AuthoritySettings
from borgerblik.wanted import wanted
from indexes import quarantine
from indexes.records import RefusalReason, Source
from indexes.store import save
from tests.indexes.makers import AMINA, BO, METTE, NOW, RANDERS, case, grant, line, parsed, payment, refused, uuid

SHAPE = f"<Sag><Titel>Hjælp til Mette</Titel><CPR>{METTE}</CPR></Sag>".encode()


def to_clean() -> None:
    AuthoritySettings.objects.get_or_create(code="0730")
    messages = [refused("one", raw=SHAPE), refused("two", raw=b"<Sag/>")]
    messages.append(
        replace(refused("three", raw=b"<Sag>3</Sag>"), reason=RefusalReason.NO_OWNER, what="Sagsaktoer/Ejer")
    )
    quarantine.keep(messages, source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    records = (
        case("ksd", fagsystem="KSD"),
        grant("ksd grant", case_uuid=uuid("ksd"), fagsystem="KSD"),
        payment("ksd payment", fagsystem="KSD", lines=(line(grant_uuid=uuid("ksd grant")),)),
        grant("leaning", case_uuid=uuid("ksd"), fagsystem="KY"),
        case("bo", cpr=BO, fagsystem="KSD"),
        case("old", cpr=AMINA, fagsystem="Gammelt System"),
    )
    save(parsed(*records), wanted=replace(wanted(), keeping=None), now=timezone.now())
    cleaning.carry_out(cleaning.ask_to_retire("0730", "Gammelt System", staff_key="administrator-1").pk)
