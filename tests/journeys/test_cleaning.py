"""A fagsystem is taken away while somebody looks: each page shows all of it or nothing, and it does not come back."""

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.core.management import call_command

from borgerblik import cleaning
from indexes import leaving
from indexes.identity import find_citizen
from indexes.leaving import Leaving
from indexes.models import Case, Grant, Payment
from tests.indexes.makers import RANDERS
from tests.journeys.visitors import Demo, Visitor

OF_THE_MOMENT = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def shown(visitor: Visitor) -> tuple[Any, ...]:
    """What is told of cases and money, by REST and on their pages."""
    summary = visitor.summary()
    pages = (OF_THE_MOMENT.sub("", visitor.page(path)) for path in ("/sager/", "/penge/"))
    return summary["cases"], summary["money"], *(page.partition("<main")[2].partition("</main>")[0] for page in pages)


def read() -> None:
    call_command("sync_indexes", source=["sdi", "yi"], municipality=["0730"])


def test_a_page_between_two_batches_shows_all_of_a_fagsystem_or_nothing(
    demo: Demo, visit: Callable[..., Visitor]
) -> None:
    mette = visit("mette")
    citizen = find_citizen(demo.people["mette"]["cpr"])
    assert citizen
    name = Case.objects.filter(citizen_id=citizen, owner_cvr=RANDERS, hidden=False)[0].fagsystem
    of_it = {"owner_cvr": RANDERS, "fagsystem": name}
    assert Case.objects.filter(**of_it).exclude(citizen_id=citizen).exists(), "more than one batch"
    seen = [shown(mette)]
    leaving.take_away(
        Leaving(owner_cvr=RANDERS, fagsystem=name),
        in_each=lambda _taken: None,
        progress=lambda _done, _all: seen.append(shown(mette)),
        at_once=1,
    )
    for told in zip(*seen, strict=True):
        states = [state for state, _ in groupby(told)]
        assert len(states) == 2, "as it was, and then without it"
    assert not any(model.objects.filter(**of_it, citizen_id=citizen).exists() for model in (Grant, Payment))

    read()
    assert shown(mette)[0]["open"] == seen[0][0]["open"], "nothing has been decided: the index still has it"
    cleaning.carry_out(cleaning.ask_to_retire("0730", str(name), staff_key="karen").pk)
    read()
    assert shown(mette)[0]["open"] == seen[-1][0]["open"], "it does not come back"
