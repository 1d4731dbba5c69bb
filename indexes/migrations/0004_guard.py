from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("indexes", "0003_access_grants")]

    operations = [
        migrations.RunSQL((SQL / "guard.sql").read_text("utf-8")),
        migrations.RunSQL((SQL / "holdings.sql").read_text("utf-8")),
    ]
