"""Plans as our own plan index writes them; the format is planindeks-1.xsd in this folder."""

from collections.abc import Iterable

from indexes.mock.objects import Agreement, Consent, Intervention, Meeting, Plan, SubGoal
from indexes.mock.writing import wire

NAMESPACE = "urn:borgerblik:planindeks:1"
OUTDATED_GOAL = "Forældet mål"  # what an earlier registration said; a reader who shows it took the wrong one


def answer(status: int, total: int = 0, plans: Iterable[bytes] = (), message: str | None = None) -> bytes:
    """A whole PlanSvar. ``total`` is how many plans there are, ``plans`` those of them that stand here."""
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<PlanSvar xmlns="{NAMESPACE}"><StatusKode>{status}</StatusKode>'
        f"{wire.maybe('FejlbeskedTekst', message)}<Antal>{total}</Antal>\n"
    )
    return b"".join([head.encode(), *plans, b"</PlanSvar>"])


def failure(words: str) -> bytes:
    """A whole PlanFejl: the plan index itself is in trouble."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<PlanFejl xmlns="{NAMESPACE}"><Kode>500</Kode>'
        f"{wire.maybe('Tekst', words)}</PlanFejl>"
    ).encode()


def plan_element(plan: Plan, *, outdated: str | None = None) -> str:
    """One Plan; ``outdated`` makes it an earlier state of it instead, registered at that instant."""
    return (
        f"<Plan><PlanUuid>{plan.uuid}</PlanUuid><Tidspunkt>{outdated or plan.registered}</Tidspunkt>"
        f"<LivscyklusKode>{plan.lifecycle}</LivscyklusKode><EjerCvr>{plan.owner.cvr}</EjerCvr>"
        f"{wire.maybe('EjerNavn', plan.owner.name)}<KoordinerendeEnhed>{wire.maybe('Navn', plan.unit)}"
        f"<Telefon>{plan.phone}</Telefon></KoordinerendeEnhed><Cpr>{plan.cpr}</Cpr>"
        f"<Oprettet>{plan.created}</Oprettet><Aendret>{plan.changed}</Aendret>{_consent(plan.consent)}"
        f"{wire.maybe('FaellesMaal', OUTDATED_GOAL if outdated else plan.goal)}"
        f"{'' if outdated else _content(plan)}"
        f"{wire.maybe('BeskaeftigelsessagUuid', plan.employment_case)}"
        f"{''.join(f'<SagUuid>{uuid}</SagUuid>' for uuid in plan.other_cases)}</Plan>\n"
    )


def _content(plan: Plan) -> str:
    family = "".join(
        f"<Familiemedlem><Rolle>{member.role}</Rolle>{wire.maybe('Fornavn', member.given_name)}"
        f"<Foedselsaar>{member.birth_year}</Foedselsaar></Familiemedlem>"
        for member in plan.family
    )
    return (
        "".join(_sub_goal(order, sub_goal) for order, sub_goal in enumerate(plan.sub_goals, start=1))
        + "".join(map(_agreement, plan.agreements))
        + "".join(map(_meeting, plan.meetings))
        + family
    )


def _boolean(*, value: bool) -> str:
    return "true" if value else "false"


def _consent(consent: Consent) -> str:
    return (
        f"<Samtykke>{wire.maybe('Reference', consent.reference)}<Tilstand>{consent.state}</Tilstand>"
        f"{wire.maybe('GivetDato', consent.given)}{wire.maybe('TrukketDato', consent.withdrawn)}</Samtykke>"
    )


def _sub_goal(order: int, sub_goal: SubGoal) -> str:
    return (
        f"<Delmaal><Id>{sub_goal.id}</Id><Raekkefoelge>{order}</Raekkefoelge>{wire.maybe('Tekst', sub_goal.text)}"
        f"<Tilstand>{sub_goal.state}</Tilstand>{''.join(map(_intervention, sub_goal.interventions))}</Delmaal>"
    )


def _intervention(intervention: Intervention) -> str:
    return (
        f"<Indsats><Id>{intervention.id}</Id>{wire.maybe('Titel', intervention.title)}"
        f"{wire.maybe('Beskrivelse', intervention.description)}<Art>{intervention.kind}</Art>"
        f"<Felt>{intervention.field}</Felt>{wire.maybe('KleNummer', intervention.kle)}"
        f"{wire.maybe('Enhed', intervention.unit)}<Start>{intervention.start}</Start>"
        f"{wire.maybe('Slut', intervention.end)}<Tilstand>{intervention.state}</Tilstand>"
        f"{wire.maybe('Omfang', intervention.amount)}{wire.maybe('Betaler', intervention.payer)}</Indsats>"
    )


def _agreement(agreement: Agreement) -> str:
    return (
        f"<Aftale><Id>{agreement.id}</Id>{wire.maybe('Tekst', agreement.text)}<Hvem>{agreement.who}</Hvem>"
        f"{wire.maybe('HvemNavn', agreement.who_name)}{wire.maybe('Frist', agreement.due)}"
        f"<Klaret>{_boolean(value=agreement.done)}</Klaret>{wire.maybe('KlaretDato', agreement.done_on)}</Aftale>"
    )


def _meeting(meeting: Meeting) -> str:
    return (
        f"<Opfoelgning><Id>{meeting.id}</Id><Start>{meeting.start}</Start><Slut>{meeting.end}</Slut>"
        f"{wire.maybe('Sted', meeting.place)}{wire.maybe('Emne', meeting.topic)}"
        f"<Holdt>{_boolean(value=meeting.held)}</Holdt></Opfoelgning>"
    )
