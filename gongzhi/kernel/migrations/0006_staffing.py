import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _named(model: str, *, required: bool = False, name: str = "+") -> models.ForeignKey:
    loose = {} if required else {"null": True, "blank": True}
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model, **loose
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_place_codes")]
    operations: list[migrations.operations.base.Operation] = [
        migrations.AddField("mandate", "only", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("person", "first_password", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[(kind, kind) for kind in ("appoint", "stand_in", "password")],
                        max_length=12,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("only", models.CharField(blank=True, default="", max_length=12)),
                ("phone", models.CharField(blank=True, max_length=24)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("area", _named("kernel.area")),
                ("decided_by", _named(settings.AUTH_USER_MODEL)),
                ("organisation", _named("kernel.organisation")),
                ("person", _named(settings.AUTH_USER_MODEL, required=True, name="proposals")),
                ("proposed_by", _named(settings.AUTH_USER_MODEL, required=True)),
                ("stands_in_for", _named("kernel.mandate")),
            ],
        ),
    ]
