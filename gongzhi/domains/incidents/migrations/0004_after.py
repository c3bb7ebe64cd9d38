from typing import Any

import django.db.models.deletion
from django.db import migrations, models

MARKING = {"order_rework": "rework", "send_back": "rework", "return_order": "return", "explain": "rating"}


def mark_what_was(apps: Any, schema_editor: Any) -> None:
    """What was reworked, returned or explained before there were marks, laid to whoever held it at that moment."""
    entries, ties = apps.get_model("kernel", "Entry"), apps.get_model("kernel", "Tie")
    mark = apps.get_model("incidents", "Mark")
    rows = entries.objects.filter(verb__in=MARKING, matter__kind="incident").order_by("pk")
    for entry in rows.values("matter_id", "verb", "at").iterator(chunk_size=500):
        held = ties.objects.filter(matter=entry["matter_id"], role="holder", since__lte=entry["at"])
        holder = held.exclude(until__lt=entry["at"]).order_by("-pk").values_list("organisation", flat=True).first()
        if holder is not None:
            mark.objects.update_or_create(
                matter_id=entry["matter_id"],
                organisation_id=holder,
                what=MARKING[entry["verb"]],
                defaults={"at": entry["at"]},
            )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_duty"), ("kernel", "0007_closed")]

    operations = [
        migrations.CreateModel(
            name="CalledBack",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="called_back",
                        serialize=False,
                        to="kernel.matter",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("reached", models.BooleanField(default=False)),
                ("was_contacted", models.CharField(blank=True, max_length=12)),
                ("was_solved", models.CharField(blank=True, max_length=12)),
                ("satisfied", models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("what", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("appeal", models.CharField(blank=True, max_length=8)),
                ("ground", models.CharField(blank=True, max_length=24)),
                ("appealed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="kernel.matter"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("rated_at__isnull", False)), fields=["rated_at"], name="incident_rated_at"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("result_at__isnull", False)), fields=["result_at"], name="incident_result_at"
            ),
        ),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(fields=["organisation", "what", "at"], name="mark_unit"),
        ),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(
                condition=models.Q(("appeal", ""), _negated=True), fields=["appealed_at"], name="mark_appealed"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(fields=("matter", "organisation", "what"), name="marked_once"),
        ),
        migrations.RunPython(mark_what_was, migrations.RunPython.noop, elidable=True),
    ]
