"""Tags that lay out finished words. None of them formats a date, an amount or a sentence about a person."""

from collections.abc import Iterable
from functools import cache
from itertools import chain

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from borgerblik import languages
from borgerblik.overview.elements import RegisterText
from borgerblik.words import ISOLATES, parted
from borgerblik.words import load as load_words
from portal.ui_words import load

register = template.Library()
SPRITE = "vendor/dkfds/img/all-svg-icons.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the design system's sprite, always beside words that say the same."""
    return _icon(static(SPRITE), name)


@cache
def _icon(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon-svg" focusable="false" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag(takes_context=True)
def say(context: RequestContext, key: str, **values: object) -> SafeString:
    """Words of the interface with their ``{names}`` filled in: ``{% say "case_sender" sender=case.sender %}``."""
    return conditional_escape(load(context["language"]).say(key, **values))


@register.simple_tag(takes_context=True)
def counted(context: RequestContext, key: str, number: int, **values: object) -> SafeString:
    """Words of the interface for a number: ``{% counted "found" page.total %}``."""
    return conditional_escape(load(context["language"]).counted(key, number, **values))


@register.simple_tag(takes_context=True)
def own_words(context: RequestContext, text: RegisterText) -> SafeString:
    """A register's own words, marked with their language when the page is in another one (WCAG 3.1.2)."""
    if text.lang == languages.load()[context["language"]].tag:
        return conditional_escape(text.text)
    return format_html('<bdi lang="{}">{}</bdi>', text.lang, text.text)


@register.simple_tag(takes_context=True)
def why(context: RequestContext, told: str) -> SafeString:
    """Why somebody looked: in the reader's language, or in a system's own Danish words, which are marked so."""
    before, after = load_words(context["language"]).texts["overview/access/in_danish"].split("{why}")
    if not after or not told.endswith(after):
        return conditional_escape(told)
    own = told.removeprefix(before).removesuffix(after).strip(ISOLATES)
    return format_html("{}{}{}", before, own_words(context, RegisterText(text=own)), after)


@register.simple_tag(takes_context=True)
def quoting(context: RequestContext, sentence: str, *quoted: Iterable[str]) -> SafeString:
    """A sentence in which a register's own words are marked with their language, as ``own_words`` are."""
    parts = parted(sentence, chain.from_iterable(quoted))
    return format_html_join(
        "", "{}", ((own_words(context, RegisterText(text=part)) if own else part,) for part, own in parts)
    )
