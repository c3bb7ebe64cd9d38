from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0012_channel_keys")]
    operations = []
