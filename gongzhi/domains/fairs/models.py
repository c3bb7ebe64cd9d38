"""What a session in the square keeps beside its matter. What was written is not here: words have one home."""

from django.db import models

from gongzhi.kernel.models import Matter


class Fair(models.Model):
    """信息赶集, one-to-one with its matter. ``said``: the entry whose words announce it; ``results``: the one that
    tells what came of it."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="fair")
    day = models.DateField()
    hours = models.CharField(max_length=20)
    said = models.BigIntegerField()
    results = models.BigIntegerField(null=True)
    answered = models.PositiveIntegerField(default=0)
    registered = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "fairs"
