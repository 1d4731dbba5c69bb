"""What the functions that read answer comes in columns, no longer in an array.

A function cannot be replaced by one that answers something else. These go here; every ``migrate`` makes them anew.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0012_settings_history_is_sealed")]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS read_granted(text, text[], text)"),
        migrations.RunSQL("DROP FUNCTION IF EXISTS read_number(bytea[], text[], text, text, text, text, text)"),
    ]
