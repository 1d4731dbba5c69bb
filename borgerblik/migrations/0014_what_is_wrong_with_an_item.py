import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0013_what_is_read_comes_in_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receipt", models.CharField(max_length=12, unique=True)),
                ("citizen", models.UUIDField()),
                ("reason", models.CharField(max_length=20)),
                ("words", models.TextField(blank=True)),
                ("made", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=64)),
                ("kind", models.CharField(max_length=10)),
                ("item", models.UUIDField()),
                ("part", models.CharField(blank=True, max_length=100)),
                ("owner_cvr", models.CharField(max_length=8)),
                (
                    "kle",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None),
                ),
                ("fagsystem", models.TextField(blank=True)),
                ("number", models.TextField(blank=True)),
                ("day", models.DateField(null=True)),
                ("taken", models.DateTimeField(null=True)),
                ("taken_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["citizen", "-made"], name="reports_of_a_citizen"),
                    models.Index(fields=["owner_cvr", "made"], name="reports_to_an_authority"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered", None)),
                        fields=("citizen", "kind", "item", "part"),
                        name="one_open_report_of_an_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("receipt__regex", "^\\d{12}$")), name="report_receipt_is_twelve_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["case", "payment", "grant", "plan"])), name="report_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner_cvr__regex", "^[0-9]{8}$")), name="report_owner_is_cvr"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="report_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken", None), ("taken_by", "")),
                            models.Q(("taken__isnull", False), models.Q(("taken_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="report_says_who_looks_at_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered", None), ("answered_by", "")),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered__isnull", False),
                                models.Q(("answered_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_answer_says_when_and_by_whom",
                    ),
                ],
            },
        ),
    ]
