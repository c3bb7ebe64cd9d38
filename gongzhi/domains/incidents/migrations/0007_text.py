import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_doors"), ("kernel", "0007_closed")]
    operations = [
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("texts", models.PositiveIntegerField(default=0)),
                ("kinds", models.PositiveSmallIntegerField(default=0)),
                ("corrected", models.PositiveIntegerField(default=0)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("demonstration", models.BooleanField(default=False)),
                ("figures", models.TextField(default="{}")),
                ("model", models.BinaryField(default=b"")),
                ("why_not", models.CharField(blank=True, max_length=20)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.area"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["district", "-id"], name="training_newest")]},
        ),
    ]
