from django.db import migrations, models

import gongzhi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("kernel", "0011_channel_keys")]
    operations = [
        migrations.CreateModel(
            name="TypedForm",
            fields=[
                (
                    "id",
                    gongzhi.kernel.ids.IdField(
                        default=gongzhi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("form", models.CharField(max_length=60)),
                ("surface", models.CharField(max_length=12)),
                ("sent", models.IntegerField(default=0)),
                ("shown", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("typed", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("day", "form", "surface"), name="one_typed_row")]
            },
        ),
    ]
