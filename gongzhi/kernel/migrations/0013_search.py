from django.db import migrations, models


class Migration(migrations.Migration):
    """What is asked for by the name of its kind is found without walking a district's matters."""

    dependencies = [("kernel", "0012_typed")]
    operations = [
        migrations.AddIndex(
            model_name="matter", index=models.Index(fields=["category"], name="matter_category")
        ),
    ]
