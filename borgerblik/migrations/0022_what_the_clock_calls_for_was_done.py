from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0021_fagsystemer_are_retired"),
    ]

    operations = [
        migrations.CreateModel(
            name="Done",
            fields=[
                ("task", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        # Counted from here: one that has never been done is late as well.
        migrations.RunSQL(
            "INSERT INTO borgerblik_done (task, at) VALUES ('purge_expired', now())", migrations.RunSQL.noop
        ),
    ]
