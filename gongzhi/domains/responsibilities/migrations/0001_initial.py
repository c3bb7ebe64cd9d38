import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0010_files")]
    operations = [
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="responsibility",
                        serialize=False,
                        to="kernel.matter",
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("said", models.BigIntegerField()),
                ("drawn_leaf", models.CharField(blank=True, max_length=40)),
                ("drawn_count", models.PositiveIntegerField(default=0)),
                ("until_on", models.DateField(null=True)),
                ("yes", models.PositiveIntegerField(default=0)),
                ("no", models.PositiveIntegerField(default=0)),
                ("either", models.PositiveIntegerField(default=0)),
                ("done_by", models.DateField(null=True)),
                ("promise", models.BigIntegerField(null=True)),
                ("result", models.BigIntegerField(null=True)),
                ("ended", models.BigIntegerField(null=True)),
            ],
        ),
    ]
