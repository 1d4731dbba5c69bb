from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("borgerblik", "0003_access_log"), ("indexes", "0004_guard")]

    operations = [migrations.RunSQL((SQL / "access_log.sql").read_text("utf-8"))]
