"""From a payment that is wrong to its owner's view of data quality, the answer, and who has read what was written."""

import re
from collections.abc import Callable

from tests.journeys.visitors import Visitor

Visit = Callable[..., Visitor]


def test_mette_says_that_a_payment_is_wrong_and_its_owner_answers(visit: Visit) -> None:
    mette, bo, ulla, karen = visit("mette"), visit("bo"), visit("ulla", staff=True), visit("karen", staff=True)
    _, _, housing = mette.page("/penge/").partition("Boligstøtte, ")
    address = re.findall(r'href="(/noget-galt/udbetaling/[\w-]+/)">[^<]*<span class="sr-only"> – Bolig', housing)[0]
    assert bo.client.get(address).status_code == 404

    assert mette.client.post(address, {"reason": "amount", "words": "Min husleje er steget."}).status_code == 302
    (receipt,) = re.findall(r'bo-receipt">([\d ]+)<', mette.page(address))
    assert "Udbetaling Danmark har fået det." in mette.page(address)

    assert receipt not in karen.page("/kommune/datakvalitet/?kommune=0730")
    listed = ulla.page("/kommune/datakvalitet/?kommune=UDK")
    assert f"Kvittering {receipt}" in listed
    assert "Min husleje" not in listed
    assert "har ingen andre end dig set dine oplysninger" in mette.page()
    (report,) = re.findall(r'href="(/kommune/UDK/datakvalitet/\d+/)"', listed)
    assert "Min husleje er steget." in ulla.page(report)
    assert "Mette" not in ulla.page(report)
    assert karen.client.get(report).status_code == 404
    log = mette.page("/hvem-har-set/?vis=andre")
    assert "Udbetaling Danmark" in log
    assert "Det, du har skrevet om noget, der er forkert" in log

    ulla.client.post(f"{report}ser-paa/")
    assert "Udbetaling Danmark er i gang med at se på det." in mette.page("/noget-galt/")
    ulla.client.post(f"{report}svar/", {"words": "Vi har rettet det."})
    assert "<q>Vi har rettet det.</q>" in mette.page("/noget-galt/")
    assert receipt not in bo.page("/noget-galt/")
