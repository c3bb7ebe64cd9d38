"""What a whistle and each part of it keep beside their matters. Words have one home, with their entry."""

from django.db import models

from gongzhi.kernel.models import Matter, Organisation


class Whistle(models.Model):
    """吹哨, one-to-one with its matter. ``said`` is the entry whose words hold what is asked and what was tried.

    ``unjustified`` counts for who asked; ``by_phone`` and ``disowned`` tell of an emergency's approval.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="whistle")
    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=30, blank=True)
    said = models.BigIntegerField()
    wanted = models.ManyToManyField(Organisation, related_name="+")
    meet_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    by_phone = models.BooleanField(default=False)
    disowned = models.BooleanField(default=False)
    unjustified = models.BooleanField(default=False)

    class Meta:
        app_label = "whistles"


class WhistlePart(models.Model):
    """吹哨单, one-to-one with its matter: one organisation called, when it answered and came, how each rated."""

    matter = models.OneToOneField(
        Matter, primary_key=True, on_delete=models.PROTECT, related_name="whistle_part"
    )
    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    meet_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    ruled = models.BooleanField(default=False)
    unit_mark = models.CharField(max_length=8, blank=True)
    asker_mark = models.CharField(max_length=8, blank=True)

    class Meta:
        app_label = "whistles"
