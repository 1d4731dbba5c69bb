"""A citizen lets somebody see some of their areas, until a day."""

import datetime as dt
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0018_a_reason_is_one_that_is_offered"),
        ("indexes", "0007_states_are_found_by_authority"),
    ]

    operations = [
        migrations.CreateModel(
            name="PowerOfAttorney",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("giver_name", models.TextField()),
                ("giver_given_name", models.TextField()),
                ("municipality", models.CharField(max_length=4)),
                ("helper_name", models.TextField()),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("made", models.DateTimeField()),
                ("code_hash", models.BinaryField(null=True)),
                ("offered_until", models.DateTimeField()),
                ("accepted", models.DateTimeField(null=True)),
                ("until", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=6)),
                (
                    "giver",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="indexes.citizen",
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="indexes.citizen",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["giver", "-made"], name="powers_given"),
                    models.Index(fields=["helper", "-made"], name="powers_held"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code_hash",), name="one_power_per_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("helper", None), models.Q(("helper", models.F("giver")), _negated=True), _connector="OR"
                        ),
                        name="power_is_for_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted", None), ("helper", None)),
                            models.Q(("accepted__isnull", False), ("helper__isnull", False)),
                            _connector="OR",
                        ),
                        name="power_taken_on_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code_hash", None), models.Q(("accepted", None), ("ended", None)), _connector="OR"
                        ),
                        name="power_code_opens_an_offer_alone",
                    ),
                    models.CheckConstraint(condition=models.Q(("areas__len__gt", 0)), name="power_holds_some_area"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("made")),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("made"), "+", models.Value(dt.timedelta(days=732))
                                ),
                            ),
                        ),
                        name="power_ends_within_two_years",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "offered_until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("made"), "+", models.Value(dt.timedelta(days=7))
                                ),
                            )
                        ),
                        name="power_offered_for_a_week_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", None), ("ended_by", "")),
                            models.Q(("ended__isnull", False), ("ended_by__in", ["giver", "helper"])),
                            _connector="OR",
                        ),
                        name="power_says_who_ended_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("municipality__regex", "^\\d{4}$")), name="power_giver_lives_somewhere"
                    ),
                ],
            },
        ),
    ]
