"""Who lets whom see what of theirs."""

import datetime as dt
from typing import Final
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from borgerblik.overview.powers import Party
from indexes.models import Citizen

LONGEST: Final = dt.timedelta(days=732, hours=1)  # two years, a leap day, to the midnight after, and summer time's hour
OFFER: Final = dt.timedelta(days=7)  # how long a code can be used


class PowerOfAttorney(models.Model):
    """A citizen lets somebody else, a helper, see some areas of their pages until a day (docs/adr/0020).

    It is offered with a code, of which only a keyed hash is kept, and is nobody's until a helper has taken it on. What
    it holds does not change afterwards: whoever wants another ends this one. Functions of the database take it on and
    read by it (``sql/powers.sql``).
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    giver = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="+", db_index=False)
    giver_name = models.TextField()  # this and the next two as the giver's last sign-in says
    giver_given_name = models.TextField()
    municipality = models.CharField(max_length=4)  # where the giver lives
    helper = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    helper_name = models.TextField()  # as the giver calls them; once taken on, as their sign-in does
    areas = ArrayField(models.CharField(max_length=40))
    made = models.DateTimeField()
    code_hash = models.BinaryField(null=True)  # null: taken on, or ended
    offered_until = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    until = models.DateTimeField()  # excluded: midnight after its last day
    ended = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=6, blank=True)

    class Meta:
        indexes = [
            models.Index(name="powers_given", fields=["giver", "-made"]),
            models.Index(name="powers_held", fields=["helper", "-made"]),
        ]
        constraints = [
            models.UniqueConstraint(name="one_power_per_code", fields=["code_hash"]),
            models.CheckConstraint(
                name="power_is_for_somebody_else",
                condition=models.Q(helper=None) | ~models.Q(helper=models.F("giver")),
            ),
            models.CheckConstraint(
                name="power_taken_on_by_somebody",
                condition=models.Q(helper=None, accepted=None) | models.Q(helper__isnull=False, accepted__isnull=False),
            ),
            models.CheckConstraint(
                name="power_code_opens_an_offer_alone",
                condition=models.Q(code_hash=None) | models.Q(accepted=None, ended=None),
            ),
            models.CheckConstraint(name="power_holds_some_area", condition=models.Q(areas__len__gt=0)),
            models.CheckConstraint(
                name="power_ends_within_two_years",
                condition=models.Q(until__gt=models.F("made")) & models.Q(until__lte=models.F("made") + LONGEST),
            ),
            models.CheckConstraint(
                name="power_offered_for_a_week_at_most",
                condition=models.Q(offered_until__lte=models.F("made") + OFFER),
            ),
            models.CheckConstraint(
                name="power_says_who_ended_it",
                condition=models.Q(ended=None, ended_by="")
                | models.Q(ended__isnull=False, ended_by__in=[party.value for party in Party]),
            ),
            models.CheckConstraint(
                name="power_giver_lives_somewhere", condition=models.Q(municipality__regex=r"^\d{4}$")
            ),
        ]

    def __str__(self) -> str:
        return f"power of attorney {self.pk}"
