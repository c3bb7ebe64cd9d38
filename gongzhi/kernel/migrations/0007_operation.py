from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_staffing")]
    operations: list[migrations.operations.base.Operation] = []
