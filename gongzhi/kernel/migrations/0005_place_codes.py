from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_watched")]
    operations: list[migrations.operations.base.Operation] = []
