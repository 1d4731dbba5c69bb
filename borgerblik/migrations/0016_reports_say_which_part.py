"""A report about a plan says what in it is wrong.

A function cannot be replaced by one that answers something else. It goes here; every ``migrate`` makes it anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0015_usual_times")]

    operations = [
        migrations.AddField(
            "itemreport", "part_title", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AlterField("itemreport", "part", models.TextField(blank=True)),
        migrations.RunSQL("DROP FUNCTION IF EXISTS read_report(text, text, text, text)", migrations.RunSQL.noop),
    ]
