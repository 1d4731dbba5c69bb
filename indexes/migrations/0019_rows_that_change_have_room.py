from django.db import migrations

# What a reading changes stays on its page, and no index has to learn of it; rows that are gone are cleared away when a
# fiftieth has changed and not a fifth. Measured: docs/scaling.md. Rows written from now on have the room.
ROOM = "fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02"
ROOM_IN = ("indexes_case", "indexes_grant", "indexes_payment", "indexes_plan", "indexes_citizen")
USUAL = "fillfactor, autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor"


class Migration(migrations.Migration):
    dependencies = [("indexes", "0018_portions_are_found_by_what_is_to_do")]

    operations = [
        migrations.RunSQL(f"ALTER TABLE {table} SET ({ROOM})", f"ALTER TABLE {table} RESET ({USUAL})")
        for table in ROOM_IN
    ]
