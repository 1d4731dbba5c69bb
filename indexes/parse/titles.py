"""Which Titel of a case or a document may be shown, and for how long: the same rule for both."""

from collections.abc import Sequence
from datetime import datetime

from indexes.parse.effect import Span, in_effect, may_cover, readable, stable
from indexes.parse.facts import Parts


def public_properties(
    properties: Sequence[tuple[Span | None, Parts]], at: datetime, *, title: str, exempt: str
) -> tuple[Parts, Span]:
    """The Egenskaber in effect whose ``title`` may be shown, of several the one that started last, and its period.

    Under OffentlighedUndtaget (``exempt``) the Titel is the public one, and the secret one stands inside it, where we
    never look. If one in effect is exempt, or may be, the Titel of another may be the secret one: only the exempt
    one's counts. Once any title begins or ends, or becomes secret, what was read may be what is to be kept secret.
    """
    dated = readable(properties)
    secret = [parts for span, parts in properties if exempt in parts and may_cover(span, at)]
    public = secret or in_effect(dated, at) or [{}]
    return public[-1], stable([(span, (exempt in parts, parts.get(title))) for span, parts in dated], at)
