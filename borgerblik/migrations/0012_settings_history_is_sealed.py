import django.contrib.postgres.constraints
import django.db.models.functions.datetime
from django.db import migrations, models

import borgerblik.seals.ids


class Migration(migrations.Migration):
    dependencies = [
        ("borgerblik", "0011_answers_stand"),
    ]

    operations = [
        migrations.AlterField(
            model_name="settingchange",
            name="at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
        ),
        migrations.CreateModel(
            name="SettingBlock",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("ids", borgerblik.seals.ids.IdsField()),
                ("root", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("seal", models.BinaryField()),
                ("sealed", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.Func("ids", function="upper", output_field=models.BigIntegerField()),
                        name="setting_block_reaches",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Func("ids", function="isempty", output_field=models.BooleanField()), _negated=True
                        ),
                        name="setting_block_holds_something",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("ids", "&&")], name="no_change_is_in_two_blocks"
                    ),
                ],
            },
        ),
    ]
