from django.db import migrations

# What stands instead is made after every migration (``borgerblik/rights.py``); until then the console sees no objection.
OLD = "DROP POLICY IF EXISTS console_reads_and_answers ON borgerblik_accessobjection"


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0010_objections_to_ones_own"),
    ]

    operations = [
        migrations.RunSQL(OLD, migrations.RunSQL.noop),
    ]
