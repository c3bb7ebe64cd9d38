import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongzhi.kernel.ids


def _one(to, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


def _id():
    return gongzhi.kernel.ids.IdField(
        default=gongzhi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_phone_codes")]
    operations = [
        migrations.CreateModel(
            name="HowTold",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="how_told",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("channel", models.CharField(blank=True, db_index=True, max_length=12)),
                ("address_enc", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                ("id", _id()),
                ("whom", models.CharField(max_length=16)),
                ("at", models.DateTimeField(db_index=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("entry", _one("kernel.entry", db_index=False)),
                ("mandate", _one("kernel.mandate", db_index=False)),
                ("matter", _one("kernel.matter", db_index=False)),
                ("person", _one(settings.AUTH_USER_MODEL, db_index=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mandate", "-id"], name="inbox_list"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["mandate", "matter"],
                        name="inbox_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "entry"), name="one_item_per_entry")
                ],
            },
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", _id()),
                ("key", models.CharField(max_length=80, unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("channel", models.CharField(max_length=12)),
                ("born_at", models.DateTimeField(db_index=True)),
                ("next_at", models.DateTimeField()),
                ("state", models.CharField(default="pending", max_length=8)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("done_at", models.DateTimeField(null=True)),
                ("entry", _one("kernel.entry", db_index=False, null=True)),
                ("person", _one(settings.AUTH_USER_MODEL, db_index=False, null=True)),
                ("receipt", _one("kernel.receipt", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")), fields=["next_at"], name="sending_due"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("done", "joined")), _negated=True),
                        fields=["state", "-id"],
                        name="sending_open",
                    ),
                ],
            },
        ),
    ]
