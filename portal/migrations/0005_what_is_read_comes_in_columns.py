"""What the function that reads by a consumer's token answers comes in columns, no longer in an array.

A function cannot be replaced by one that answers something else. It goes here; every ``migrate`` makes it anew.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_the_log_takes_all")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS read_standing(text, text, bytea[], text[], text, text, text, text, text)"
        ),
    ]
