from django.db import migrations

# What stands instead is made after every migration (``borgerblik/rights.py``); until then nobody can object.
OLD = "DROP POLICY IF EXISTS web_objects_for_whom_is_opened ON borgerblik_accessobjection"


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0009_policy_version"),
    ]

    operations = [
        migrations.RunSQL(OLD, migrations.RunSQL.noop),
    ]
