import django.db.models.deletion
from django.db import migrations, models


def _link(name: str) -> migrations.AddField:
    """A reference to another matter."""
    to = models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.matter"
    )
    return migrations.AddField("incident", name, to)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("kernel", "0008_near")]
    operations = [
        _link("merged_into"),
        _link("cause"),
        migrations.AddField(
            "incident", "cause_kind", models.CharField(blank=True, default="", max_length=24)
        ),
        _link("repeat_of"),
        migrations.AddIndex(
            "incident",
            models.Index(
                condition=models.Q(("cause_kind", ""), _negated=True),
                fields=["cause_kind"],
                name="known_causes",
            ),
        ),
    ]
