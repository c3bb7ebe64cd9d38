from django.db import migrations, models


def _came(level: str) -> migrations.AddIndex:
    """What was opened in an area of a level, by when."""
    return migrations.AddIndex("matter", models.Index(fields=[level, "opened_at"], name=f"opened_{level}"))


def _closed(level: str) -> migrations.AddIndex:
    """What was closed in an area of a level, by when."""
    ended = models.Q(("closed_at__isnull", False))
    return migrations.AddIndex(
        "matter", models.Index(condition=ended, fields=[level, "closed_at"], name=f"closed_{level}")
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_staffing")]
    operations = [index(level) for level in ("district", "street", "community") for index in (_came, _closed)]
