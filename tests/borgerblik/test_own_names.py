"""A register's own name of a benefit: what of it we have a word for is said in the reader's language."""

import pytest
from django.template import Context, Template

from borgerblik.overview.shapes import MoneySection
from borgerblik.words import LANGUAGES, load
from tests.borgerblik.makers import benefit, grant, line, payment
from tests.borgerblik.overviews import overview

DANISH = "Børne- og ungeydelse"


def money(language: str, *names: str) -> MoneySection:
    """A grant of benefits with the same number and these names, and a payment of the first."""
    kle = "32.12.04"
    given = grant(benefits=tuple(benefit(id=str(n), name=name, kle=kle) for n, name in enumerate(names)))
    paid = payment(lines=(line(benefit_id="0", kle=kle),))
    return overview(language=language, grants=[given], payments=[paid]).money


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_benefit_is_named_in_the_readers_language_and_the_child_as_the_register_does(language: str) -> None:
    found = money(language, f"{DANISH}, Noah", f"{DANISH}, Ida")
    ours = load(language).find("kle/32.12/title")
    assert ours
    assert (ours == DANISH) is load(language).of.is_danish
    assert found.payments[0].title == f"{ours}, Noah"
    (parts,) = (closer.parts for closer in found.closer().values())
    assert [part.title for part in parts] == [f"{ours}, Noah", f"{ours}, Ida"]
    assert found.own_names() == (() if load(language).of.is_danish else ("Noah", "Ida"))


@pytest.mark.parametrize("name", ["Ekstra til Noah", f"{DANISH}r"])
def test_a_name_that_holds_no_word_of_ours_has_ours_before_it(name: str) -> None:
    found = money("en", name, DANISH)
    assert found.payments[0].title == f"Child and youth benefit – {name}"
    assert found.own_names() == (name,)
    assert money("da", name, DANISH).payments[0].title == name


def test_a_benefit_that_is_named_once_of_its_number_has_our_name_alone() -> None:
    found = money("de", f"{DANISH}, Noah")
    assert found.payments[0].title == load("de").find("kle/32.12/title")
    assert found.own_names() == ()


def test_the_childs_name_is_marked_as_danish_and_a_word_that_ends_like_it_is_not() -> None:
    context = {"language": "en", "title": "Child benefit, Ida, Florida", "names": ("Ida",), "more": ("Noah", "")}
    written = Template("{% load ui %}{% quoting title names more %}").render(Context(context))
    assert written == 'Child benefit, <bdi lang="da">Ida</bdi>, Florida'
