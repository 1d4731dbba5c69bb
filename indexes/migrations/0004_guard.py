from django.db import migrations


class Migration(migrations.Migration):
    """What was done here, ``indexes/rights.py`` and ``borgerblik/rights.py`` do after every migration."""

    dependencies = [("indexes", "0003_access_grants")]
    operations = []
