from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_phone_codes")]
    operations: list[migrations.operations.base.Operation] = []
