"""What is kept beside a matter that came from, or must also stand in, another system. Nothing here is a person's:
what the caller wrote stands in ``Words``, the number in the receipt; the sheet's other cells in ``Words`` too.
"""

from django.db import models

from gongzhi.kernel.ids import IdField
from gongzhi.kernel.models import Area, Mandate, Matter

STATES = ("due", "given", "taken", "refused")


class OuterMapping(models.Model):
    """Which column of a system's sheet means what, as the desk that takes its sheets has saved it."""

    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    columns = models.TextField(default="{}")
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "incidents"
        constraints = [models.UniqueConstraint(fields=["system", "kind", "area"], name="one_mapping_a_sheet")]


class OuterBatch(models.Model):
    """A sheet (or one call of the API) taken in: checked first, then carried over a few hundred rows at a time."""

    id = IdField()
    kind = models.CharField(max_length=12)
    system = models.CharField(max_length=40)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="waiting")
    wrong = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=8)
    encoding = models.CharField(max_length=12, blank=True)
    header = models.TextField(default="[]")
    shape = models.CharField(max_length=64, blank=True)
    columns = models.TextField(default="{}")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    place = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    lease = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "incidents"
        indexes = [models.Index(fields=["area", "-id"], name="outer_batch_area")]


class OuterOrder(models.Model):
    """工单, one-to-one with its matter: the number, kind, limit, secrecy and round the other system gave it."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="outer")
    system = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)
    category = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(null=True)
    limit_at = models.DateTimeField(null=True)
    secret = models.BooleanField(default=False)
    content = models.CharField(max_length=64)
    contact_way = models.CharField(max_length=12, blank=True)
    contact_at = models.DateTimeField(null=True)
    linked = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(OuterBatch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "incidents"
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="one_matter_an_order")]


class OuterOutgoing(models.Model):
    """What goes back: an answer, a return, an extension or a suspension asked for; from due to taken or refused."""

    id = IdField()
    order = models.ForeignKey(OuterOrder, on_delete=models.PROTECT, related_name="outgoing")
    kind = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField(default=1)
    entry = models.BigIntegerField()
    state = models.CharField(max_length=8, default="due")
    since = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "incidents"
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "entry"], name="one_outgoing_an_entry")
        ]
        indexes = [models.Index(fields=["state", "id"], name="outer_outgoing_state")]


class OuterResult(models.Model):
    """What the other system's own call-back found, per round; official rates are made of these and of nothing else."""

    order = models.ForeignKey(OuterOrder, on_delete=models.PROTECT, related_name="results")
    round = models.PositiveSmallIntegerField(default=1)
    contacted = models.CharField(max_length=8, blank=True)
    solved = models.CharField(max_length=8, blank=True)
    satisfied = models.CharField(max_length=8, blank=True)
    called_on = models.DateField()

    class Meta:
        app_label = "incidents"
        constraints = [models.UniqueConstraint(fields=["order", "round"], name="one_result_a_round")]
        indexes = [models.Index(fields=["called_on"], name="outer_result_day")]


class UpperRow(models.Model):
    """A matter that must also stand in an upper platform: what was given of it, and the number it has there."""

    id = IdField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="upper")
    platform = models.CharField(max_length=40)
    state = models.CharField(max_length=8, default="due")
    stage = models.CharField(max_length=40)
    given_stage = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=60, blank=True)
    there = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    given_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "incidents"
        constraints = [models.UniqueConstraint(fields=["matter", "platform"], name="once_in_a_platform")]
        indexes = [models.Index(fields=["platform", "state", "id"], name="upper_state")]
