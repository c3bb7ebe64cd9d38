"""What was learned from what the desks decided."""

from django.db import models

from gongzhi.kernel.models import Area


class Training(models.Model):
    """What was learned from a district's own decisions, and how well it does (``figures``, canonical JSON).

    Only the newest keeps its ``model``: what a deleted text taught goes with the next training.
    """

    district = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    texts = models.PositiveIntegerField(default=0)
    kinds = models.PositiveSmallIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    demonstration = models.BooleanField(default=False)
    figures = models.TextField(default="{}")
    model = models.BinaryField(default=b"")
    why_not = models.CharField(max_length=20, blank=True)

    class Meta:
        app_label = "incidents"
        indexes = [models.Index(fields=["district", "-id"], name="training_newest")]
