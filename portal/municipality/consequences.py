"""What citizens see after a decision, in words: the answer an administrator gets. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from borgerblik.areas import Area, Areas, Owner
from borgerblik.policy import AreaRule, Policy, TitleChoice
from borgerblik.words import Words
from indexes.authorities import Authority
from portal.municipality.words import day, listed, say


def _how(rule: AreaRule) -> Iterable[str]:
    """How an area that shows is shown."""
    if rule.from_date:
        key = "saved.from_date_active" if rule.active_regardless else "saved.from_date"
        yield say(key, date=day(rule.from_date))
    if rule.fagsystemer is not None:
        yield say("saved.fagsystemer", systems=listed(sorted(rule.fagsystemer)))
    if rule.title is TitleChoice.CASE:
        yield say("saved.case_title")
    if rule.document_titles:
        yield say("saved.document_titles")


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """How things stand once a decision is saved: ``policy`` is the one that now holds."""

    authority: Authority
    policy: Policy
    areas: Areas
    words: Words
    today: date

    def _title(self, area: Area) -> str:
        return self.words.area(area.key)

    def _whose(self) -> str:
        """Whose citizens are concerned: the municipality's, or everybody's."""
        return say("saved.udk_citizens") if self.policy.owner is Owner.UDK else self.authority.name

    def of_area(self, area: Area) -> str:
        rule = self.policy.rule(area)
        if not rule.shown:
            return say("saved.hidden", authority=self._whose(), area=self._title(area))
        if not self.policy.is_on(self.today):
            return say("saved.not_on", authority=self.authority.name, area=self._title(area))
        if not self.policy.opens(area, self.today):
            return say("saved.etape_off", area=self._title(area), etape=area.etape)
        return " ".join([say("saved.shown", authority=self._whose(), area=self._title(area)), *_how(rule)])

    def of_etape(self, etape: int) -> str:
        on, is_on = etape in self.policy.etaper, self.policy.is_on(self.today)
        chosen = [
            self._title(area)
            for area in self.areas.all
            if area.etape == etape and area.decided_by(self.policy.owner) and self.policy.rule(area).shown
        ]
        if on and not is_on:
            return say("saved.etape_on_not_on", etape=etape, authority=self.authority.name)
        if not chosen or not is_on:
            return say("saved.etape_on_nothing" if on else "saved.etape_off_nothing", etape=etape)
        key = "saved.etape_on" if on else "saved.etape_off_now"
        return say(key, etape=etape, authority=self._whose(), areas=listed(chosen))

    def of_since(self) -> str:
        if self.policy.since is None:
            return say("saved.since_off", authority=self.authority.name)
        key = "saved.since" if self.policy.is_on(self.today) else "saved.since_coming"
        return say(key, authority=self.authority.name, date=day(self.policy.since))
