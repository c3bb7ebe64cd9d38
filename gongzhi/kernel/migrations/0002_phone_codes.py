from django.db import migrations, models

import gongzhi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                (
                    "id",
                    gongzhi.kernel.ids.IdField(
                        default=gongzhi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("phone_enc", models.BinaryField()),
                ("phone_tag", models.CharField(db_index=True, max_length=64)),
                ("browser_hash", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField(db_index=True)),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="receipt", name="link_opened_at", field=models.DateTimeField(null=True)
        ),
    ]
