from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_closed")]
    operations = [
        migrations.AddIndex(
            "matter",
            models.Index(
                condition=models.Q(("lat__isnull", False)), fields=["category", "lat"], name="near_point"
            ),
        ),
        migrations.AddIndex(
            "matter", models.Index(fields=["grid", "category", "opened_at"], name="near_grid")
        ),
    ]
