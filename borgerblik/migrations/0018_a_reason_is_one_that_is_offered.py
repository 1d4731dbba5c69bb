"""A reason that is none of those offered has no words, and the list it stood in could not be shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0017_what_is_new_since_the_last_visit"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accessobjection",
            name="objection_has_a_reason",
        ),
        migrations.RemoveConstraint(
            model_name="itemreport",
            name="report_has_a_reason",
        ),
        migrations.AddConstraint(
            model_name="accessobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__in", ("not_me", "other")), ("yours", True)),
                    models.Q(("reason__in", ("unknown", "no_reason", "other")), ("yours", False)),
                    _connector="OR",
                ),
                name="objection_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "case"),
                        ("reason__in", ("not_mine", "status", "ended", "not_ended", "facts", "missing", "other")),
                    ),
                    models.Q(
                        ("kind", "payment"), ("reason__in", ("amount", "not_received", "day", "not_mine", "other"))
                    ),
                    models.Q(("kind", "grant"), ("reason__in", ("amount", "period", "ended", "not_mine", "other"))),
                    models.Q(
                        ("kind", "plan"),
                        ("reason__in", ("goal", "effort", "agreement", "meeting", "shared", "missing", "other")),
                    ),
                    _connector="OR",
                ),
                name="report_reason_known",
            ),
        ),
    ]
