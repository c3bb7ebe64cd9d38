from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_inbox")]
    operations: list[migrations.operations.base.Operation] = []
