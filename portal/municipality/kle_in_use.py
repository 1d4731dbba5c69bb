"""What the console needs of the KLE edition in use: titles of main groups, and numbers that are no longer there."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from borgerblik.areas import Areas
from borgerblik.models import KleEdition, KleTopic
from borgerblik.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class KleInUse:
    """``published`` None: no edition is loaded, so nothing is known to be missing."""

    published: dt.date | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # area -> its prefixes that are gone

    def main_group(self, number: str, words: Words) -> str:
        """The number and KLE's own title ("32 Kontante ydelser"); our plain words where no edition is loaded."""
        title = self.titles.get(number) or words.find(f"kle/{number}/title") or ""
        return f"{number} {title}".strip()


def load(areas: Areas) -> KleInUse:
    """The newest edition that is loaded, cut down to the numbers that the areas name."""
    edition = KleEdition.objects.order_by("-published").first()
    if edition is None:
        return KleInUse()
    prefixes = {prefix for area in areas.all for prefix in area.kle}
    wanted = prefixes | {prefix[:2] for prefix in prefixes}
    rows = KleTopic.objects.filter(edition=edition, number__in=wanted)
    titles = dict(rows.values_list("number", "title"))
    return KleInUse(published=edition.published, titles=titles, missing=areas.missing_from(titles))
