"""What a notice keeps beside its matter. What was written is not here: words have one home, beside their entry."""

from django.db import models

from gongzhi.kernel.models import Matter


class Notice(models.Model):
    """邻里通知, one-to-one with its matter. ``said`` is the entry whose words hold title and text as they stand."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="notice")
    kind = models.CharField(max_length=24)
    from_on = models.DateField()
    until_on = models.DateField()
    said = models.BigIntegerField()
    replaces = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        app_label = "outreach"
