"""A power of attorney lasts two years also from a day in summer time to one that is not."""

import datetime as dt

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0019_powers_of_attorney")]

    operations = [
        migrations.RemoveConstraint(model_name="powerofattorney", name="power_ends_within_two_years"),
        migrations.AddConstraint(
            model_name="powerofattorney",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__gt", models.F("made")),
                    (
                        "until__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("made"), "+", models.Value(dt.timedelta(days=732, hours=1))
                        ),
                    ),
                ),
                name="power_ends_within_two_years",
            ),
        ),
    ]
