import django.db.models.deletion
from django.db import migrations, models

import gongzhi.kernel.ids


def _matter() -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.matter"
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_near")]
    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", gongzhi.kernel.ids.IdField(default=gongzhi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("one", _matter()),
                ("other", _matter()),
                ("kind", models.CharField(max_length=16)),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.entry",
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("one", "other"),
                        name="linked_once",
                    )
                ]
            },
        ),
    ]
