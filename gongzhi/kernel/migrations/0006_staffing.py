from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_place_codes")]
    operations: list[migrations.operations.base.Operation] = []
