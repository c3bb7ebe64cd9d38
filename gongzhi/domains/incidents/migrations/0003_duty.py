from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_near")]
    operations = [
        migrations.AddField("incident", "listed_entry", models.BigIntegerField(null=True)),
        migrations.AddField("incident", "hard_class", models.CharField(blank=True, max_length=24)),
        migrations.AddIndex(
            "incident",
            models.Index(
                fields=["listed_entry"], name="listed", condition=models.Q(listed_entry__isnull=False)
            ),
        ),
        migrations.AddIndex(
            "incident",
            models.Index(fields=["hard_class"], name="hard", condition=~models.Q(hard_class="")),
        ),
    ]
