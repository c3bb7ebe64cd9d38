from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_watched")]
    operations = [
        migrations.AddField("place", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("place", "ended_why", models.CharField(blank=True, default="", max_length=8), preserve_default=False),
    ]
