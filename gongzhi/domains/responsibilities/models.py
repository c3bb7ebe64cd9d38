"""What a responsibility keeps beside its matter. What was written stands in ``Words`` beside its entry."""

from django.db import models

from gongzhi.kernel.models import Matter


class Responsibility(models.Model):
    """责任清单的一条, one-to-one with its matter. Its words stand beside the entries it names."""

    matter = models.OneToOneField(
        Matter, primary_key=True, on_delete=models.PROTECT, related_name="responsibility"
    )
    kind = models.CharField(max_length=24)
    said = models.BigIntegerField()
    drawn_leaf = models.CharField(max_length=40, blank=True)
    drawn_count = models.PositiveIntegerField(default=0)
    until_on = models.DateField(null=True)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    either = models.PositiveIntegerField(default=0)
    done_by = models.DateField(null=True)
    promise = models.BigIntegerField(null=True)
    result = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)

    class Meta:
        app_label = "responsibilities"
