from django.db import migrations

# Which transaction wrote an entry. The rest of what was done here ``borgerblik/rights.py`` does after every migration.
WRITTEN_BY = """
ALTER TABLE borgerblik_accessentry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX borgerblik_accessentry_tx ON borgerblik_accessentry (tx);
"""


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0003_access_log"), ("indexes", "0004_guard")]

    operations = [migrations.RunSQL(WRITTEN_BY)]
