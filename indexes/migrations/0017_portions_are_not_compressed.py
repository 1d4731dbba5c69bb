from django.db import migrations

ARRAYS = ("met", "seen")


class Migration(migrations.Migration):
    """Ids are random: PostgreSQL would try in vain to compress them, in each portion anew."""

    dependencies = [
        ("indexes", "0016_states_of_older_code_have_no_failures"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE indexes_portion ALTER COLUMN {array} SET STORAGE EXTERNAL",
            f"ALTER TABLE indexes_portion ALTER COLUMN {array} SET STORAGE EXTENDED",
        )
        for array in ARRAYS
    ]
