"""From a look by another system to the front page, the citizen's objection, the municipality's answer and back."""

import re
from collections.abc import Callable

from borgerblik import access_log
from borgerblik.grants import ByNumber, Reader
from tests.journeys.visitors import Demo, Visitor

Visit = Callable[..., Visitor]
SYSTEM = Reader(actor="x", organisation="Styrelsen for Prøver", system="rest", purpose="Vi viser dit overblik hos os.")


def test_mette_asks_who_looked_and_randers_answers_without_knowing_her(visit: Visit, demo: Demo) -> None:
    mette, bo, karen = visit("mette"), visit("bo"), visit("karen", staff=True)
    assert "har ingen andre end dig set dine oplysninger" in mette.page()
    access_log.read_citizen(ByNumber(cpr=demo.people["mette"]["cpr"], reader=SYSTEM), near=[], what="overview")
    assert "har andre set dine oplysninger 1 gang" in mette.page()
    assert "har ingen andre end dig" in bo.page()
    (address,) = re.findall(r'href="(/hvem-har-set/\d+/)"', mette.page("/hvem-har-set/?vis=andre"))
    assert bo.client.get(address).status_code == 404

    assert mette.client.post(address, {"reason": "unknown", "words": "Hvem er det?"}).status_code == 302
    (receipt,) = re.findall(r'bo-receipt">([\d ]+)<', mette.page(address))
    asked = karen.page("/kommune/indsigelser/?kommune=0730")
    assert f"Kvittering {receipt}" in asked
    assert "Vi viser dit overblik hos os." in asked
    assert "Mette" not in asked
    (address_of_it,) = re.findall(r'href="(/kommune/0730/indsigelser/\d+/)"', asked)
    assert "Hvem er det?" in karen.page(address_of_it)
    assert "Det, du har skrevet om noget, der er forkert" in mette.page("/hvem-har-set/?vis=andre")
    karen.client.post(f"{address_of_it}svar/", {"words": "Det var en prøve."})

    listed = mette.page("/hvem-har-set/")
    assert receipt in listed
    assert "<q>Det var en prøve.</q>" in listed
    assert receipt not in bo.page("/hvem-har-set/")
